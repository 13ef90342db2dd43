package dev.patchbay.plugin;

import java.util.ArrayList;
import java.util.List;

/** Lists the keys of a configuration that we do not know, with their paths. */
final class UnknownKeyPaths {

    private final List<String> paths = new ArrayList<>();

    private UnknownKeyPaths() {}

    static void add(PluginConfig config, Findings findings) {
        paths(config)
                .forEach(path -> findings.warn(path, "is not known here: it is kept, but has no effect"));
    }

    static List<String> paths(PluginConfig config) {
        var found = new UnknownKeyPaths();
        found.in("", config.unknown());
        found.in("args", config.args().unknown());
        found.each("env", config.env().stream().map(PluginConfig.Env::unknown).toList());
        found.in("interface", config.api().unknown());
        found.in("linux", config.linux().unknown());
        found.each("linux.devices",
                config.linux().devices().stream().map(PluginConfig.Device::unknown).toList());
        found.each("mounts", config.mounts().stream().map(PluginConfig.Mount::unknown).toList());
        found.in("network", config.network().unknown());
        found.in("user", config.user().unknown());
        config.rootfs().ifPresent(rootfs -> found.in("rootfs", rootfs.unknown()));
        return found.paths;
    }

    private void each(String list, List<UnknownKeys> elements) {
        for (int i = 0; i < elements.size(); i++) {
            in(list + "[" + i + "]", elements.get(i));
        }
    }

    private void in(String path, UnknownKeys unknown) {
        unknown.names().forEach(name -> paths.add(path.isEmpty() ? name : path + "." + name));
    }
}
