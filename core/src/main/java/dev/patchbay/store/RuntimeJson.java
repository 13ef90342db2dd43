package dev.patchbay.store;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The JSON of {@code patchbay.json}. */
final class RuntimeJson {
    /** More than the file ever has. */
    static final int MAX_BYTES = 64 << 10;

    private static final JsonMapper MAPPER = new JsonMapper();

    private RuntimeJson() {}

    static byte[] write(RuntimeRecord runtime) {
        return MAPPER.writeValueAsBytes(MAPPER.createObjectNode()
                .put("generation", runtime.generation())
                .put("restarts", runtime.restarts())
                .put("changed", runtime.changed().toString()));
    }

    /** Empty if it is not what {@link #write} wrote. The file may be lost, so it may also be broken. */
    static Optional<RuntimeRecord> read(byte[] json) {
        try {
            JsonNode tree = MAPPER.readTree(json);
            return Optional.of(new RuntimeRecord(tree.required("generation").intValue(),
                    tree.required("restarts").intValue(),
                    Instant.parse(tree.required("changed").stringValue())));
        } catch (JacksonException | DateTimeException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
