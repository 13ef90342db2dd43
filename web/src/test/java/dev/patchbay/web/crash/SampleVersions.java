package dev.patchbay.web.crash;

import dev.patchbay.web.crash.SocketClient.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Versions of the sample plugin: each is named in its description and in a file of its root file system. */
final class SampleVersions {
    /** The file below a root file system that names its version. */
    static final String FILE = "version";

    private static final Path SAMPLE = Path.of(System.getProperty("patchbay.samplePlugin"));
    private static final int EXECUTABLE = 0755;

    private SampleVersions() {}

    /** A version as it is sent to {@code /plugins/create}. */
    static byte[] context(String version) throws IOException {
        return context(version, config -> config);
    }

    /** A version with something in its configuration changed. */
    static byte[] context(String version, UnaryOperator<String> change) throws IOException {
        String config = change.apply(Files.readString(SAMPLE.resolve("config.json"))
                .replaceFirst("\"description\": \"[^\"]*\"", "\"description\": \"" + version + "\""));
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            add(tar, "config.json", config.getBytes(StandardCharsets.UTF_8));
            add(tar, "rootfs/sample-plugin", Files.readAllBytes(SAMPLE.resolve("rootfs/sample-plugin")));
            add(tar, "rootfs/" + FILE, version.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        var entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        entry.setMode(EXECUTABLE);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    /** Publishes a version under a reference, through a daemon that keeps nothing of it. */
    static void publish(SocketClient daemon, String reference, String version) throws IOException {
        daemon.done(Request.tar("/plugins/create?name=" + reference, context(version)));
        daemon.done(Request.post("/plugins/" + reference + "/push"));
        daemon.done(Request.delete("/plugins/" + reference));
    }
}
