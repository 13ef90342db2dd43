package dev.patchbay.web.docker;

import dev.patchbay.web.HttpFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Looking things up in JSON as Go's decoder does: by a key that may differ in case. Which one it takes where there are
 * several is no rule that everybody follows, so that is refused: an authorization plugin may have looked at another.
 */
final class LooseJson {
    private LooseJson() {}

    /** The value of a key; empty if there is none, or {@code null}. @throws HttpFailure 400 if there are several */
    static Optional<JsonNode> field(JsonNode object, String key) {
        List<JsonNode> found = object.properties()
                .stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(key))
                .map(Map.Entry::getValue)
                .toList();
        if (found.size() > 1) {
            throw HttpFailure
                    .badRequest(
                            "invalid JSON: the key \"" + key + "\" is there twice, in different spellings");
        }
        return found.stream().findFirst().filter(value -> !value.isNull());
    }
}
