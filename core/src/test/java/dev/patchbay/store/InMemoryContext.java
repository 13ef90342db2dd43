package dev.patchbay.store;

import dev.patchbay.image.LayerPacking;
import dev.patchbay.image.PluginManifest;
import dev.patchbay.plugin.CheckedConfig;
import dev.patchbay.plugin.InvalidPluginConfigException;
import dev.patchbay.plugin.PluginConfig;
import dev.patchbay.plugin.PluginJson;
import dev.patchbay.reference.Digest;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/** A context read in memory, only as far as {@link InMemoryStore} needs it: the rootfs becomes one opaque blob. */
record InMemoryContext(StagedPlugin plugin, List<byte[]> blobs) {
    private static final int GZIP_MAGIC = 0x1f8b;

    static InMemoryContext parse(byte[] tar, Path rootfs) {
        try (var in = new TarArchiveInputStream(unpacked(tar))) {
            byte @Nullable [] config = null;
            var layer = new ByteArrayOutputStream();
            var entry = in.getNextEntry();
            for (; entry != null; entry = in.getNextEntry()) {
                String name = entry.getName().replaceFirst("^\\.?/+", "");
                if (name.equals("config.json")) {
                    config = in.readAllBytes();
                } else if (name.equals("rootfs") || name.startsWith("rootfs/")) {
                    layer.writeBytes((name + '\0').getBytes(java.nio.charset.StandardCharsets.UTF_8));
                    in.transferTo(layer);
                }
            }
            if (config == null) {
                throw new InvalidContentException("config not found", null);
            }
            if (layer.size() == 0) {
                throw new InvalidContentException("no rootfs found", null);
            }
            return staged(CheckedConfig.parse(config).config(), layer.toByteArray(), rootfs);
        } catch (InvalidPluginConfigException e) {
            throw new InvalidContentException("config.json is not usable: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new InvalidContentException("not a tar: " + e.getMessage(), e);
        }
    }

    private static InMemoryContext staged(PluginConfig authored, byte[] layer, Path rootfs) {
        Digest layerDigest = Digest.sha256(layer);
        PluginConfig config = authored.withRootfs(PluginConfig.Rootfs.layers(List.of(layerDigest)));
        byte[] json = PluginJson.blob(config);
        var configBlob = new Ingest.Blob(Digest.sha256(json), json.length);
        byte[] manifest = PluginManifest.of(
                PluginManifest.config(configBlob.digest(), configBlob.size()),
                List.of(PluginManifest.layer(layerDigest, layer.length, LayerPacking.GZIP))).bytes();
        Digest manifestDigest = Digest.sha256(manifest);
        var plugin = new StagedPlugin(rootfs, config, configBlob.digest(), manifestDigest,
                List.of(layerDigest));
        return new InMemoryContext(plugin, List.of(layer, json, manifest));
    }

    private static InputStream unpacked(byte[] bytes) throws IOException {
        var in = new BufferedInputStream(new ByteArrayInputStream(bytes));
        in.mark(2);
        int magic = in.read() << 8 | in.read();
        in.reset();
        return magic == GZIP_MAGIC ? new GZIPInputStream(in) : in;
    }
}
