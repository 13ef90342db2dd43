package dev.patchbay.image;

import dev.patchbay.plugin.GoJson;
import dev.patchbay.reference.Digest;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the manifest of a plugin, to the byte as Docker does: compact, {@code mediaType} last, no newline (moby
 * {@code daemon/pkg/plugin/backend_linux.go}). Registries insist on Docker's type for plugins, inside it too.
 */
public final class PluginManifest {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private PluginManifest() {}

    /** Describes a configuration. */
    public static Descriptor config(Digest digest, long size) {
        return new Descriptor(MediaType.PLUGIN_CONFIG, digest, size);
    }

    /** Describes a layer, for a manifest of Docker. */
    public static Descriptor layer(Digest digest, long size, LayerPacking packing) {
        return new Descriptor(packing.mediaType(), digest, size);
    }

    /**
     * The manifest of a plugin made here, or of one whose own manifest was lost, as Docker loses it (D19). The same parts
     * give the same bytes, so a plugin keeps the digest that it was once published with (D24).
     *
     * @param layers lowest first, with the types that their bytes call for: Docker calls all of them gzip (D24)
     */
    public static RawManifest of(Descriptor config, List<Descriptor> layers) {
        ObjectNode tree = NODES.objectNode();
        tree.put("schemaVersion", 2);
        tree.set("config", json(config));
        tree.set("layers", NODES.arrayNode().addAll(layers.stream().map(PluginManifest::json).toList()));
        tree.put("mediaType", MediaType.DOCKER_MANIFEST);
        byte[] bytes = GoJson.HTML_ESCAPED.write(tree);
        return new RawManifest(MediaType.DOCKER_MANIFEST, Digest.sha256(bytes), bytes);
    }

    static ObjectNode json(Descriptor descriptor) {
        return NODES.objectNode()
                .put("mediaType", descriptor.mediaType())
                .put("digest", descriptor.digest().toString())
                .put("size", descriptor.size());
    }
}
