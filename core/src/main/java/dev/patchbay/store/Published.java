package dev.patchbay.store;

import dev.patchbay.plugin.InvalidPluginConfigException;
import dev.patchbay.plugin.PluginJson;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.plugin.Slice;
import dev.patchbay.reference.Digest;
import dev.patchbay.reference.InvalidDigestException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/** Puts records right with what was published, as far as the blobs are there. Each method blocks. */
final class Published {
    private static final Logger LOG = LoggerFactory.getLogger(Published.class);

    private final ContentStore content;

    Published(ContentStore content) {
        this.content = content;
    }

    /** A record as it should be. */
    PluginRecord restore(PluginRecord plugin) {
        try {
            return withItsConfig(withItsBlobs(plugin));
        } catch (StoreException | InvalidPluginConfigException | JacksonException
                | InvalidDigestException e) {
            LOG.warn("what was published as {} cannot be read; its record is taken as it is: {}",
                    plugin.plugin().name(), e.getMessage());
            return plugin;
        }
    }

    /**
     * What Docker upgraded has the new manifest and the old digests of configuration and layers until it is saved a
     * second time (D14).
     */
    private PluginRecord withItsBlobs(PluginRecord plugin) {
        if (isItsConfigInItsManifest(plugin)) {
            return plugin;
        }
        Optional<byte[]> manifest = plugin.manifest()
                .flatMap(digest -> content.read(digest, NamedBlobs.MAX_MANIFEST_BYTES));
        if (manifest.isEmpty()) {
            return plugin;
        }
        NamedBlobs named = NamedBlobs.of(manifest.get());
        return named.config().isEmpty()
                ? plugin
                : new PluginRecord(plugin.plugin(), plugin.rootfs(), named.config(),
                        Slice.of(named.layers()), plugin.manifest(), plugin.swarmServiceId());
    }

    // Almost always it is. Searching is a small part of what hashing and parsing take, for each plugin at each start.
    private boolean isItsConfigInItsManifest(PluginRecord plugin) {
        return plugin.manifest()
                .flatMap(manifest -> plugin.config()
                        .filter(config -> content.mentions(manifest, config, NamedBlobs.MAX_MANIFEST_BYTES)))
                .isPresent();
    }

    /** Docker mixes what was set with what was published (D56). */
    private PluginRecord withItsConfig(PluginRecord plugin) {
        if (!plugin.plugin().config().hasSettableMountsOrDevices()) {
            return plugin;
        }
        return plugin.config()
                .flatMap(blob -> content.read(blob, PluginJson.MAX_BYTES))
                .map(PluginJson::config)
                .map(published -> plugin.withPlugin(plugin.plugin().asPublished(published)))
                .orElse(plugin);
    }
}
