package dev.patchbay.store;

import dev.patchbay.image.Descriptor;
import dev.patchbay.image.MediaType;
import dev.patchbay.image.PluginImage;
import dev.patchbay.image.RawManifest;
import dev.patchbay.plugin.PluginConfig;
import dev.patchbay.plugin.PluginJson;
import dev.patchbay.plugin.Slice;
import dev.patchbay.plugin.UnknownKeys;
import dev.patchbay.reference.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;

/**
 * A published plugin and the bytes of its layers.
 *
 * @param blobs the layers by digest
 */
public record SampleImage(PluginImage image, Map<Digest, byte[]> blobs) {
    /** A plugin of one gzip-compressed layer, in which one file has this content. */
    public static SampleImage of(String content) {
        return of(List.of(layer("bin/sample", content)));
    }

    /** A plugin of these plain tars, compressed with gzip, lowest first. */
    public static SampleImage of(List<byte[]> tars) {
        return packed(tars.stream().map(Gzip::of).toList(),
                tars.stream().map(tar -> Digest.sha256(tar).toString()).toList());
    }

    /** A plugin of packed layers, lowest first, whose configuration has these diff ids. */
    public static SampleImage packed(List<byte[]> layers, List<String> diffIds) {
        PluginConfig config = PluginJson.config(PluginContexts.CONFIG.getBytes(StandardCharsets.UTF_8))
                .withRootfs(new PluginConfig.Rootfs(Slice.of(diffIds), "layers",
                        new UnknownKeys(Map.of())));
        // Not what this program would write, so that only a copy to the byte has the right digest.
        byte[] json = (new String(PluginJson.blob(config), StandardCharsets.UTF_8) + " \n")
                .getBytes(StandardCharsets.UTF_8);
        var configDescriptor = new Descriptor(MediaType.PLUGIN_CONFIG, Digest.sha256(json), json.length);
        List<Descriptor> descriptors = layers.stream()
                .map(layer -> new Descriptor(MediaType.DOCKER_LAYER_GZIP, Digest.sha256(layer), layer.length))
                .toList();
        byte[] manifest = manifest(configDescriptor, descriptors);
        var raw = new RawManifest(MediaType.DOCKER_MANIFEST, Digest.sha256(manifest), manifest);
        Map<Digest, byte[]> blobs = new HashMap<>();
        layers.forEach(layer -> blobs.put(Digest.sha256(layer), layer));
        return new SampleImage(new PluginImage(raw, configDescriptor, json, config, descriptors), blobs);
    }

    /** A layer with one file. */
    public static byte[] layer(String name, String content) {
        return PluginContexts.empty().file(name, content).bytes();
    }

    /** Hands out the layers in small buffers. */
    public BlobSource source() {
        return descriptor -> PluginContexts.chunked(Objects.requireNonNull(blobs.get(descriptor.digest())));
    }

    /** Hands out these bytes for each layer. */
    public static BlobSource always(byte[] bytes) {
        return _ -> PluginContexts.chunked(bytes);
    }

    /** A source that must not be asked. */
    public static BlobSource none() {
        return descriptor -> Flux.<ByteBuffer>error(
                () -> new IllegalStateException("asked for " + descriptor.digest()));
    }

    /** The digests of all blobs: manifest, configuration, layers. */
    public List<Digest> digests() {
        return Stream.concat(Stream.of(image.manifest().digest(), image.config().digest()),
                image.layers().stream().map(Descriptor::digest)).toList();
    }

    private static byte[] manifest(Descriptor config, List<Descriptor> layers) {
        String json = "{\"schemaVersion\": 2, \"mediaType\": \"" + MediaType.DOCKER_MANIFEST
                + "\", \"config\": "
                + json(config)
                + ", \"layers\": " + layers.stream()
                        .map(SampleImage::json)
                        .collect(Collectors.joining(", ", "[", "]"))
                + "}";
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static String json(Descriptor blob) {
        return "{\"mediaType\": \"" + blob.mediaType() + "\", \"digest\": \"" + blob.digest()
                + "\", \"size\": " + blob.size() + "}";
    }
}
