package dev.patchbay.benchmarks.measure;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * What the build has made and the runs measure.
 *
 * @param distribution the daemon's distribution
 * @param samplePlugin the sample plugin: {@code config.json} and {@code rootfs}
 */
public record Built(Path distribution, Path samplePlugin) {
    /** The system property that says where the sample plugin is. */
    public static final String SAMPLE = "patchbay.samplePlugin";

    private static final int EXECUTABLE = 0755;
    private static final String CONFIG = "config.json";

    /** The sample plugin alone, where {@value #SAMPLE} says. */
    public static Built sample() {
        String folder = Objects.requireNonNull(System.getProperty(SAMPLE), SAMPLE + " is not set");
        return new Built(Path.of(""), Path.of(folder));
    }

    /** The sample plugin's configuration. */
    public byte[] sampleConfig() throws IOException {
        return Files.readAllBytes(samplePlugin.resolve(CONFIG));
    }

    /** The sample plugin as the tar that {@code docker plugin create} sends. */
    public byte[] sampleContext() throws IOException {
        return sampleContext(config -> config);
    }

    /** The same with another configuration. */
    public byte[] sampleContext(UnaryOperator<String> config) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes); Stream<Path> all = Files.walk(samplePlugin)) {
            byte[] changed = config.apply(new String(sampleConfig(), StandardCharsets.UTF_8))
                    .getBytes(StandardCharsets.UTF_8);
            var entry = new TarArchiveEntry(CONFIG);
            entry.setSize(changed.length);
            tar.putArchiveEntry(entry);
            tar.write(changed);
            tar.closeArchiveEntry();
            for (Path path : all.sorted().filter(this::isContent).toList()) {
                add(tar, path);
            }
        }
        return bytes.toByteArray();
    }

    private boolean isContent(Path path) {
        return !path.equals(samplePlugin) && !path.equals(samplePlugin.resolve(CONFIG));
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
