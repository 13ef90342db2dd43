package dev.patchbay.plugin;

import dev.patchbay.reference.Digest;
import java.util.Optional;

/**
 * The state record of one plugin, as Docker keeps it in {@code <id>/config.json}.
 *
 * @param plugin the plugin object
 * @param rootfs the absolute path of the root file system; Docker leaves it empty until the first enable (D38)
 * @param config the digest of the configuration blob
 * @param blobsums the digests of the packed layers; absent for some plugins that Docker pulled (D19)
 * @param manifest the digest of the manifest
 * @param swarmServiceId the service that owns the plugin, or empty
 */
public record PluginRecord(InstalledPlugin plugin, String rootfs, Optional<Digest> config,
        Slice<Digest> blobsums,
        Optional<Digest> manifest, String swarmServiceId) {

    /** This record about the same plugin in another state. */
    public PluginRecord withPlugin(InstalledPlugin changed) {
        return new PluginRecord(changed, rootfs, config, blobsums, manifest, swarmServiceId);
    }

    /** This record with another manifest of the same parts. */
    public PluginRecord withManifest(Digest other) {
        return new PluginRecord(plugin, rootfs, config, blobsums, Optional.of(other), swarmServiceId);
    }
}
