package dev.patchbay.plugin;

import java.util.List;
import java.util.function.Function;

/**
 * Tells what the user set from what the author published, in records in which Docker has mixed the two (D56).
 *
 * <p>Docker writes a source or path that is set into the configuration. In the settings it stands too, but only until the
 * record is read from the disk again; what is set after that is in the configuration alone. Mounts it starts with the
 * source of the configuration, devices with the path of the settings, so that is where the user's are taken from (moby
 * {@code daemon/pkg/plugin/v2/plugin_linux.go}).
 */
final class Disentangling {
    private Disentangling() {}

    /** The plugin of a record, with the sources and paths that were published in its configuration. */
    static InstalledPlugin of(InstalledPlugin recorded, PluginConfig published) {
        PluginConfig config = recorded.config();
        if (isSame(config, published) || !isOfOneVersion(config, published)) {
            return recorded;
        }
        Settings settings = recorded.settings();
        var mounts = new NamedEntries<>(settings.mounts(), published.mounts().items(),
                PluginConfig.Mount::name);
        List<PluginConfig.Mount> originals = published.mounts().items();
        for (int i = 0; i < originals.size(); i++) {
            PluginConfig.Mount mount = config.mounts().items().get(i);
            if (!mount.source().equals(originals.get(i).source())) {
                mount.source().ifPresent(source -> mounts.replace(mount.name(), m -> m.withSource(source)));
            }
        }
        var original = config.withMountsAndDevices(published.mounts(), published.linux().devices());
        return new InstalledPlugin(original, recorded.enabled(), recorded.id(), recorded.name(),
                recorded.reference(),
                new Settings(settings.args(), settings.devices(), settings.env(), mounts.all()));
    }

    private static boolean isSame(PluginConfig one, PluginConfig other) {
        return one.mounts().equals(other.mounts()) && one.linux().devices().equals(other.linux().devices());
    }

    /** Docker's upgrade leaves records that name the configuration blob of the version before (D14). */
    private static boolean isOfOneVersion(PluginConfig one, PluginConfig other) {
        return one.rootfs().equals(other.rootfs())
                && names(one.mounts(), PluginConfig.Mount::name)
                        .equals(names(other.mounts(), PluginConfig.Mount::name))
                && names(one.linux().devices(), PluginConfig.Device::name)
                        .equals(names(other.linux().devices(), PluginConfig.Device::name));
    }

    private static <T> List<String> names(Slice<T> entries, Function<T, String> name) {
        return entries.stream().map(name).toList();
    }
}
