package dev.patchbay.store;

import dev.patchbay.json.JsonTrees;
import dev.patchbay.use.Holder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of {@code holders.json}. */
final class HoldersJson {
    /** More than the file ever has: as many as may hold a plugin, each with the longest texts. */
    static final int MAX_BYTES = 8 << 20;

    private static final int VERSION = 1;

    /**
     * What a file has.
     *
     * @param holders those that can be read
     * @param isWhole whether they are all, so that nothing is lost if the file is written again
     */
    record Found(List<Holder> holders, boolean isWhole) {
        static final Found NOTHING = new Found(List.of(), true);

        Found {
            holders = List.copyOf(holders);
        }
    }

    private HoldersJson() {}

    static byte[] write(List<Holder> holders) {
        ObjectNode tree = JsonTrees.object();
        tree.put("version", VERSION);
        ArrayNode list = tree.putArray("holders");
        holders.forEach(holder -> list.addObject().put("id", holder.id()).put("label", holder.label()));
        return JsonTrees.LENIENT.write(tree);
    }

    /** What can be read of it; one entry that cannot does not lose the others. */
    static Found read(byte[] json) {
        try {
            JsonNode tree = JsonTrees.LENIENT.read(json);
            JsonNode list = tree.path("holders");
            if (!list.isArray() || tree.path("version").asInt(0) != VERSION) {
                return new Found(List.of(), false);
            }
            List<Holder> holders = new ArrayList<>();
            list.values().forEach(node -> holder(node).ifPresent(holders::add));
            return new Found(holders, holders.size() == list.size());
        } catch (JacksonException _) {
            return new Found(List.of(), false);
        }
    }

    private static Optional<Holder> holder(JsonNode node) {
        try {
            return Optional.of(Holder.durable(node.required("id").stringValue(),
                    node.required("label").stringValue()));
        } catch (JacksonException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
