package dev.patchbay.plugin;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes configurations and settings as trees, in Docker's spelling and order (moby, {@code api/types/plugin}). */
final class ConfigEncoder {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private ConfigEncoder() {}

    static ObjectNode config(PluginConfig config) {
        ObjectNode tree = NODES.objectNode();
        tree.set("Args", args(config.args()));
        tree.put("Description", config.description());
        putUnlessEmpty(tree, "DockerVersion", config.dockerVersion());
        tree.put("Documentation", config.documentation());
        tree.set("Entrypoint", strings(config.entrypoint()));
        tree.set("Env", slice(config.env(), ConfigEncoder::env));
        tree.set("Interface", api(config.api()));
        tree.put("IpcHost", config.ipcHost());
        tree.set("Linux", linux(config.linux()));
        tree.set("Mounts", slice(config.mounts(), ConfigEncoder::mount));
        tree.set("Network", extend(NODES.objectNode().put("Type", config.network().type()),
                config.network().unknown()));
        tree.put("PidHost", config.pidHost());
        tree.put("PropagatedMount", config.propagatedMount());
        tree.set("User", user(config.user()));
        tree.put("WorkDir", config.workDir());
        config.rootfs().ifPresent(rootfs -> tree.set("rootfs", rootfs(rootfs)));
        return extend(tree, config.unknown());
    }

    static ObjectNode settings(Settings settings) {
        ObjectNode tree = NODES.objectNode();
        tree.set("Args", list(settings.args(), NODES::stringNode));
        tree.set("Devices", list(settings.devices(), ConfigEncoder::device));
        tree.set("Env", list(settings.env(), NODES::stringNode));
        tree.set("Mounts", list(settings.mounts(), ConfigEncoder::mount));
        return tree;
    }

    static JsonNode strings(Slice<String> texts) {
        return slice(texts, NODES::stringNode);
    }

    static <T> JsonNode slice(Slice<T> slice, Function<T, ? extends JsonNode> writer) {
        return slice.absent() ? NODES.nullNode() : list(slice.items(), writer);
    }

    static <T> ArrayNode list(List<T> items, Function<T, ? extends JsonNode> writer) {
        ArrayNode tree = NODES.arrayNode(items.size());
        items.forEach(item -> tree.add(writer.apply(item)));
        return tree;
    }

    static void putUnlessEmpty(ObjectNode tree, String key, String value) {
        if (!value.isEmpty()) {
            tree.put(key, value);
        }
    }

    private static ObjectNode args(PluginConfig.Args args) {
        ObjectNode tree = NODES.objectNode();
        tree.put("Description", args.description());
        tree.put("Name", args.name());
        tree.set("Settable", strings(args.settable()));
        tree.set("Value", strings(args.value()));
        return extend(tree, args.unknown());
    }

    private static ObjectNode env(PluginConfig.Env env) {
        ObjectNode tree = NODES.objectNode();
        tree.put("Description", env.description());
        tree.put("Name", env.name());
        tree.set("Settable", strings(env.settable()));
        putOrNull(tree, "Value", env.value());
        return extend(tree, env.unknown());
    }

    private static ObjectNode api(PluginConfig.Interface api) {
        ObjectNode tree = NODES.objectNode();
        putUnlessEmpty(tree, "ProtocolScheme", api.protocolScheme());
        tree.put("Socket", api.socket());
        tree.set("Types", slice(api.types(), type -> NODES.stringNode(type.toString())));
        return extend(tree, api.unknown());
    }

    private static ObjectNode linux(PluginConfig.Linux linux) {
        ObjectNode tree = NODES.objectNode();
        tree.put("AllowAllDevices", linux.allowAllDevices());
        tree.set("Capabilities", strings(linux.capabilities()));
        tree.set("Devices", slice(linux.devices(), ConfigEncoder::device));
        return extend(tree, linux.unknown());
    }

    private static ObjectNode device(PluginConfig.Device device) {
        ObjectNode tree = NODES.objectNode();
        tree.put("Description", device.description());
        tree.put("Name", device.name());
        putOrNull(tree, "Path", device.path());
        tree.set("Settable", strings(device.settable()));
        return extend(tree, device.unknown());
    }

    private static ObjectNode mount(PluginConfig.Mount mount) {
        ObjectNode tree = NODES.objectNode();
        tree.put("Description", mount.description());
        tree.put("Destination", mount.destination());
        tree.put("Name", mount.name());
        tree.set("Options", strings(mount.options()));
        tree.set("Settable", strings(mount.settable()));
        putOrNull(tree, "Source", mount.source());
        tree.put("Type", mount.type());
        return extend(tree, mount.unknown());
    }

    private static ObjectNode user(PluginConfig.User user) {
        ObjectNode tree = NODES.objectNode();
        if (user.gid() != 0) {
            tree.put("GID", user.gid());
        }
        if (user.uid() != 0) {
            tree.put("UID", user.uid());
        }
        return extend(tree, user.unknown());
    }

    private static ObjectNode rootfs(PluginConfig.Rootfs rootfs) {
        ObjectNode tree = NODES.objectNode();
        if (!rootfs.diffIds().isEmpty()) {
            tree.set("diff_ids", strings(rootfs.diffIds()));
        }
        putUnlessEmpty(tree, "type", rootfs.type());
        return extend(tree, rootfs.unknown());
    }

    private static void putOrNull(ObjectNode tree, String key, Optional<String> value) {
        tree.set(key, value.<JsonNode>map(NODES::stringNode).orElseGet(NODES::nullNode));
    }

    private static ObjectNode extend(ObjectNode tree, UnknownKeys unknown) {
        unknown.json()
                .forEach((key, json) -> tree.set(key, GoJson.read(json.getBytes(StandardCharsets.UTF_8))));
        return tree;
    }
}
