package dev.patchbay.store;

import dev.patchbay.plugin.PluginConfig;
import dev.patchbay.reference.Digest;
import java.nio.file.Path;
import java.util.List;

/**
 * A plugin in the staging area, complete and verified, not yet installed. Its blobs are protected from garbage
 * collection until it is installed or discarded.
 *
 * @param rootfs the unpacked root file system, in the staging area
 * @param config as stored, with the diff ids of its layers
 * @param configDigest the config blob
 * @param manifestDigest the manifest blob
 * @param layers the layer blobs, lowest first
 */
public record StagedPlugin(
        Path rootfs,
        PluginConfig config,
        Digest configDigest,
        Digest manifestDigest,
        List<Digest> layers) {
    /** Copies the layers. */
    public StagedPlugin {
        layers = List.copyOf(layers);
    }
}
