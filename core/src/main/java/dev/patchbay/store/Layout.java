package dev.patchbay.store;

import dev.patchbay.plugin.PluginId;
import dev.patchbay.reference.Digest;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where everything is below the plugin root: Docker's own layout, so that either engine can take over the directory.
 *
 * <p>Sources: moby {@code daemon/pkg/plugin/manager.go} and containerd {@code plugins/content/local}. Ours are
 * {@code patchbay.lock}, in a plugin's folder {@code patchbay.json}, {@code holders.json}, {@code limits.json}, {@code previous},
 * {@code damaged-*}, {@code undecided-*} and what {@link Versions} needs, and {@code tmp/.plugin*}; Docker looks at none of them.
 *
 * @param root the plugin root, absolute
 */
record Layout(Path root) {
    /** How the name of a root file system being unpacked begins. */
    static final String STAGED_ROOTFS_PREFIX = ".rootfs";
    /** How the name of a plugin's folder begins until the plugin is installed. */
    static final String STAGED_PLUGIN_PREFIX = ".plugin";

    static final String RECORD = "config.json";
    static final String RUNTIME = "patchbay.json";
    static final String HOLDERS = "holders.json";
    static final String LIMITS = "limits.json";
    static final String ROOTFS = "rootfs";
    static final String PROPAGATED_MOUNT = "propagated-mount";
    /** Docker's, while it upgrades. */
    static final String OLD_ROOTFS = "rootfs-old";

    // See Versions.
    static final String PREVIOUS = "previous";
    static final String NEXT = "next";
    static final String OLDEST = "oldest";
    static final String WITHDRAWN = "withdrawn";
    static final String NEXT_RECORD = "next.json";

    /** How the name of a version begins that was the previous one and is damaged. */
    static final String DAMAGED_PREFIX = "damaged-";

    /** How the name of a file begins that had a plugin's holders and is damaged. */
    static final String DAMAGED_HOLDERS_PREFIX = "damaged-holders-";

    /** How the name of a root file system begins that dockerd left, and of which nobody knows what it belongs to. */
    static final String UNDECIDED_PREFIX = "undecided-";

    private static final String REMOVING = "-removing";

    Path lock() {
        return root.resolve("patchbay.lock");
    }

    Path staging() {
        return root.resolve("tmp");
    }

    Path storage() {
        return root.resolve("storage");
    }

    Path ingests() {
        return storage().resolve("ingest");
    }

    Path blobs() {
        return storage().resolve("blobs");
    }

    Path blobs(Digest.Algorithm algorithm) {
        return blobs().resolve(algorithm.text());
    }

    Path blob(Digest digest) {
        return blobs(digest.algorithm()).resolve(digest.hex());
    }

    Path plugin(PluginId id) {
        return root.resolve(id.hex());
    }

    Path removing(PluginId id) {
        return root.resolve(id.hex() + REMOVING);
    }

    Path record(PluginId id) {
        return plugin(id).resolve(RECORD);
    }

    Path runtime(PluginId id) {
        return plugin(id).resolve(RUNTIME);
    }

    Path holders(PluginId id) {
        return plugin(id).resolve(HOLDERS);
    }

    Path limits(PluginId id) {
        return plugin(id).resolve(LIMITS);
    }

    Path rootfs(PluginId id) {
        return plugin(id).resolve(ROOTFS);
    }

    Path propagatedMount(PluginId id) {
        return plugin(id).resolve(PROPAGATED_MOUNT);
    }

    /** The plugin whose folder this is. */
    Optional<PluginId> installed(Path entry) {
        return PluginId.parse(name(entry));
    }

    /** The plugin whose folder this was until it was removed. */
    Optional<PluginId> removed(Path entry) {
        String name = name(entry);
        return name.endsWith(REMOVING)
                ? PluginId.parse(name.substring(0, name.length() - REMOVING.length()))
                : Optional.empty();
    }

    static String name(Path entry) {
        return String.valueOf(entry.getFileName());
    }
}
