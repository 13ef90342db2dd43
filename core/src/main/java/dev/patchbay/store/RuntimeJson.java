package dev.patchbay.store;

import dev.patchbay.json.JsonTrees;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The JSON of {@code patchbay.json}. Time is in numbers: each opening reads one for each plugin, and texts are slow to read. */
final class RuntimeJson {
    /** More than the file ever has. */
    static final int MAX_BYTES = 64 << 10;

    private RuntimeJson() {}

    static byte[] write(RuntimeRecord runtime) {
        Instant changed = runtime.changed();
        return JsonTrees.LENIENT.write(JsonTrees.object()
                .put("generation", runtime.generation())
                .put("restarts", runtime.restarts())
                .put("changedSeconds", changed.getEpochSecond())
                .put("changedNanos", changed.getNano()));
    }

    /** Empty if it is not what {@link #write} wrote. The file may be lost, so it may also be broken. */
    static Optional<RuntimeRecord> read(byte[] json) {
        try {
            JsonNode tree = JsonTrees.LENIENT.read(json);
            return Optional.of(new RuntimeRecord(tree.required("generation").intValue(),
                    tree.required("restarts").intValue(),
                    Instant.ofEpochSecond(tree.required("changedSeconds").longValue(),
                            tree.required("changedNanos").intValue())));
        } catch (JacksonException | ArithmeticException | DateTimeException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
