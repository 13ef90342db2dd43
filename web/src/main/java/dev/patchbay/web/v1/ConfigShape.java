package dev.patchbay.web.v1;

import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.plugin.PluginConfig;
import tools.jackson.core.JsonGenerator;

/** {@code PluginConfig}: what a plugin's author published. */
final class ConfigShape implements Shape<PluginConfig> {
    private static final Shape<InterfaceType> TYPE = (json, type) -> json.writeString(type.toString());

    @Override
    public void write(JsonGenerator json, PluginConfig config) {
        json.writeStartObject();
        json.writeStringProperty("description", config.description());
        json.writeStringProperty("documentation", config.documentation());
        Shape.texts(json, "entrypoint", config.entrypoint());
        json.writeStringProperty("workDir", config.workDir());
        user(json, config.user());
        api(json, config.api());
        isolation(json, config);
        args(json, config.args());
        Shape<PluginConfig.Env> env = ConfigShape::env;
        env.list(json, "env", config.env());
        MOUNT.list(json, "mounts", config.mounts());
        DEVICE.list(json, "devices", config.linux().devices());
        config.rootfs().ifPresent(rootfs -> Shape.texts(json, "layers", rootfs.diffIds()));
        json.writeEndObject();
    }

    /** {@code PluginMount}, also as a user's settings show it. */
    static final Shape<PluginConfig.Mount> MOUNT = (json, mount) -> {
        json.writeStartObject();
        json.writeStringProperty("name", mount.name());
        json.writeStringProperty("description", mount.description());
        json.writeStringProperty("type", mount.type());
        mount.source().ifPresent(source -> json.writeStringProperty("source", source));
        json.writeStringProperty("destination", mount.destination());
        Shape.texts(json, "options", mount.options());
        Shape.texts(json, "settable", mount.settable());
        json.writeEndObject();
    };

    /** {@code PluginDevice}, also as a user's settings show it. */
    static final Shape<PluginConfig.Device> DEVICE = (json, device) -> {
        json.writeStartObject();
        json.writeStringProperty("name", device.name());
        json.writeStringProperty("description", device.description());
        device.path().ifPresent(path -> json.writeStringProperty("path", path));
        Shape.texts(json, "settable", device.settable());
        json.writeEndObject();
    };

    private static void user(JsonGenerator json, PluginConfig.User user) {
        json.writeObjectPropertyStart("user");
        json.writeNumberProperty("uid", user.uid());
        json.writeNumberProperty("gid", user.gid());
        json.writeEndObject();
    }

    private static void api(JsonGenerator json, PluginConfig.Interface api) {
        json.writeObjectPropertyStart("interface");
        json.writeStringProperty("socket", api.socket());
        json.writeStringProperty(
                "protocolScheme",
                api.protocolScheme().isEmpty() ? PluginConfig.Interface.HTTP_V1 : api.protocolScheme());
        TYPE.list(json, "types", api.types());
        json.writeEndObject();
    }

    private static void isolation(JsonGenerator json, PluginConfig config) {
        json.writeStringProperty("network", config.network().type());
        json.writeBooleanProperty("ipcHost", config.ipcHost());
        json.writeBooleanProperty("pidHost", config.pidHost());
        json.writeStringProperty("propagatedMount", config.propagatedMount());
        json.writeBooleanProperty("allowAllDevices", config.linux().allowAllDevices());
        Shape.texts(json, "capabilities", config.linux().capabilities());
    }

    private static void args(JsonGenerator json, PluginConfig.Args args) {
        json.writeObjectPropertyStart("args");
        json.writeStringProperty("name", args.name());
        json.writeStringProperty("description", args.description());
        Shape.texts(json, "value", args.value());
        Shape.texts(json, "settable", args.settable());
        json.writeEndObject();
    }

    private static void env(JsonGenerator json, PluginConfig.Env env) {
        json.writeStartObject();
        json.writeStringProperty("name", env.name());
        json.writeStringProperty("description", env.description());
        env.value().ifPresent(value -> json.writeStringProperty("value", value));
        Shape.texts(json, "settable", env.settable());
        json.writeEndObject();
    }
}
