package dev.patchbay.store;

import dev.patchbay.use.Holder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of {@code holders.json}. */
final class HoldersJson {
    /** More than the file ever has: as many as may hold a plugin, each with the longest texts. */
    static final int MAX_BYTES = 8 << 20;

    private static final JsonMapper MAPPER = new JsonMapper();

    private HoldersJson() {}

    static byte[] write(List<Holder> holders) {
        ObjectNode tree = MAPPER.createObjectNode();
        ArrayNode list = tree.putArray("holders");
        holders.forEach(holder -> list.addObject().put("id", holder.id()).put("label", holder.label()));
        return MAPPER.writeValueAsBytes(tree);
    }

    /** Empty if it is not what {@link #write} wrote. */
    static Optional<List<Holder>> read(byte[] json) {
        try {
            List<Holder> holders = new ArrayList<>();
            for (JsonNode node : MAPPER.readTree(json).required("holders").values()) {
                holders.add(Holder.durable(node.required("id").stringValue(),
                        node.required("label").stringValue()));
            }
            return Optional.of(holders);
        } catch (JacksonException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
