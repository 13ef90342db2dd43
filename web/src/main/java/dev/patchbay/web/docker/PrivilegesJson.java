package dev.patchbay.web.docker;

import dev.patchbay.plugin.GoJson;
import dev.patchbay.plugin.Privilege;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Privileges as clients are asked for them and send them back. No privileges are {@code null}. */
final class PrivilegesJson {
    private PrivilegesJson() {}

    /** The bytes of a list, with a newline. */
    static byte[] line(List<Privilege> privileges) {
        if (privileges.isEmpty()) {
            return GoJson.PLAIN.writeLine(JsonNodeFactory.instance.nullNode());
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Privilege privilege : privileges) {
            ObjectNode one = list.addObject();
            one.put("Name", privilege.name()).put("Description", privilege.description());
            ArrayNode values = one.putArray("Value");
            privilege.value().forEach(values::add);
        }
        return GoJson.PLAIN.writeLine(list);
    }

    /** Reads a list. @throws dev.patchbay.web.HttpFailure 400 if it is none */
    static List<Privilege> read(JsonNode tree) {
        return JsonBody.items(tree, "Go value of type plugin.Privileges")
                .map(PrivilegesJson::privilege)
                .toList();
    }

    private static Privilege privilege(JsonNode tree) {
        if (!tree.isObject() && !tree.isNull()) {
            throw JsonBody.mismatch(tree, "Go value of type plugin.Privilege");
        }
        return new Privilege(text(tree, "Name"), text(tree, "Description"), values(tree));
    }

    private static List<String> values(JsonNode tree) {
        String wanted = "Go struct field Privilege.Value of type []string";
        return LooseJson.field(tree, "Value")
                .map(list -> JsonBody.items(list, wanted)
                        .map(value -> JsonBody.text(value, "Go struct field Privilege.Value of type string"))
                        .toList())
                .orElse(List.of());
    }

    private static String text(JsonNode tree, String key) {
        return LooseJson.field(tree, key)
                .map(value -> JsonBody.text(value, "Go struct field Privilege." + key + " of type string"))
                .orElse("");
    }
}
