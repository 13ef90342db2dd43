package dev.patchbay.executor.runc;

import dev.patchbay.json.JsonTrees;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The one line with which a monitor reports how create went (conmon, {@code write_sync_fd}). */
sealed interface SyncLine {
    /** The container was created. */
    record Created(long pid) implements SyncLine {}

    /** It was not; these are the raw words of the runtime. */
    record Refused(String words) implements SyncLine {}

    /** Nothing that a monitor would say; empty if it said nothing at all. */
    record Unreadable(String text) implements SyncLine {}

    /** Reads the line. Versions differ in the name of the number: {@code data}, or {@code pid} in the old form. */
    static SyncLine parse(String line) {
        try {
            JsonNode node = JsonTrees.LENIENT.read(line);
            JsonNode number = node.has("data") ? node.path("data") : node.path("pid");
            if (!number.canConvertToLong()) {
                return new Unreadable(line);
            }
            return number.longValue() > 0
                    ? new Created(number.longValue())
                    : new Refused(node.path("message").asString(""));
        } catch (JacksonException _) {
            return new Unreadable(line);
        }
    }
}
