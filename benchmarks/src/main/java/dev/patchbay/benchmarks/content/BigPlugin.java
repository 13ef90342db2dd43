package dev.patchbay.benchmarks.content;

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
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A plugin of 8,500 files, 830 MB unpacked and about 310 MB packed, as an image: many small files and a hundred of some
 * megabytes. The same bytes each time.
 *
 * @param config the config blob
 * @param layers lowest first
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record BigPlugin(byte[] config, List<Layer> layers) {
    /** How many files it has. */
    static final int FILES = 8500;

    private static final int LARGE_EVERY = 85;
    private static final int LARGE_BYTES = 4_200_000;
    private static final int LARGE_SPREAD = 1_600_000;
    private static final int SMALL_SPREAD = 90_000;
    private static final int FOLDERS = 97;
    private static final long SEED = 42;
    private static final int GZIP_BUFFER = 64 * 1024;

    /** Copies the layers. */
    BigPlugin {
        layers = List.copyOf(layers);
    }

    /**
     * A layer in a file.
     *
     * @param file gzip-compressed tar
     * @param digest of the file, {@code sha256:...}
     */
    record Layer(Path file, String digest) {
        long size() throws IOException {
            return Files.size(file);
        }
    }

    /** Makes it, with its files dealt out to a number of layers. Packing takes its time: some 20 s. */
    static BigPlugin make(Path folder, int layerCount) throws IOException {
        Files.createDirectories(folder);
        var layers = new ArrayList<Layer>();
        for (int number = 0; number < layerCount; number++) {
            layers.add(layer(folder.resolve("layer" + number), number, layerCount));
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

    private static Layer layer(Path file, int number, int layerCount) throws IOException {
        var bytes = new PlausibleBytes(SEED);
        var random = new SplittableRandom(SEED);
        MessageDigest hash = sha256();
        try (OutputStream out = new DigestOutputStream(Files.newOutputStream(file), hash);
                var tar = new TarArchiveOutputStream(new GZIPOutputStream(out, GZIP_BUFFER))) {
            for (int index = 0; index < FILES; index++) {
                SplittableRandom own = random.split();
                if (index % layerCount == number) {
                    add(tar, "usr/lib/part" + index % FOLDERS + "/file" + index,
                            bytes.make(own, size(index, own)));
                }
            }
        }
        return new Layer(file, digest(hash));
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
    long packedBytes() throws IOException {
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
