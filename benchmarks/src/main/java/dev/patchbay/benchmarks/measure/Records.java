package dev.patchbay.benchmarks.measure;

import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.PluginConfig;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginJson;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.plugin.Settings;
import dev.patchbay.plugin.Slice;
import dev.patchbay.reference.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/** Writes a plugin directory as an earlier daemon would have left it, quicker than by installing. */
public final class Records {
    private Records() {}

    /** How plugins are called. */
    public static String name(int number) {
        return "listed" + number;
    }

    /** Writes disabled plugins, all with the same configuration and none with blobs, into an empty directory. */
    public static void write(Path root, int count, byte[] config) throws IOException {
        write(root, count, config, _ -> Slice.none());
    }

    /** The same, each with a packed layer of its own, of a few bytes. */
    public static void writeWithBlobs(Path root, int count, byte[] config) throws IOException {
        Path blobs = Files.createDirectories(root.resolve("storage/blobs/sha256"));
        write(root, count, config, name -> {
            byte[] content = name.getBytes(StandardCharsets.UTF_8);
            Digest digest = Digest.sha256(content);
            Files.write(blobs.resolve(digest.hex()), content);
            return Slice.of(List.of(digest));
        });
    }

    /** The blobs of a plugin by its name. */
    @FunctionalInterface
    private interface Blobs {
        Slice<Digest> of(String name) throws IOException;
    }

    private static void write(Path root, int count, byte[] config, Blobs blobs) throws IOException {
        PluginConfig parsed = PluginJson.config(config);
        var random = new SecureRandom();
        for (int number = 0; number < count; number++) {
            PluginId id = PluginId.random(random);
            Path rootfs = root.resolve(id.hex()).resolve("rootfs");
            Files.createDirectories(rootfs);
            String name = name(number);
            var plugin = new InstalledPlugin(parsed, false, id, PluginName.parse(name), name,
                    Settings.initial(parsed));
            var record = new PluginRecord(plugin, rootfs.toString(), Optional.empty(), blobs.of(name),
                    Optional.empty(), "");
            Files.write(rootfs.resolveSibling("config.json"), PluginJson.record(record));
        }
    }
}
