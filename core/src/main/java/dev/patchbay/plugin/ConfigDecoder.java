package dev.patchbay.plugin;

/** Reads a {@link PluginConfig} from JSON fields. Judges types only; the rules are {@link CheckedConfig}'s. */
final class ConfigDecoder {

    private ConfigDecoder() {}

    static PluginConfig config(Fields f) {
        return new PluginConfig(
                args(f.object("args")),
                f.string("description"),
                f.string("dockerVersion"),
                f.string("documentation"),
                f.strings("entrypoint"),
                f.objects("env", ConfigDecoder::env),
                api(f.object("interface")),
                f.bool("ipcHost"),
                linux(f.object("linux")),
                f.objects("mounts", ConfigDecoder::mount),
                network(f.object("network")),
                f.bool("pidHost"),
                f.string("propagatedMount"),
                user(f.object("user")),
                f.string("workDir"),
                f.optionalObject("rootfs").map(ConfigDecoder::rootfs),
                f.unknown());
    }

    static Settings settings(Fields f) {
        return new Settings(
                f.strings("Args").items(),
                f.objects("Devices", ConfigDecoder::device).items(),
                f.strings("Env").items(),
                f.objects("Mounts", ConfigDecoder::mount).items());
    }

    private static PluginConfig.Args args(Fields f) {
        return new PluginConfig.Args(
                f.string("description"), f.string("name"), f.strings("settable"), f.strings("value"),
                f.unknown());
    }

    private static PluginConfig.Env env(Fields f) {
        return new PluginConfig.Env(
                f.string("description"),
                f.string("name"),
                f.strings("settable"),
                f.optionalString("value"),
                f.unknown());
    }

    private static PluginConfig.Interface api(Fields f) {
        return new PluginConfig.Interface(
                f.string("protocolScheme"),
                f.string("socket"),
                f.parsedStrings("types", InterfaceType::parse),
                f.unknown());
    }

    private static PluginConfig.Linux linux(Fields f) {
        return new PluginConfig.Linux(
                f.bool("allowAllDevices"),
                f.strings("capabilities"),
                f.objects("devices", ConfigDecoder::device),
                f.unknown());
    }

    private static PluginConfig.Device device(Fields f) {
        return new PluginConfig.Device(
                f.string("description"),
                f.string("name"),
                f.optionalString("path"),
                f.strings("settable"),
                f.unknown());
    }

    private static PluginConfig.Mount mount(Fields f) {
        return new PluginConfig.Mount(
                f.string("description"),
                f.string("destination"),
                f.string("name"),
                f.strings("options"),
                f.strings("settable"),
                f.optionalString("source"),
                f.string("type"),
                f.unknown());
    }

    private static PluginConfig.Network network(Fields f) {
        return new PluginConfig.Network(f.string("type"), f.unknown());
    }

    private static PluginConfig.User user(Fields f) {
        return new PluginConfig.User(f.uint32("uid"), f.uint32("gid"), f.unknown());
    }

    private static PluginConfig.Rootfs rootfs(Fields f) {
        return new PluginConfig.Rootfs(f.strings("diff_ids"), f.string("type"), f.unknown());
    }
}
