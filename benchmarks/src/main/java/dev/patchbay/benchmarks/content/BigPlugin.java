package dev.patchbay.benchmarks.content;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A plugin of many small files and, of a hundred each, one of some megabytes, as an image: with {@value #FILES} files, 830 MB
 * unpacked and about 310 MB packed. The same bytes each time.
 *
 * @param config the config blob
 * @param layers lowest first
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record BigPlugin(byte[] config, List<Layer> layers) {
    /** How many files the largest has. */
    public static final int FILES = 8500;

    private static final int LARGE_EVERY = 85;
    private static final int LARGE_BYTES = 4_200_000;
    private static final int LARGE_SPREAD = 1_600_000;
    private static final int SMALL_SPREAD = 90_000;
    private static final int FOLDERS = 97;
    private static final long SEED = 42;
    private static final int GZIP_BUFFER = 64 * 1024;

    /** Copies the layers. */
    public BigPlugin {
        layers = List.copyOf(layers);
    }

    /**
     * A layer in a file.
     *
     * @param file gzip-compressed tar
     * @param digest of the file, {@code sha256:...}
     */
    public record Layer(Path file, String digest) {
        long size() throws IOException {
            return Files.size(file);
        }
    }

    /** Makes it, with its files dealt out to a number of layers. Packing takes its time: some 20 s. */
    public static BigPlugin make(Path folder, int layerCount, int files) throws IOException {
        Files.createDirectories(folder);
        var layers = new ArrayList<Layer>();
        for (int number = 0; number < layerCount; number++) {
            layers.add(layer(folder.resolve("layer" + number), number, layerCount, files));
        }
        String diffIds = layers.stream()
                .map(layer -> '"' + layer.digest() + '"')
                .collect(Collectors.joining(","));
        String config = """
                {"Description":"big","Entrypoint":["/none"],"Interface":{"Types":["docker.dummy/1.0"],"Socket":"s.sock"},\
                "Linux":{"Capabilities":[],"AllowAllDevices":false,"Devices":null},"Network":{"Type":""},\
                "rootfs":{"type":"layers","diff_ids":[%s]}}""".formatted(diffIds);
        return new BigPlugin(config.getBytes(StandardCharsets.UTF_8), layers);
    }

    private static Layer layer(Path file, int number, int layerCount, int files) throws IOException {
        MessageDigest hash = sha256();
        try (OutputStream out = new DigestOutputStream(Files.newOutputStream(file), hash);
                var tar = new TarArchiveOutputStream(new GZIPOutputStream(out, GZIP_BUFFER))) {
            write(tar, "", files, index -> index % layerCount == number);
        }
        return new Layer(file, digest(hash));
    }

    /** Writes such files as a context, not packed, as {@code docker plugin create} sends it. */
    public static void writeContext(Path file, byte[] config, int files) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
                var tar = new TarArchiveOutputStream(out)) {
            add(tar, "config.json", config);
            add(tar, "rootfs/", new byte[0]);
            write(tar, "rootfs/", files, _ -> true);
        }
    }

    private static void write(TarArchiveOutputStream tar, String folder, int files, IntPredicate which)
            throws IOException {
        var bytes = new PlausibleBytes(SEED);
        var random = new SplittableRandom(SEED);
        for (int index = 0; index < files; index++) {
            SplittableRandom own = random.split();
            if (which.test(index)) {
                add(tar, folder + "usr/lib/part" + index % FOLDERS + "/file" + index,
                        bytes.make(own, size(index, own)));
            }
        }
    }

    private static int size(int index, SplittableRandom random) {
        return index % LARGE_EVERY == 0
                ? LARGE_BYTES + random.nextInt(LARGE_SPREAD)
                : Math.min(random.nextInt(SMALL_SPREAD), random.nextInt(2 * SMALL_SPREAD)); // small ones are more frequent
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        var entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    /** Its manifest, as dockerd writes it. */
    byte[] manifest() throws IOException {
        var layerTexts = new ArrayList<String>();
        for (Layer layer : layers) {
            layerTexts.add(descriptor("application/vnd.docker.image.rootfs.diff.tar.gzip", layer.digest(),
                    layer.size()));
        }
        String configText = descriptor("application/vnd.docker.plugin.v1+json", digestOf(config),
                config.length);
        return """
                {"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json",\
                "config":%s,"layers":[%s]}""".formatted(configText, String.join(",", layerTexts))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String descriptor(String mediaType, String digest, long size) {
        return "{\"mediaType\":\"" + mediaType + "\",\"digest\":\"" + digest + "\",\"size\":" + size + "}";
    }

    /** The bytes of all layers, packed. */
    public long packedBytes() throws IOException {
        long sum = 0;
        for (Layer layer : layers) {
            sum += layer.size();
        }
        return sum;
    }

    /** The digest of some bytes, as manifests write it. */
    static String digestOf(byte[] bytes) {
        MessageDigest hash = sha256();
        hash.update(bytes);
        return digest(hash);
    }

    private static String digest(MessageDigest hash) {
        return "sha256:" + HexFormat.of().formatHex(hash.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
