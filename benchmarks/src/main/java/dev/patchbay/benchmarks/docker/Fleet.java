package dev.patchbay.benchmarks.docker;

import dev.patchbay.benchmarks.measure.Built;
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
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Copies of the sample plugin in a plugin directory, as either daemon would have left them there: both read the same
 * records, so installing two hundred costs no two hundred requests.
 *
 * @param ids of all of them, in the order of their numbers
 */
record Fleet(List<String> ids) {
    /** The name of the sample's socket. */
    static final String SOCKET = "sample.sock";

    private static final String PROGRAM = "sample-plugin";

    /** Copies. */
    Fleet {
        ids = List.copyOf(ids);
    }

    /** How one is called. */
    static String name(int number) {
        return "sample" + number;
    }

    /** Writes plugins that nobody wants to run now. */
    static Fleet installed(Path directory, Built built, int count) throws IOException {
        return write(directory, built, count, false);
    }

    /** Writes plugins that the daemon has to start. */
    static Fleet wanted(Path directory, Built built, int count) throws IOException {
        return write(directory, built, count, true);
    }

    private static Fleet write(Path directory, Built built, int count, boolean enabled) throws IOException {
        PluginConfig config = PluginJson.config(built.sampleConfig());
        var random = new SecureRandom();
        var ids = new ArrayList<String>();
        for (int number = 0; number < count; number++) {
            PluginId id = PluginId.random(random);
            ids.add(id.hex());
            Path folder = directory.resolve(id.hex());
            Path rootfs = Files.createDirectories(folder.resolve("rootfs"));
            Files.createDirectory(folder.resolve("propagated-mount"));
            Files.copy(built.samplePlugin().resolve("rootfs").resolve(PROGRAM), rootfs.resolve(PROGRAM),
                    StandardCopyOption.COPY_ATTRIBUTES);
            var name = PluginName.parse(name(number));
            var plugin = new InstalledPlugin(config, enabled, id, name, name.toString(),
                    Settings.initial(config));
            var record = new PluginRecord(plugin, rootfs.toString(), Optional.empty(), Slice.none(),
                    Optional.empty(), "");
            Files.write(folder.resolve("config.json"), PluginJson.record(record));
        }
        return new Fleet(ids);
    }
}
