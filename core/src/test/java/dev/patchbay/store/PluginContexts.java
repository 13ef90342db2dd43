package dev.patchbay.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import reactor.core.publisher.Flux;

/** Contexts of plugins, as {@code docker plugin create} sends them: builds tars in memory. */
public final class PluginContexts {
    /** A configuration that passes every check. */
    public static final String CONFIG = """
            {"description":"a sample","entrypoint":["/bin/sample"],
             "interface":{"types":["docker.volumedriver/1.0"],"socket":"sample.sock"},
             "network":{"type":""},
             "env":[{"name":"DEBUG","settable":["value"],"value":"0"}]}
            """;

    private static final int CHUNK_BYTES = 1000;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes);

    private PluginContexts() {}

    /** Nothing yet. */
    public static PluginContexts empty() {
        return new PluginContexts();
    }

    /** A complete context whose root file system holds one file with this content. */
    public static PluginContexts sample(String content) {
        return empty().file("config.json", CONFIG)
                .folder("rootfs/")
                .folder("rootfs/bin/")
                .file("rootfs/bin/sample", content);
    }

    /** This context and a folder. */
    public PluginContexts folder(String name) {
        return entry(new TarArchiveEntry(name, TarConstants.LF_DIR), new byte[0]);
    }

    /** This context and a file. */
    public PluginContexts file(String name, String content) {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    /** This context and a file. */
    public PluginContexts file(String name, byte[] content) {
        var entry = new TarArchiveEntry(name);
        entry.setMode(0100755);
        entry.setSize(content.length);
        return entry(entry, content);
    }

    /** The tar. Nothing can be added afterwards. */
    public byte[] bytes() {
        try {
            tar.close();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The tar in small buffers, one per demand. */
    public Flux<ByteBuffer> publisher() {
        return chunked(bytes());
    }

    /** Any bytes in small buffers. */
    public static Flux<ByteBuffer> chunked(byte[] content) {
        List<byte[]> chunks = new ArrayList<>();
        for (int at = 0; at < content.length; at += CHUNK_BYTES) {
            chunks.add(Arrays.copyOfRange(content, at, Math.min(content.length, at + CHUNK_BYTES)));
        }
        return Flux.fromIterable(chunks).map(ByteBuffer::wrap);
    }

    private PluginContexts entry(TarArchiveEntry entry, byte[] content) {
        try {
            entry.setModTime(0); // so that the same content gives the same layer
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
