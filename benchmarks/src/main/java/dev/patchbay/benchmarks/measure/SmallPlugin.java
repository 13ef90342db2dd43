package dev.patchbay.benchmarks.measure;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Plugins that cannot run and are as small as plugins can be: for what happens to them beside that. */
public final class SmallPlugin {
    private SmallPlugin() {}

    /** A context, as {@code docker plugin create} sends it, whose content is the name's alone. */
    public static byte[] context(String name) throws IOException {
        return context(name, """
                {"description": "NAME", "entrypoint": ["/none"], "network": {"type": ""},
                 "interface": {"types": ["docker.dummy/1.0"], "socket": "s.sock"}}
                """.replace("NAME", name));
    }

    /** The same with a configuration of the caller's. */
    public static byte[] context(String name, String config) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes)) {
            add(tar, "config.json", config);
            add(tar, "rootfs/", "");
            add(tar, "rootfs/name", name);
        }
        return bytes.toByteArray();
    }

    private static void add(TarArchiveOutputStream tar, String path, String text) throws IOException {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        var entry = new TarArchiveEntry(path);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
