package dev.patchbay.store;

import dev.patchbay.json.JsonTrees;
import dev.patchbay.reference.Digest;
import dev.patchbay.reference.InvalidDigestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The blobs that a manifest names, whatever else is in it.
 *
 * @param config the configuration
 * @param layers the layers, lowest first
 */
record NamedBlobs(Optional<Digest> config, List<Digest> layers) {
    // The OCI distribution specification asks registries to take manifests of at least 4 MiB; larger ones are refused.
    static final int MAX_MANIFEST_BYTES = 4 << 20;

    NamedBlobs {
        layers = List.copyOf(layers);
    }

    /**
     * Reads a manifest.
     *
     * @throws JacksonException if it is no JSON
     * @throws InvalidDigestException if it names a blob by something else
     */
    static NamedBlobs of(byte[] manifest) {
        JsonNode tree = JsonTrees.LENIENT.read(manifest);
        List<Digest> layers = new ArrayList<>();
        tree.path("layers").forEach(layer -> digest(layer).ifPresent(layers::add));
        return new NamedBlobs(digest(tree.path("config")), layers);
    }

    private static Optional<Digest> digest(JsonNode descriptor) {
        JsonNode digest = descriptor.path("digest");
        return digest.isString() ? Optional.of(Digest.parse(digest.stringValue())) : Optional.empty();
    }
}
