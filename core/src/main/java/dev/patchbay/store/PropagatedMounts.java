package dev.patchbay.store;

import dev.patchbay.plugin.PluginConfig;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folders beside the root file systems in which plugins mount what the host shall see. Each method blocks.
 *
 * <p>Old engines had these folders inside the root file system. Later ones move them out when they open the directory,
 * for the types of plugins that keep data there (moby, {@code daemon/pkg/plugin/manager.go}, {@code reload}); so does
 * this class, with one rename inside the plugin's folder. Unlike moby it never touches anything else: not for a plugin
 * that was never enabled, whose record names no root file system (D38), and not where {@code ..} or a link leads (D39).
 *
 * <p>Whether there is such a folder is told by the names in the plugin's, never by a look at it: a plugin may have left a
 * file system there whose server is gone, and whoever looks at that one waits for ever.
 */
final class PropagatedMounts {
    private static final Logger LOG = LoggerFactory.getLogger(PropagatedMounts.class);

    private static final List<String> MOVED = List.of("volumedriver", "graphdriver", "csinode",
            "csicontroller");

    private final Layout layout;
    private final DurableFiles files;

    PropagatedMounts(Layout layout, DurableFiles files) {
        this.layout = layout;
        this.files = files;
    }

    /** Whether a plugin has its folder from the beginning. For the others the runtime makes it, when it is needed. */
    static boolean hasOne(PluginConfig config) {
        return !config.propagatedMount().isEmpty() && MOVED.stream().anyMatch(config::providesCapability);
    }

    /**
     * Moves the folder of a plugin to its place if an old engine left it elsewhere, and makes it if there is none.
     *
     * @param plugin as Docker recorded it; its root file system is the right one
     * @param notices told if the folder cannot be moved; its data then stay where they are
     */
    void settle(PluginRecord plugin, NoticeBoard notices) {
        PluginId id = plugin.plugin().id();
        if (!hasOne(plugin.plugin().config())) {
            return;
        }
        Path place = layout.propagatedMount(id);
        try {
            Set<String> names = files.names(layout.plugin(id));
            if (names.contains(Layout.PROPAGATED_MOUNT)) {
                return;
            }
            Optional<Path> old = isOurs(names) ? Optional.empty() : old(plugin);
            if (old.isPresent()) {
                files.rename(old.get(), place);
                LOG.info("the data of {} were moved from {}, where an old engine kept them, to {}",
                        plugin.plugin().name().familiar(), old.get(), place);
            } else {
                make(place);
            }
        } catch (StoreException e) {
            notices.tell(layout.plugin(id), "the data that " + plugin.plugin().name().familiar()
                    + " has in " + plugin.plugin().config().propagatedMount() + " of " + layout.rootfs(id)
                    + " are not moved to " + place
                    + ", where they are looked for now; put that right, or move them yourself,"
                    + " before you enable the plugin: " + e.getMessage());
        }
    }

    /**
     * Makes the folder of a plugin that has changed its version. The change is done: should this fail, the folder is
     * made when it is needed.
     */
    void provide(PluginRecord plugin) {
        try {
            PluginId id = plugin.plugin().id();
            if (hasOne(plugin.plugin().config())
                    && !files.names(layout.plugin(id)).contains(Layout.PROPAGATED_MOUNT)) {
                make(layout.propagatedMount(id));
            }
        } catch (StoreException e) {
            LOG.warn("a new version has no folder for its mounts yet: {}", e.getMessage());
        }
    }

    private void make(Path place) {
        files.createFolder(place, DurableFiles.PUBLIC_FOLDER);
        files.syncFolder(DurableFiles.parent(place));
    }

    /**
     * Whether the version in use was put there by us, who keep the one before it. What such a version has in its root file
     * system its author shipped; that its folder is missing means that we were cut off before we made it.
     */
    private static boolean isOurs(Set<String> names) {
        return names.contains(Layout.PREVIOUS);
    }

    private Optional<Path> old(PluginRecord plugin) {
        if (plugin.rootfs().isEmpty()) {
            return Optional.empty();
        }
        Path rootfs = layout.rootfs(plugin.plugin().id());
        return files.step(DiskStep.READ, rootfs,
                () -> ScopedPath.folder(rootfs, plugin.plugin().config().propagatedMount()));
    }
}
