package dev.patchbay.image;

import java.util.List;
import java.util.Optional;

/**
 * The manifest of one image, of Docker's schema 2 or of OCI. Whether the image is a plugin is another question, see
 * {@link #requirePlugin}.
 *
 * @param mediaType what it calls itself
 * @param config names the configuration
 * @param layers the layers, lowest first
 */
public record ImageManifest(String mediaType, Descriptor config,
        List<Descriptor> layers) implements Manifest {
    /** The most layers taken: no image with more runs under moby either ({@code maxLayerDepth}). */
    public static final int MAX_LAYERS = 125;
    /** The most bytes that all layers may have together, packed: 32 GiB, a hundred times a large plugin. */
    public static final long MAX_LAYER_BYTES = 32L << 30;

    private static final String NOT_FOUND = "did not find plugin config for specified reference ";

    /** Copies the layers. */
    public ImageManifest {
        layers = List.copyOf(layers);
    }

    /**
     * Makes sure that this is a plugin, before anything that it names is fetched.
     *
     * @param reference as its user wrote it, for the message
     * @throws InvalidImageException if it is an ordinary image, beginning with Docker's own words for that; if there are
     *     no layers, or some that cannot be unpacked; if the configuration is too large
     */
    public void requirePlugin(String reference) {
        ordinary().ifPresent(reason -> {
            throw new InvalidImageException(NOT_FOUND + reference + ": " + reason);
        });
        checkParts();
    }

    /** As {@link #requirePlugin}, where nobody knows a reference. */
    void requirePlugin() {
        ordinary().ifPresent(reason -> {
            throw new InvalidImageException("it is not a plugin: " + reason);
        });
        checkParts();
    }

    private Optional<String> ordinary() {
        String type = config.mediaType();
        if (type.equals(MediaType.PLUGIN_CONFIG)) {
            return Optional.empty();
        }
        String reason = "its configuration is of type " + JsonObject.quoted(type)
                + ", so it is an image of another kind";
        // What skopeo 1.9 makes of a plugin unless told to keep the manifest: an empty configuration of this type.
        return Optional.of(type.equals(MediaType.OCI_CONFIG)
                ? reason + ", or a plugin that lost its configuration when it was converted: copy it again without"
                        + " conversion, for example with skopeo copy --preserve-digests"
                : reason);
    }

    private void checkParts() {
        if (config.size() > PluginImage.MAX_CONFIG_BYTES) {
            throw new InvalidImageException("the configuration has " + config.size()
                    + " bytes, more than the " + PluginImage.MAX_CONFIG_BYTES + " that are taken");
        }
        if (layers.isEmpty()) {
            throw new InvalidImageException(
                    "its manifest names no layers; Docker publishes such a manifest when it"
                            + " has lost the right one: publish the plugin again");
        }
        layers.forEach(ImageManifest::checkLayer);
    }

    private static void checkLayer(Descriptor layer) {
        if (MediaType.isNotDistributed(layer.mediaType())) {
            throw new InvalidImageException("the layer " + layer.digest()
                    + " is one that registries do not pass on (" + layer.mediaType()
                    + "), which is not supported");
        }
        if (!MediaType.LAYERS.contains(layer.mediaType())) {
            throw new InvalidImageException("the layer " + layer.digest() + " is of the unknown type "
                    + JsonObject.quoted(layer.mediaType()));
        }
    }
}
