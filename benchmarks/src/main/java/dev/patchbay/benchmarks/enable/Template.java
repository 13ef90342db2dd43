package dev.patchbay.benchmarks.enable;

import dev.patchbay.benchmarks.measure.Place;

import dev.patchbay.plugin.PluginId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/**
 * A container that the engine has started, as the pattern of those that are started without it: the same runtime spec
 * and the same root file system, in other folders.
 *
 * @param id the plugin's id
 * @param folder the plugin's folder in the plugin directory
 * @param execDirectory where its socket is
 * @param spec its runtime spec
 */
public record Template(PluginId id, Path folder, Path execDirectory, String spec) {
    /** Reads what the engine gave the runtime for a plugin that runs now. */
    public static Template of(Place place, PluginId id) throws IOException {
        Path bundle = place.execRoot().resolve(".patchbay/c").resolve(id.hex());
        return new Template(id, place.root().resolve(id.hex()), place.execRoot().resolve(id.hex()),
                Files.readString(bundle.resolve("config.json")));
    }

    /** The spec of a copy. */
    public String specFor(PluginId other, Path otherFolder, Path otherExecDirectory) {
        return spec.replace(folder.toString(), otherFolder.toString())
                .replace(execDirectory.toString(), otherExecDirectory.toString())
                .replace(id.hex(), other.hex());
    }

    /** Copies the root file system, with the mount points that the engine has made in it. */
    public void copyTo(Path otherFolder) throws IOException {
        Path from = folder.resolve("rootfs");
        Files.createDirectories(otherFolder);
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path to = otherFolder.resolve("rootfs").resolve(from.relativize(path));
                Files.copy(path, to, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        Files.createDirectories(otherFolder.resolve("propagated-mount"));
    }
}
