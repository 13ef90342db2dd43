package dev.patchbay.store;

import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The version of a plugin in use, the one before it, and the change from one to the other. Each method blocks.
 *
 * <p>A plugin's folder holds the version in use where Docker has it: {@code config.json} and {@code rootfs}; and the one
 * before it in {@code previous}, with the same two names. While a change is under way there are also, names that Docker
 * ignores: {@code next}, the version to come, its record as {@code next.json}; {@code oldest}, the one that will be
 * deleted; {@code withdrawn}, a version that was to come. Docker moves the old root file system aside, repairs nothing
 * that is cut off after that (D18), leaves the new one behind on failure (D15) and mixes records (D14, D16). Here:
 * <ol>
 * <li>Each act is one rename(2) or link(2), synced before the next, and what is there says which acts were done.
 * <li>A version to come is complete and synced before it is called {@code next}; that name commits. From then on
 * {@link #settle} goes forward: old record and root file system to {@code previous}, the new ones into their places,
 * the record last.
 * <li>An act that fails after that takes the commitment back, by the name {@code withdrawn}; from then on
 * {@code settle} goes backward, to what there was.
 * <li>{@code oldest} is the previous version again if nothing has taken its place, and garbage if something has.
 * <li>A version that was the previous one, and only such a one, has a {@code config.json} in {@code next} or
 * {@code withdrawn}.
 * </ol>
 */
final class Versions {
    private static final Logger LOG = LoggerFactory.getLogger(Versions.class);

    private final Layout layout;
    private final DurableFiles files;
    private final PluginFolders folders;
    private final Trash trash;

    Versions(Layout layout, DurableFiles files, PluginFolders folders, Trash trash) {
        this.layout = layout;
        this.files = files;
        this.folders = folders;
        this.trash = trash;
    }

    /** The names in one plugin's folder. */
    private record Home(Path folder) {
        Path record() {
            return folder.resolve(Layout.RECORD);
        }

        Path rootfs() {
            return folder.resolve(Layout.ROOTFS);
        }

        Path previous() {
            return folder.resolve(Layout.PREVIOUS);
        }

        Path next() {
            return folder.resolve(Layout.NEXT);
        }

        Path withdrawn() {
            return folder.resolve(Layout.WITHDRAWN);
        }

        Path oldest() {
            return folder.resolve(Layout.OLDEST);
        }
    }

    /** Makes a staged root file system and a record the version in use. After a failure both are where they were. */
    void upgrade(Path stagedRootfs, PluginRecord plugin) {
        Home home = ready(plugin.plugin().id());
        Path building = trash.place();
        try {
            files.createFolder(building, DurableFiles.PRIVATE_FOLDER);
            files.rename(stagedRootfs, building.resolve(Layout.ROOTFS));
            files.writeNew(building.resolve(Layout.NEXT_RECORD), folders.json(plugin));
            if (DurableFiles.isFolder(home.previous())) {
                files.rename(home.previous(), home.oldest());
            }
            files.rename(building, home.next());
            forward(home);
        } catch (StoreException e) {
            DurableFiles.undo(e, () -> takeBack(home, building, stagedRootfs));
            throw e;
        }
        tidy(home);
    }

    /** Exchanges the version in use and the previous one. After a failure nothing has changed. */
    void rollBack(PluginRecord plugin) {
        Home home = ready(plugin.plugin().id());
        if (!isWhole(home.previous())) {
            throw new StoreException("cannot roll back: there is no previous version in " + home.previous(),
                    null);
        }
        try {
            files.writeNew(home.previous().resolve(Layout.NEXT_RECORD), folders.json(plugin));
            files.rename(home.previous(), home.next());
            forward(home);
        } catch (StoreException e) {
            DurableFiles.undo(e, () -> takeBack(home));
            throw e;
        }
        tidy(home);
    }

    /** Whether a folder with these names in it never had another version, nor was given one: there is nothing to settle. */
    static boolean isUntouched(Set<String> names) {
        return names.contains(Layout.ROOTFS)
                && Stream.of(Layout.PREVIOUS, Layout.NEXT, Layout.OLDEST, Layout.WITHDRAWN)
                        .noneMatch(names::contains);
    }

    /** Finishes or undoes a change that was cut off. Does nothing if there was none. */
    void settle(PluginId id) {
        Home home = new Home(layout.plugin(id));
        if (DurableFiles.isFolder(home.next())) {
            forward(home);
            tidy(home);
        } else {
            takeBack(home);
        }
        files.delete(home.previous().resolve(Layout.NEXT_RECORD));
    }

    private Home ready(PluginId id) {
        Home home = new Home(layout.plugin(id));
        settle(id); // first: a change that was cut off may have taken the root file system away
        if (!isWhole(home.folder())) {
            throw new StoreException("cannot change the version of the plugin in " + home.folder()
                    + ": there is no plugin; it was removed or damaged by somebody else", null);
        }
        requireSettled(home);
        folders.unmountBelow(home.rootfs());
        return home;
    }

    /** Makes sure that nothing of an earlier change is there, which would be taken for a part of the next one. */
    private static void requireSettled(Home home) {
        Stream.of(home.next(), home.withdrawn(), home.oldest())
                .filter(Versions::exists)
                .findFirst()
                .ifPresent(left -> {
                    throw new StoreException(
                            "cannot change the version of the plugin in " + home.folder() + ": " + left
                                    + ", which an earlier change left, cannot be removed",
                            null);
                });
    }

    private static boolean isWhole(Path version) {
        return Files.isRegularFile(version.resolve(Layout.RECORD), LinkOption.NOFOLLOW_LINKS)
                && DurableFiles.isFolder(version.resolve(Layout.ROOTFS));
    }

    private void forward(Home home) {
        Path record = home.next().resolve(Layout.NEXT_RECORD);
        if (!exists(record)) {
            return; // the last act was done
        }
        Path oldRecord = home.previous().resolve(Layout.RECORD);
        Path oldRootfs = home.previous().resolve(Layout.ROOTFS);
        files.ensureFolder(home.previous(), DurableFiles.PRIVATE_FOLDER);
        if (!exists(oldRecord)) {
            files.link(home.record(), oldRecord);
        }
        if (!DurableFiles.isFolder(oldRootfs)) {
            files.rename(home.rootfs(), oldRootfs);
        }
        Path newRootfs = home.next().resolve(Layout.ROOTFS);
        if (DurableFiles.isFolder(newRootfs)) {
            files.rename(newRootfs, home.rootfs());
        }
        files.move(record, home.record());
    }

    /** Goes back from whatever {@link #forward} has done. */
    private void backward(Home home) {
        Path oldRootfs = home.previous().resolve(Layout.ROOTFS);
        if (DurableFiles.isFolder(oldRootfs)) {
            if (DurableFiles.isFolder(home.rootfs())) {
                files.rename(home.rootfs(), home.withdrawn().resolve(Layout.ROOTFS));
            }
            files.rename(oldRootfs, home.rootfs());
        }
        Path oldRecord = home.previous().resolve(Layout.RECORD);
        if (exists(oldRecord)) {
            files.move(oldRecord, home.record());
            files.delete(oldRecord); // rename(2) does nothing if both names are of one file
        }
        files.delete(home.previous());
    }

    /** Takes an upgrade back and puts the root file system where it was staged. */
    private void takeBack(Home home, Path building, Path stagedRootfs) {
        withdraw(home);
        Path built = building.resolve(Layout.ROOTFS);
        if (DurableFiles.isFolder(built)) {
            files.rename(built, stagedRootfs);
        }
        Path withdrawn = home.withdrawn().resolve(Layout.ROOTFS);
        if (DurableFiles.isFolder(withdrawn)) {
            files.rename(withdrawn, stagedRootfs);
        }
        takeBack(home);
        folders.deleteTree(building);
    }

    /** Takes back what was begun, committed or not. */
    private void takeBack(Home home) {
        withdraw(home);
        Path withdrawn = home.withdrawn();
        if (exists(withdrawn.resolve(Layout.RECORD))) {
            files.delete(withdrawn.resolve(Layout.NEXT_RECORD));
            files.rename(withdrawn, home.previous());
        } else if (DurableFiles.isFolder(withdrawn)) {
            trash.take(withdrawn);
        }
        restoreOldest(home);
        files.delete(home.previous().resolve(Layout.NEXT_RECORD));
    }

    private void withdraw(Home home) {
        if (DurableFiles.isFolder(home.next())) {
            files.rename(home.next(), home.withdrawn());
        }
        if (DurableFiles.isFolder(home.withdrawn())) {
            backward(home);
        }
    }

    private void restoreOldest(Home home) {
        if (!DurableFiles.isFolder(home.oldest())) {
            return;
        }
        if (DurableFiles.isFolder(home.previous())) {
            trash.take(home.oldest());
        } else {
            files.rename(home.oldest(), home.previous());
        }
    }

    /** Removes what a finished change leaves. It is done: what cannot be removed now is removed at the next start. */
    private void tidy(Home home) {
        try {
            folders.deleteTree(home.next());
            restoreOldest(home);
        } catch (StoreException e) {
            LOG.warn("what a change of versions leaves stays until the next one: {}", e.getMessage());
        }
    }

    private static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }
}
