package dev.patchbay.web.docker;

import dev.patchbay.web.HttpFailure;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The time that events are asked for.
 *
 * @param since from then on
 * @param until up to then
 */
record EventWindow(Optional<Instant> since, Optional<Instant> until) {
    private static final Pattern TIMESTAMP = Pattern.compile("(-?[0-9]{1,11})(?:\\.([0-9]{0,20}))?");
    private static final int NANO_DIGITS = 9;

    /** Reads both parameters, each {@code seconds[.nanoseconds]}. @throws HttpFailure 400 */
    static EventWindow parse(Optional<String> since, Optional<String> until) {
        var window = new EventWindow(instant("since", since), instant("until", until));
        if (window.since.isPresent() && window.until.isPresent()
                && window.until.get().isBefore(window.since.get())) {
            throw HttpFailure
                    .badRequest("`since` time (" + since.orElse("") + ") cannot be after `until` time ("
                            + until.orElse("") + ")");
        }
        return window;
    }

    private static Optional<Instant> instant(String name, Optional<String> parameter) {
        return parameter.filter(text -> !text.isEmpty()).map(text -> instant(name, text));
    }

    private static Instant instant(String name, String text) {
        Matcher matcher = TIMESTAMP.matcher(text);
        if (!matcher.matches()) {
            throw HttpFailure.badRequest("invalid value for '" + name + "': \"" + Parameters.shortened(text)
                    + "\" is not a time of the form seconds[.nanoseconds]");
        }
        String fraction = matcher.group(2) == null ? "" : matcher.group(2);
        String nanos = (fraction + "0".repeat(NANO_DIGITS)).substring(0, NANO_DIGITS);
        return Instant.ofEpochSecond(Long.parseLong(matcher.group(1)), Long.parseLong(nanos));
    }
}
