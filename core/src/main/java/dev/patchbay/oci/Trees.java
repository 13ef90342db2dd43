package dev.patchbay.oci;

import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON trees from lists. */
final class Trees {

    private Trees() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode strings(List<String> texts) {
        return list(texts, JsonNodeFactory.instance::stringNode);
    }

    static <T> ArrayNode list(List<T> items, Function<T, ? extends JsonNode> writer) {
        ArrayNode tree = JsonNodeFactory.instance.arrayNode();
        items.forEach(item -> tree.add(writer.apply(item)));
        return tree;
    }
}
