package dev.patchbay.store;

import dev.patchbay.plugin.PluginId;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/**
 * Folders that are out of everybody's way and will be deleted, sooner or later: nobody waits for that, neither who opens
 * the directory nor who removes or upgrades a plugin, since a root file system may have a million files.
 *
 * <p>What is to be deleted has a name that says so before the first of its files goes: it lies in the staging area, or is
 * called {@code -removing}. A process that ends in the middle leaves it to the next one, which finds it by that name. A
 * closing store does not wait for the rest either.
 */
final class Trash {
    private final Layout layout;
    private final DurableFiles files;
    private final PluginFolders folders;
    private final StandingNotices notices;
    private final Chores chores;
    private final Set<Path> going = ConcurrentHashMap.newKeySet();
    private volatile boolean closing;

    /** Has nothing in it yet. */
    Trash(Layout layout, DurableFiles files, PluginFolders folders, StandingNotices notices, Chores chores) {
        this.layout = layout;
        this.files = files;
        this.folders = folders;
        this.notices = notices;
        this.chores = chores;
    }

    /**
     * A deletion that is still to be done.
     *
     * @param what it in a sentence: "could not ..."
     */
    record Deletion(Path place, String what, Runnable act) {}

    /** Where something may be put that is to be deleted: a name that nobody else uses. */
    Path place() {
        return layout.staging().resolve(files.unique(Layout.STAGED_PLUGIN_PREFIX));
    }

    /** Takes a folder out of everybody's way, durably. After a failure it is where it was. */
    void take(Path folder) {
        Path gone = place();
        folders.unmountBelow(folder); // what is mounted on it cannot be renamed
        files.rename(folder, gone);
        deleteLater(gone);
    }

    /** Takes what is left of a plugin that was removed before, if there is any. */
    void takeRemains(PluginId plugin) {
        folders.setAside(plugin).ifPresent(this::deleteLater);
    }

    /** Deletes what lies in a {@link #place}. */
    void deleteLater(Path gone) {
        deleteLater(List.of(deletion(gone, "delete what is not needed any more")));
    }

    /** The deletion of something in the staging area. */
    Deletion deletion(Path gone, String what) {
        return new Deletion(gone, what, () -> folders.deleteWithMounts(gone, this::isClosing));
    }

    /** Carries out deletions, one after the other. */
    void deleteLater(List<Deletion> deletions) {
        List<Deletion> mine = deletions.stream().filter(deletion -> going.add(deletion.place())).toList();
        if (mine.isEmpty()) {
            return;
        }
        try {
            chores.begin(() -> mine.forEach(this::carryOut));
        } catch (StoreException e) {
            mine.forEach(deletion -> failed(deletion, e));
        }
    }

    private void carryOut(Deletion deletion) {
        if (closing) {
            return;
        }
        try {
            deletion.act().run();
            notices.withdraw(deletion.place());
            going.remove(deletion.place());
        } catch (RuntimeException e) { // whatever it is, it costs this one only
            if (!closing) {
                failed(deletion, e);
            }
        }
    }

    private void failed(Deletion deletion, RuntimeException e) {
        going.remove(deletion.place());
        notices.tell(deletion.place(), "could not " + deletion.what() + ", will try again at the next start: "
                + e.getMessage());
    }

    /** Whether something is being deleted, or will be, by this process. */
    boolean contains(Path place) {
        return going.contains(place);
    }

    /** Whether deletions should stop where they are. */
    boolean isClosing() {
        return closing;
    }

    /** Completes when all is deleted that is in it now. */
    Mono<Void> emptied() {
        return chores.ended();
    }

    /** Stops at the next file, and leaves the rest to the next process. */
    Mono<Void> close() {
        return Mono.defer(() -> {
            closing = true;
            return chores.close();
        });
    }
}
