package dev.patchbay.web.v1;

import java.nio.charset.StandardCharsets;

/** The words in a close frame. */
final class CloseReason {
    /** What fits beside the code into a control frame of 125 bytes (RFC 6455, section 5.5). */
    static final int MAX_BYTES = 123;

    private CloseReason() {}

    /** The reason, cut between two characters if it does not fit. */
    static String fit(String reason) {
        if (reason.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES) {
            return reason;
        }
        var kept = new StringBuilder();
        int bytes = "…".getBytes(StandardCharsets.UTF_8).length;
        for (int codePoint : reason.codePoints().toArray()) {
            bytes += Character.toString(codePoint).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_BYTES) {
                break;
            }
            kept.appendCodePoint(codePoint);
        }
        return kept.append('…').toString();
    }
}
