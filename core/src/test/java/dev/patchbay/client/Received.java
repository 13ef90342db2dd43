package dev.patchbay.client;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * A request as it came.
 *
 * @param head its lines, the request line first
 * @param body its body
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Received(List<String> head, byte[] body) {
    /** {@code Service.Method}. */
    public String method() {
        return head.getFirst().replaceFirst("^POST /(\\S+) HTTP/1.1$", "$1");
    }

    /** The body as text. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The values of a header, each with its name in small letters. */
    public List<String> headers(String name) {
        return head.stream()
                .skip(1)
                .map(line -> line.replaceFirst(":.*", "").toLowerCase(Locale.ROOT)
                        + line.replaceFirst("^[^:]*", ""))
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .toList();
    }
}
