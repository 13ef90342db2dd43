package dev.patchbay.simulation;

import dev.patchbay.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A disk under a journaling file system, as little of it as {@link SimulatedStore} needs.
 *
 * <p>It models: what a file holds is durable once the file is synced; names, and their changes, are journaled in order,
 * each change whole, and durable once a folder that it touches is synced, with all that was journaled before. When power
 * is lost, a prefix of the rest of the journal survives, and of each file that was not synced all, nothing, or something
 * torn. A process that is killed loses nothing. Any step may fail for want of space or because of the device, and any step
 * may be the last one of its process.
 *
 * <p>It does not model: links, permissions, mounts, other file systems' weaker orders, files that are changed in place,
 * reads that fail but those of a plugin's record at an opening. {@code FaultTest} and {@code DurabilityTest} of the store
 * are about real files.
 */
final class SimulatedDisk {
    /** What is read of a file that power was lost over. */
    static final Object TORN = new Object() {
        @Override
        public String toString() {
            return "something torn";
        }
    };

    /** Something that has a name. */
    sealed interface Node {}

    /** Names. */
    static final class Folder implements Node {
        private final TreeMap<String, Node> now = new TreeMap<>();
        private final TreeMap<String, Node> durable = new TreeMap<>();

        /** What has this name, if anything. */
        @Nullable
        Node get(String name) {
            return now.get(name);
        }

        boolean has(String name) {
            return now.containsKey(name);
        }

        List<String> names() {
            return List.copyOf(now.keySet());
        }

        /** The folder of this name, which must be there. */
        Folder folder(String name) {
            if (now.get(name) instanceof Folder folder) {
                return folder;
            }
            throw new StoreException("there is no folder " + name, null);
        }

        /** What the file of this name holds; nothing if there is none. */
        @Nullable
        Object content(String name) {
            return now.get(name) instanceof File file ? file.now : null;
        }
    }

    /** Content, whatever it is. */
    static final class File implements Node {
        private Object now = TORN;
        private Object durable = TORN;
    }

    private record Change(Folder folder, String name, @Nullable Node node) {
        void survive() {
            put(folder.durable, name, node);
        }
    }

    private final Chance chance;
    private final Folder root = new Folder();
    private final List<List<Change>> journal = new ArrayList<>();
    private final DiskFaults faults;
    private long numbers;
    private BiConsumer<Folder, String> deletions = (_, _) -> {};

    SimulatedDisk(Chance chance, DiskFaults faults) {
        this.chance = chance;
        this.faults = faults;
        for (String name : List.of(SimulatedStore.PLUGINS, SimulatedStore.STAGING, SimulatedStore.BLOBS)) {
            var folder = new Folder();
            root.now.put(name, folder);
            root.durable.put(name, folder);
        }
    }

    /** Lets somebody see what is deleted, before it is. */
    void watchDeletions(BiConsumer<Folder, String> watcher) {
        deletions = watcher;
    }

    /** A number that was never given out before, by any process: what names are made of in place of chance. */
    long nextNumber() {
        return numbers++;
    }

    /** A folder of the top. */
    Folder top(String name) {
        return root.folder(name);
    }

    /** Makes an empty folder; its name is not synced. */
    Folder createFolder(Folder parent, String name) {
        faults.beforeGrowing();
        var folder = new Folder();
        change(new Change(parent, name, folder));
        return folder;
    }

    /** Makes a new file; its name is not synced. */
    void create(Folder parent, String name, Object content) {
        faults.beforeGrowing();
        var file = new File();
        change(new Change(parent, name, file));
        faults.beforeGrowing();
        file.now = content;
    }

    /** Makes what a file holds durable. */
    void sync(Folder parent, String name) {
        faults.beforeStep();
        if (parent.now.get(name) instanceof File file && !faults.skipsSync()) {
            file.durable = file.now;
        }
    }

    /** Makes the names in a folder durable. */
    void sync(Folder folder) {
        faults.beforeStep();
        if (faults.skipsSync()) {
            return;
        }
        int last = journal.size() - 1;
        while (last >= 0 && journal.get(last).stream().noneMatch(change -> change.folder == folder)) {
            last--;
        }
        List<List<Change>> done = journal.subList(0, last + 1);
        done.forEach(act -> act.forEach(Change::survive));
        done.clear();
    }

    /** Gives something another name, in place of whatever has it. */
    void rename(Folder from, String name, Folder to, String other) {
        faults.beforeStep();
        Node node = from.now.get(name);
        if (node == null) {
            throw new StoreException("cannot rename " + name + ": no such file or directory", null);
        }
        change(new Change(from, name, null), new Change(to, other, node));
    }

    /** Deletes a name, and all below it, one by one. */
    void delete(Folder parent, String name) {
        if (parent.now.get(name) instanceof Folder folder) {
            folder.names().forEach(below -> delete(folder, below));
        }
        faults.beforeStep();
        if (parent.has(name)) {
            deletions.accept(parent, name);
            change(new Change(parent, name, null));
        }
    }

    private void change(Change... changes) {
        for (Change change : changes) {
            put(change.folder.now, change.name, change.node);
        }
        journal.add(List.of(changes));
    }

    private static void put(Map<String, Node> names, String name, @Nullable Node node) {
        if (node == null) {
            names.remove(name);
        } else {
            names.put(name, node);
        }
    }

    /** Turns the power off, and on again. */
    void losePower() {
        int kept = chance.below(journal.size() + 1);
        journal.subList(0, kept).forEach(act -> act.forEach(Change::survive));
        journal.clear();
        wake(root);
    }

    private void wake(Folder folder) {
        folder.now.clear();
        folder.now.putAll(folder.durable);
        for (Node node : folder.now.values()) {
            switch (node) {
                case Folder below -> wake(below);
                case File file -> wake(file);
            }
        }
    }

    private void wake(File file) {
        if (!file.now.equals(file.durable)) {
            file.now = switch (chance.below(3)) {
                case 0 -> file.now;
                case 1 -> file.durable;
                default -> TORN;
            };
            file.durable = file.now;
        }
    }
}
