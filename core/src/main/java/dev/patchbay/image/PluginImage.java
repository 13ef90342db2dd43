package dev.patchbay.image;

import dev.patchbay.plugin.PluginConfig;
import java.util.List;

/**
 * A plugin as it was published, all but the bytes of its layers: checked, of this platform, ready to be unpacked.
 *
 * @param manifest to the byte
 * @param config names {@code configJson}
 * @param configJson to the byte, verified
 * @param parsed what it says, checked
 * @param layers the layers, lowest first
 */
@SuppressWarnings("ArrayRecordComponent") // stored as it is, compared by its digest
public record PluginImage(RawManifest manifest, Descriptor config, byte[] configJson, PluginConfig parsed,
        List<Descriptor> layers) {
    /** The largest configuration taken. */
    public static final int MAX_CONFIG_BYTES = 4 << 20;

    /** Copies the layers. */
    public PluginImage {
        layers = List.copyOf(layers);
    }
}
