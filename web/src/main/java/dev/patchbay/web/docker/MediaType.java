package dev.patchbay.web.docker;

import dev.patchbay.text.MediaName;
import java.util.Optional;
import java.util.regex.Pattern;

/** The Content-Type of bodies that must be JSON, with the reasons that Go's mime package gives for refusing one. */
final class MediaType {
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"; // RFC 9110, section 5.6.2
    private static final Pattern PARAMETERS = Pattern.compile(
            "(\\s*;\\s*(" + TOKEN + "\\s*=\\s*(" + TOKEN + "|\"([^\"\\\\]|\\\\.)*\"))?)*+\\s*");

    private MediaType() {}

    /** Why a header is not JSON's; empty if it is. */
    static Optional<String> problemAsJson(String header) {
        int semicolon = header.indexOf(';');
        String media = MediaName.of(header);
        Optional<String> malformed = problem(media)
                .or(() -> semicolon < 0 || PARAMETERS.matcher(header.substring(semicolon)).matches()
                        ? Optional.empty()
                        : Optional.of("mime: invalid media parameter"));
        if (malformed.isPresent()) {
            return malformed
                    .map(reason -> "malformed Content-Type header (" + Parameters.shortened(header) + "): "
                            + reason);
        }
        return media.equals("application/json")
                ? Optional.empty()
                : Optional.of("unsupported Content-Type header (" + Parameters.shortened(header)
                        + "): must be 'application/json'");
    }

    private static Optional<String> problem(String media) {
        if (media.isEmpty()) {
            return Optional.of("mime: no media type");
        }
        String[] halves = media.split("/", 2);
        if (!halves[0].matches(TOKEN)) {
            return Optional.of("mime: expected slash after first token");
        }
        if (halves.length == 2 && !halves[1].matches(TOKEN)) {
            return Optional.of(halves[1].isEmpty()
                    ? "mime: expected token after slash"
                    : "mime: unexpected content after media subtype");
        }
        return Optional.empty();
    }
}
