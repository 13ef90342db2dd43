package dev.patchbay.authz;

import dev.patchbay.PluginCallException;
import dev.patchbay.PluginCallException.Call;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a plugin answers. {@code Err} is the client's business.
 *
 * @param allow whatever stands there: only a JSON {@code true} is a yes, and no text or number is made one
 * @param message why not
 */
record AuthzAnswer(@Nullable Object allow, String message) {
    /** Reads it as Go does: names without regard to case, of two that are alike the last. @throws PluginCallException.Unreadable */
    static AuthzAnswer of(Call call, JsonNode tree) {
        if (!tree.isObject()) {
            throw new PluginCallException.Unreadable(call, "it is no object", null);
        }
        Object allow = null;
        String message = "";
        for (Map.Entry<String, JsonNode> field : tree.properties()) {
            JsonNode value = field.getValue();
            if (field.getKey().equalsIgnoreCase("Allow")) {
                allow = value.isNull() ? null : value.isBoolean() ? (Object) value.booleanValue() : value;
            } else if (field.getKey().equalsIgnoreCase("Msg")) {
                message = text(call, value);
            }
        }
        return new AuthzAnswer(allow, message);
    }

    private static String text(Call call, JsonNode value) {
        if (value.isNull()) {
            return "";
        }
        if (!value.isString()) {
            throw new PluginCallException.Unreadable(call, "Msg is no text", null);
        }
        return value.stringValue();
    }
}
