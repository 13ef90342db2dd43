package dev.patchbay.web.v1;

import dev.patchbay.plugin.Settings;
import tools.jackson.core.JsonGenerator;

/** {@code PluginSettings}: what a plugin's user set. */
final class SettingsShape implements Shape<Settings> {
    @Override
    public void write(JsonGenerator json, Settings settings) {
        json.writeStartObject();
        Shape.texts(json, "args", settings.args());
        Shape<String> env = SettingsShape::env;
        env.list(json, "env", settings.env());
        ConfigShape.MOUNT.list(json, "mounts", settings.mounts());
        ConfigShape.DEVICE.list(json, "devices", settings.devices());
        json.writeEndObject();
    }

    private static void env(JsonGenerator json, String assignment) {
        int equals = assignment.indexOf('=');
        json.writeStartObject();
        json.writeStringProperty("name", equals < 0 ? assignment : assignment.substring(0, equals));
        if (equals >= 0) {
            json.writeStringProperty("value", assignment.substring(equals + 1));
        }
        json.writeEndObject();
    }
}
