package dev.patchbay.web.docker;

import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Looking things up in JSON as Go's decoder does: by the exact key, else by one that differs in case alone. */
final class LooseJson {
    private LooseJson() {}

    /** The value of a key; empty if there is none, or {@code null}. */
    static Optional<JsonNode> field(JsonNode object, String key) {
        JsonNode exact = object.path(key);
        JsonNode found = exact.isMissingNode() ? ignoringCase(object, key).orElse(exact) : exact;
        return Optional.of(found).filter(value -> !value.isNull() && !value.isMissingNode());
    }

    private static Optional<JsonNode> ignoringCase(JsonNode object, String key) {
        return object.properties()
                .stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(key))
                .map(Map.Entry::getValue)
                .reduce((_, last) -> last);
    }
}
