package dev.patchbay.plugin;

import java.util.HashMap;

/** The rules for arguments, environment, mounts and devices: what a user may set, one by one and together. */
final class EntryRules {

    /** The most entries in one list. More is a mistake or an attack, and would only fail later. */
    static final int MAX_ENTRIES = 10_000;

    private final Findings findings;

    private EntryRules(Findings findings) {
        this.findings = findings;
    }

    static void check(PluginConfig config, Findings findings) {
        var rules = new EntryRules(findings);
        rules.size("entrypoint", config.entrypoint());
        rules.size("interface.types", config.api().types());
        rules.size("linux.capabilities", config.linux().capabilities());
        rules.args(config.args());
        rules.env(config.env());
        rules.mounts(config.mounts());
        rules.devices(config.linux().devices());
        rules.sharedNames(config);
    }

    private void args(PluginConfig.Args args) {
        size("args.value", args.value());
        findings.noZeroBytes("args.value", args.value());
        settable("args", SettingTarget.Kind.ARGS, args.settable());
    }

    private void env(Slice<PluginConfig.Env> env) {
        size("env", env);
        var names = findings.new Names();
        for (int i = 0; i < env.size(); i++) {
            PluginConfig.Env variable = env.items().get(i);
            String field = "env[" + i + "]";
            if (variable.name().isEmpty()) {
                findings.error(field + ".name", "must not be empty");
            } else if (variable.name().indexOf('=') >= 0) {
                findings.error(field + ".name", "must not contain an equals sign");
            }
            findings.noZeroByte(field + ".name", variable.name());
            findings.noZeroByte(field + ".value", variable.value().orElse(""));
            names.add(field + ".name", variable.name());
            settable(field, SettingTarget.Kind.ENV, variable.settable());
        }
    }

    private void mounts(Slice<PluginConfig.Mount> mounts) {
        size("mounts", mounts);
        var names = findings.new Names();
        for (int i = 0; i < mounts.size(); i++) {
            String field = "mounts[" + i + "]";
            mount(field, mounts.items().get(i));
            names.add(field + ".name", mounts.items().get(i).name());
        }
    }

    private void mount(String field, PluginConfig.Mount mount) {
        findings.absolute(field + ".destination", mount.destination());
        findings.noZeroByte(field + ".type", mount.type());
        findings.noZeroBytes(field + ".options", mount.options());
        settable(field, SettingTarget.Kind.MOUNT, mount.settable());
        if (mount.type().isEmpty() && !mount.isBind()) {
            findings.error(field + ".type", "must be given, since the options do not say bind");
        }
        if (mount.source().isEmpty()) {
            findings.error(field + ".source",
                    "must be given; a source that the user has to set is written as an empty string");
            return;
        }
        String source = mount.source().get();
        boolean userFillsIn = source.isEmpty() && mount.settable().items().contains("source");
        if (mount.isBind() && !userFillsIn) {
            findings.absolute(field + ".source", source);
        }
        findings.noZeroByte(field + ".source", source);
    }

    private void devices(Slice<PluginConfig.Device> devices) {
        size("linux.devices", devices);
        var names = findings.new Names();
        for (int i = 0; i < devices.size(); i++) {
            PluginConfig.Device device = devices.items().get(i);
            String field = "linux.devices[" + i + "]";
            names.add(field + ".name", device.name());
            settable(field, SettingTarget.Kind.DEVICE, device.settable());
            if (device.path().isEmpty()) {
                findings.error(field + ".path", // D61
                        "must be given; a path that the user has to set is written as an empty string");
            } else if (!device.path().get().isEmpty() || !device.settable().items().contains("path")) {
                findings.absolute(field + ".path", device.path().get());
            }
        }
    }

    private void sharedNames(PluginConfig config) {
        var first = new HashMap<String, SettingTarget.Kind>();
        for (SettingTarget target : SettingTarget.of(config)) {
            SettingTarget.Kind other = first.putIfAbsent(target.name(), target.kind());
            if (other != null && other != target.kind() && !target.name().isEmpty()) {
                findings.warn("", "the name \"" + target.name() + "\" stands for two things: only the "
                        + other.word() + " can be set");
            }
        }
    }

    private void size(String field, Slice<?> list) {
        if (list.size() > MAX_ENTRIES) {
            findings.error(field,
                    "has " + list.size() + " entries, more than the " + MAX_ENTRIES + " that are allowed");
        }
    }

    private void settable(String field, SettingTarget.Kind kind, Slice<String> settable) {
        for (int i = 0; i < settable.size(); i++) {
            if (!settable.items().get(i).equals(kind.fieldWord())) {
                findings.warn(field + ".settable[" + i + "]",
                        "only \"" + kind.fieldWord() + "\" can be set here: this one has no effect");
            }
        }
    }
}
