package dev.patchbay.image;

import dev.patchbay.plugin.CheckedConfig;
import dev.patchbay.plugin.InvalidPluginConfigException;
import dev.patchbay.plugin.PluginConfig;
import dev.patchbay.reference.Digest;
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

    /**
     * Puts the parts together and judges the whole. {@link ImageManifest#requirePlugin(String)} says the same sooner.
     *
     * @param manifest to the byte; kept with the type that it gives itself, because registries compare the two
     * @param parsed what it says
     * @param configJson the bytes of {@code parsed.config()}
     * @throws InvalidImageException if this is no plugin, or one that cannot be unpacked or run
     */
    public static PluginImage of(RawManifest manifest, ImageManifest parsed, byte[] configJson) {
        parsed.requirePlugin();
        verify(parsed.config(), configJson);
        PluginConfig config = read(configJson);
        int layers = parsed.layers().size();
        // What an author publishes without a list of layers claims nothing about them.
        int diffIds = config.rootfs().map(rootfs -> rootfs.diffIds().size()).orElse(layers);
        if (diffIds != layers) {
            throw new InvalidImageException("its manifest names " + layers
                    + (layers == 1 ? " layer" : " layers") + ", its configuration " + diffIds);
        }
        return new PluginImage(new RawManifest(parsed.mediaType(), manifest.digest(), manifest.bytes()),
                parsed.config(), configJson, config, parsed.layers());
    }

    private static void verify(Descriptor expected, byte[] bytes) {
        Digest.Algorithm algorithm = expected.digest().algorithm();
        Digest actual = Digest.of(algorithm, algorithm.newMessageDigest().digest(bytes));
        if (bytes.length != expected.size() || !actual.equals(expected.digest())) {
            throw new InvalidImageException("its manifest names the configuration " + expected.digest()
                    + " of " + expected.size() + " bytes, but got " + actual + " of " + bytes.length
                    + " bytes");
        }
    }

    private static PluginConfig read(byte[] json) {
        try {
            return CheckedConfig.parse(json).config();
        } catch (InvalidPluginConfigException e) {
            throw new InvalidImageException("failed to parse config: " + e.getMessage(), e);
        }
    }
}
