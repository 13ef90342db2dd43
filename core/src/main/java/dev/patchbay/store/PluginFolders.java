package dev.patchbay.store;

import dev.patchbay.archive.TreeDeletion;
import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginJson;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.syscall.Mounts;
import dev.patchbay.use.Holder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes, changes and deletes the folders of plugins. Each method blocks; those that fail have changed nothing. */
final class PluginFolders {
    private static final Logger LOG = LoggerFactory.getLogger(PluginFolders.class);

    private final Layout layout;
    private final DurableFiles files;

    PluginFolders(Layout layout, DurableFiles files) {
        this.layout = layout;
        this.files = files;
    }

    /** Makes the plugin root and the staging area. */
    void prepare() {
        files.ensureFolder(layout.root(), DurableFiles.PRIVATE_FOLDER);
        files.ensureFolder(layout.staging(), DurableFiles.PRIVATE_FOLDER);
    }

    /**
     * Makes a plugin's folder. It is built in the staging area and appears by one rename, record included: moby makes
     * it in place, and a crash in between leaves a folder without a record that nobody cleans (D43).
     */
    void install(Path stagedRootfs, PluginRecord plugin) {
        Path target = layout.plugin(plugin.plugin().id());
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new StoreException("cannot install into " + target + ": it exists already", null);
        }
        Path building = layout.staging().resolve(files.unique(Layout.STAGED_PLUGIN_PREFIX));
        try {
            files.createFolder(building, DurableFiles.PRIVATE_FOLDER);
            files.rename(stagedRootfs, building.resolve(Layout.ROOTFS));
            if (PropagatedMounts.hasOne(plugin.plugin().config())) {
                files.createFolder(building.resolve(Layout.PROPAGATED_MOUNT), DurableFiles.PUBLIC_FOLDER);
            }
            files.writeNew(building.resolve(Layout.RECORD), json(plugin));
            files.rename(building, target);
        } catch (StoreException e) {
            DurableFiles.undo(e, () -> takeApart(building, stagedRootfs));
            throw e;
        }
    }

    /** Replaces a record. */
    void save(PluginRecord plugin) {
        Path record = layout.record(plugin.plugin().id());
        mustExist(DurableFiles.parent(record));
        files.replace(record, json(plugin), files.read(record, PluginJson.MAX_BYTES));
    }

    /** Replaces what Docker's record has no place for. */
    void saveRuntime(PluginId id, RuntimeRecord runtime) {
        Path file = layout.runtime(id);
        mustExist(DurableFiles.parent(file));
        files.replaceUnsynced(file, RuntimeJson.write(runtime));
    }

    /**
     * Replaces those who hold a plugin, durably. Once there is a file it is written each time, and never deleted: what it
     * holds may be what a failed write left, or took back, and would not be safe for being what it should be.
     */
    void saveHolders(PluginId id, List<Holder> holders) {
        Path file = layout.holders(id);
        mustExist(DurableFiles.parent(file));
        Optional<byte[]> before = files.read(file, HoldersJson.MAX_BYTES);
        if (before.isPresent() || !holders.isEmpty()) {
            files.replace(file, HoldersJson.write(holders),
                    before.or(() -> Optional.of(HoldersJson.write(List.of()))));
        }
    }

    /** Replaces the limits of a plugin, durably; a file that there is is never deleted, as with holders. */
    void saveLimits(PluginId id, LimitOverrides limits) {
        Path file = layout.limits(id);
        mustExist(DurableFiles.parent(file));
        Optional<byte[]> before = files.read(file, LimitsFile.MAX_BYTES);
        if (before.isPresent() || !limits.equals(LimitOverrides.NONE)) {
            files.replace(file, LimitsFile.write(limits),
                    before.or(() -> Optional.of(LimitsFile.write(LimitOverrides.NONE))));
        }
    }

    /** Takes a folder out of sight. Does nothing if there is none. Fails if an earlier one of the same id is still there. */
    void remove(PluginId id) {
        Path folder = layout.plugin(id);
        if (DurableFiles.isFolder(folder)) {
            files.rename(folder, layout.removing(id));
        }
    }

    /** Deletes what {@link #remove} took out of sight. Does nothing if it is gone. */
    void purge(PluginId id, BooleanSupplier stopped) {
        Optional<Path> remains = setAside(id);
        if (remains.isPresent()) {
            deleteWithMounts(remains.get(), stopped);
            files.syncFolder(layout.root());
        }
    }

    /**
     * Gives what {@link #remove} took out of sight a name of its own, so that of two who delete it each deletes something
     * else. @return where it is now, empty if it is gone
     */
    Optional<Path> setAside(PluginId id) {
        Path folder = layout.removing(id);
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        Path aside = layout.staging().resolve(files.unique(Layout.STAGED_PLUGIN_PREFIX));
        try {
            files.step(DiskStep.RENAME, folder,
                    () -> Files.move(folder, aside, StandardCopyOption.ATOMIC_MOVE));
            return Optional.of(aside);
        } catch (StoreException e) {
            LOG.debug("deleted where it is, since a full disk may have no room for another name: {}",
                    e.getMessage());
            return Optional.of(folder);
        }
    }

    /** Deletes a folder and all in it, after unmounting whatever is mounted below it. */
    void deleteWithMounts(Path folder, BooleanSupplier stopped) {
        unmountBelow(folder);
        deleteTree(folder, stopped);
    }

    /** Deletes a folder and all in it. Refuses if something is mounted below: that is the host's, not the plugin's. */
    void deleteTree(Path folder) {
        deleteTree(folder, () -> false);
    }

    private void deleteTree(Path folder, BooleanSupplier stopped) {
        files.step(DiskStep.DELETE, folder, () -> {
            TreeDeletion.delete(folder, stopped);
            return folder;
        });
    }

    /** Unmounts all that is mounted below a folder. Does nothing if there is no folder. */
    void unmountBelow(Path folder) {
        if (!DurableFiles.isFolder(folder)) {
            return;
        }
        files.step(DiskStep.UNMOUNT, folder, () -> {
            Mounts.unmountBelow(folder);
            return folder;
        });
    }

    private void takeApart(Path building, Path stagedRootfs) {
        Path rootfs = building.resolve(Layout.ROOTFS);
        if (DurableFiles.isFolder(rootfs)) {
            files.rename(rootfs, stagedRootfs);
        }
        deleteTree(building);
    }

    /** A record as it is written. */
    byte[] json(PluginRecord plugin) {
        // Docker fills this in at the first enable; until then a consumer of the record is misled (D38).
        String rootfs = layout.rootfs(plugin.plugin().id()).toString();
        return PluginJson.record(new PluginRecord(plugin.plugin(), rootfs, plugin.config(), plugin.blobsums(),
                plugin.manifest(), plugin.swarmServiceId()));
    }

    private static void mustExist(Path folder) {
        if (!DurableFiles.isFolder(folder)) {
            throw new StoreException(
                    "cannot write below " + folder + ": there is no such folder; the plugin was"
                            + " removed by somebody else",
                    null);
        }
    }
}
