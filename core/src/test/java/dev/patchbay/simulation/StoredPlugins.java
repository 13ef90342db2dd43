package dev.patchbay.simulation;

import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.simulation.SimulatedDisk.Folder;
import dev.patchbay.store.Loaded;
import dev.patchbay.store.RuntimeRecord;
import dev.patchbay.store.StoreException;
import dev.patchbay.use.Holder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The folders of plugins on a {@link SimulatedDisk}, in the steps of {@code FileStore}: temporary file, sync, rename, sync
 * of the folder; a new plugin appears by one rename, an old one goes by one. A change of versions is simpler than there:
 * the record names the root file systems of both, so that one rename commits it.
 */
final class StoredPlugins {
    static final String RECORD = "config.json";
    static final String ROOTFS = "rootfs-";
    static final String FILES = "files";

    private static final String RUNTIME = "patchbay.json";
    private static final String HOLDERS = "holders.json";
    private static final String LIMITS = "limits.json";
    private static final String TEMPORARY = ".tmp-";
    private static final String REMOVING = "-removing";

    /** What a record's file holds: the version in use, the one before it, and where their files are. */
    record Versions(PluginRecord record, String rootfs, Optional<Earlier> previous) {
        /** Both. */
        Stream<PluginRecord> records() {
            return Stream.concat(Stream.of(record), previous.map(Earlier::record).stream());
        }
    }

    /** The version before. */
    record Earlier(PluginRecord record, String rootfs) {}

    private final SimulatedDisk disk;
    private final DiskFaults faults;
    private final Consumer<PluginId> unreadable;
    private final Folder plugins;
    private final Folder staging;

    /**
     * Makes one.
     *
     * @param unreadable told of each plugin whose folder could not be read
     */
    StoredPlugins(SimulatedDisk disk, DiskFaults faults, Consumer<PluginId> unreadable) {
        this.disk = disk;
        this.faults = faults;
        this.unreadable = unreadable;
        this.plugins = disk.top(SimulatedStore.PLUGINS);
        this.staging = disk.top(SimulatedStore.STAGING);
    }

    /** A name that nothing else has. */
    String unique(String prefix) {
        return prefix + disk.nextNumber();
    }

    /** What is recorded of the plugin in this folder, if it can be read. */
    Optional<Versions> versions(String folder) {
        return plugins.get(folder) instanceof Folder plugin && plugin.content(RECORD) instanceof Versions read
                ? Optional.of(read)
                : Optional.empty();
    }

    /** The plugins there are, those left out that are being removed. */
    List<String> ids() {
        return plugins.names().stream().filter(name -> !name.endsWith(REMOVING)).toList();
    }

    void install(String staged, PluginRecord record) {
        String building = unique("building-");
        String rootfs = unique(ROOTFS);
        try {
            Folder folder = disk.createFolder(staging, building);
            move(staging, staged, folder, rootfs);
            write(folder, RECORD, new Versions(record, rootfs, Optional.empty()));
            move(staging, building, plugins, record.plugin().id().hex());
        } catch (StoreException e) {
            faults.undo(() -> takeApart(building, rootfs, staged));
            throw e;
        }
    }

    private void takeApart(String building, String rootfs, String staged) {
        if (staging.get(building) instanceof Folder folder) {
            if (folder.has(rootfs)) {
                disk.rename(folder, rootfs, staging, staged);
            }
            disk.delete(staging, building);
        }
    }

    void save(PluginRecord record) {
        Folder folder = plugins.folder(record.plugin().id().hex());
        Versions old = read(folder);
        replace(folder, new Versions(record, old.rootfs(), old.previous()), old);
    }

    void upgrade(String staged, PluginRecord record) {
        Folder folder = plugins.folder(record.plugin().id().hex());
        Versions old = read(folder);
        String rootfs = unique(ROOTFS);
        try {
            move(staging, staged, folder, rootfs);
            replace(folder, new Versions(record, rootfs,
                    Optional.of(new Earlier(old.record(), old.rootfs()))), old);
        } catch (StoreException e) {
            faults.undo(() -> {
                if (folder.has(rootfs)) {
                    disk.rename(folder, rootfs, staging, staged);
                }
            });
            throw e;
        }
        old.previous().ifPresent(oldest -> tidy(folder, oldest.rootfs()));
    }

    /** It is done: what cannot be deleted now is deleted at the next start. */
    private void tidy(Folder folder, String rootfs) {
        faults.undo(() -> disk.delete(folder, rootfs));
    }

    void rollBack(PluginRecord record) {
        Folder folder = plugins.folder(record.plugin().id().hex());
        Versions old = read(folder);
        Earlier previous = old.previous()
                .orElseThrow(() -> new StoreException("there is no previous version", null));
        replace(folder, new Versions(record, previous.rootfs(),
                Optional.of(new Earlier(old.record(), old.rootfs()))), old);
    }

    void saveRuntime(PluginId plugin, RuntimeRecord runtime) {
        Folder folder = plugins.folder(plugin.hex());
        String temporary = unique(TEMPORARY);
        try {
            disk.create(folder, temporary, runtime);
            disk.rename(folder, temporary, folder, RUNTIME);
        } catch (StoreException e) {
            faults.undo(() -> disk.delete(folder, temporary));
            throw e;
        }
    }

    void saveHolders(PluginId plugin, List<Holder> holders) {
        Folder folder = plugins.folder(plugin.hex());
        List<Holder> old = holders(folder);
        if (holders.isEmpty() && !folder.has(HOLDERS)) {
            return;
        }
        try {
            write(folder, HOLDERS, holders);
        } catch (StoreException e) {
            faults.undo(() -> {
                if (folder.has(HOLDERS) && holders.equals(folder.content(HOLDERS))) {
                    String temporary = unique(TEMPORARY);
                    disk.create(folder, temporary, old);
                    disk.sync(folder, temporary);
                    disk.rename(folder, temporary, folder, HOLDERS);
                }
            });
            throw e;
        }
    }

    void saveLimits(PluginId plugin, LimitOverrides limits) {
        Folder folder = plugins.folder(plugin.hex());
        LimitOverrides old = limits(folder);
        try {
            write(folder, LIMITS, limits);
        } catch (StoreException e) {
            faults.undo(() -> {
                if (limits.equals(folder.content(LIMITS))) {
                    String temporary = unique(TEMPORARY);
                    disk.create(folder, temporary, old);
                    disk.sync(folder, temporary);
                    disk.rename(folder, temporary, folder, LIMITS);
                }
            });
            throw e;
        }
    }

    void remove(PluginId plugin) {
        if (plugins.has(plugin.hex())) {
            move(plugins, plugin.hex(), plugins, plugin.hex() + REMOVING);
        }
    }

    void purge(PluginId plugin) {
        disk.delete(plugins, plugin.hex() + REMOVING);
        disk.sync(plugins);
    }

    /** Finishes what a process left half done, then reads. What cannot be cleaned is left for the next time. */
    List<Loaded> load() {
        for (String name : plugins.names()) {
            if (name.endsWith(REMOVING)) {
                disk.delete(plugins, name);
            }
        }
        for (String left : staging.names()) {
            disk.delete(staging, left);
        }
        List<Loaded> found = new ArrayList<>();
        for (String id : ids()) {
            found.add(load(id, plugins.folder(id)));
        }
        return found;
    }

    /** Reads one plugin again, if there is a folder of it. */
    Optional<Loaded> reload(PluginId plugin) {
        return plugins.get(plugin.hex()) instanceof Folder folder
                ? Optional.of(load(plugin.hex(), folder))
                : Optional.empty();
    }

    private Loaded load(String id, Folder folder) {
        if (faults.readFails()) {
            unreadable.accept(new PluginId(id));
            return new Loaded.Damaged(new PluginId(id), Path.of("/sim", id), "input/output error");
        }
        if (!(folder.content(RECORD) instanceof Versions versions)) {
            return new Loaded.Damaged(new PluginId(id), Path.of("/sim", id),
                    "its record is " + folder.content(RECORD));
        }
        for (String name : folder.names()) {
            if (name.startsWith(TEMPORARY) || (name.startsWith(ROOTFS) && !name.equals(versions.rootfs())
                    && versions.previous().filter(previous -> name.equals(previous.rootfs())).isEmpty())) {
                disk.delete(folder, name);
            }
        }
        Optional<RuntimeRecord> runtime = folder.content(RUNTIME) instanceof RuntimeRecord read
                ? Optional.of(read)
                : Optional.empty();
        return new Loaded.Intact(versions.record(), runtime, versions.previous().map(Earlier::record),
                holders(folder), limits(folder));
    }

    private static List<Holder> holders(Folder folder) {
        return folder.content(HOLDERS) instanceof List<?> list
                ? list.stream().map(Holder.class::cast).toList()
                : List.of();
    }

    private static LimitOverrides limits(Folder folder) {
        return folder.content(LIMITS) instanceof LimitOverrides limits ? limits : LimitOverrides.NONE;
    }

    private static Versions read(Folder folder) {
        if (folder.content(RECORD) instanceof Versions versions) {
            return versions;
        }
        throw new StoreException("the record is damaged", null);
    }

    private void replace(Folder folder, Versions versions, Versions old) {
        try {
            write(folder, RECORD, versions);
        } catch (StoreException e) {
            faults.undo(() -> {
                if (versions.equals(folder.content(RECORD))) {
                    String temporary = unique(TEMPORARY);
                    disk.create(folder, temporary, old);
                    disk.sync(folder, temporary);
                    disk.rename(folder, temporary, folder, RECORD);
                }
            });
            throw e;
        }
    }

    private void write(Folder folder, String name, Object content) {
        String temporary = unique(TEMPORARY);
        try {
            disk.create(folder, temporary, content);
            disk.sync(folder, temporary);
            disk.rename(folder, temporary, folder, name);
        } catch (StoreException e) {
            faults.undo(() -> disk.delete(folder, temporary));
            throw e;
        }
        disk.sync(folder);
    }

    /** Renames durably; if that fails, the old name is there again. */
    private void move(Folder from, String name, Folder to, String other) {
        disk.rename(from, name, to, other);
        try {
            disk.sync(to);
            if (from != to) {
                disk.sync(from);
            }
        } catch (StoreException e) {
            faults.undo(() -> disk.rename(to, other, from, name));
            throw e;
        }
    }
}
