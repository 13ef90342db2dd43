package dev.patchbay.benchmarks.measure;

import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.PluginConfig;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginJson;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.plugin.Settings;
import dev.patchbay.plugin.Slice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;

/** Writes a plugin directory as an earlier daemon would have left it, quicker than by installing. */
public final class Records {
    private Records() {}

    /** How plugins are called. */
    public static String name(int number) {
        return "listed" + number;
    }

    /** Writes disabled plugins, all with the same configuration, into an empty directory. */
    public static void write(Path root, int count, byte[] config) throws IOException {
        PluginConfig parsed = PluginJson.config(config);
        var random = new SecureRandom();
        for (int number = 0; number < count; number++) {
            PluginId id = PluginId.random(random);
            Path rootfs = root.resolve(id.hex()).resolve("rootfs");
            Files.createDirectories(rootfs);
            String name = name(number);
            var plugin = new InstalledPlugin(parsed, false, id, PluginName.parse(name), name,
                    Settings.initial(parsed));
            var record = new PluginRecord(plugin, rootfs.toString(), Optional.empty(), Slice.none(),
                    Optional.empty(), "");
            Files.write(rootfs.resolveSibling("config.json"), PluginJson.record(record));
        }
    }
}
