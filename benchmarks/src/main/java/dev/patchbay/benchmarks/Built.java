package dev.patchbay.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * What the build has made and the runs measure.
 *
 * @param distribution the daemon's distribution
 * @param samplePlugin the sample plugin: {@code config.json} and {@code rootfs}
 */
record Built(Path distribution, Path samplePlugin) {
    private static final int EXECUTABLE = 0755;

    /** The sample plugin's configuration. */
    byte[] sampleConfig() throws IOException {
        return Files.readAllBytes(samplePlugin.resolve("config.json"));
    }

    /** The sample plugin as the tar that {@code docker plugin create} sends. */
    byte[] sampleContext() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes); Stream<Path> all = Files.walk(samplePlugin)) {
            for (Path path : all.sorted().filter(path -> !path.equals(samplePlugin)).toList()) {
                add(tar, path);
            }
        }
        return bytes.toByteArray();
    }

    private void add(TarArchiveOutputStream tar, Path path) throws IOException {
        boolean folder = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
        if (!folder && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            return; // a start leaves links behind that the next one makes again
        }
        var entry = new TarArchiveEntry(samplePlugin.relativize(path) + (folder ? "/" : ""));
        entry.setMode(EXECUTABLE);
        entry.setSize(folder ? 0 : Files.size(path));
        tar.putArchiveEntry(entry);
        if (!folder) {
            Files.copy(path, tar);
        }
        tar.closeArchiveEntry();
    }
}
