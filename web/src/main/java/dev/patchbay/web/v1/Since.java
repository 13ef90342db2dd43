package dev.patchbay.web.v1;

import dev.patchbay.InvalidRequestException;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.From;
import dev.patchbay.web.feed.Wish.Start;
import java.time.Clock;
import tools.jackson.databind.JsonNode;

/** Where a subscriber wants to begin. Pure; each failure is an {@link InvalidRequestException}. */
final class Since {
    /** With what happens from now on. */
    static final Start NOW = new Start.Events(new From.Now());

    private Since() {}

    /**
     * Reads the query parameter {@code since}: {@code now}, {@code oldest}, {@code snapshot}, a cursor, or a time as in
     * {@link TimeText#instant}.
     */
    static Start read(String text, Clock clock) {
        return switch (text) {
            case "now" -> NOW;
            case "oldest" -> new Start.Events(new From.Oldest());
            case "snapshot" -> new Start.Snapshot();
            default -> new Start.Events(Cursor.parse(text)
                    .<From>map(From.At::new)
                    .orElseGet(() -> new From.Since(TimeText.instant("since", text, clock))));
        };
    }

    /** Reads the field {@code from} of a frame: as the parameter, but a time stands in an object, {@code {"time": …}}. */
    static Start read(JsonNode from, Clock clock) {
        if (from.isObject() && from.size() == 1 && from.path("time").isString()) {
            return new Start.Events(
                    new From.Since(TimeText.instant("time", from.path("time").stringValue(), clock)));
        }
        String text = from.isString() ? from.stringValue() : "";
        boolean isWord = text.equals("now") || text.equals("oldest") || text.equals("snapshot");
        if (isWord || Cursor.parse(text).isPresent()) {
            return read(text, clock);
        }
        throw new InvalidRequestException(
                "from must be \"now\", \"oldest\", \"snapshot\", \"EPOCH:SEQ\" or {\"time\":\"2026-01-31T12:00:00Z\"}",
                null);
    }

    /** Reads what a browser says on coming back. */
    static Start lastEventId(String text) {
        return Cursor.parse(text)
                .<Start>map(cursor -> new Start.Events(new From.At(cursor)))
                .orElseThrow(() -> new InvalidRequestException(
                        "Last-Event-ID must be EPOCH:SEQ, not " + Parameters.shown(text), null));
    }
}
