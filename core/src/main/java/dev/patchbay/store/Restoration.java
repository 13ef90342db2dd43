package dev.patchbay.store;

import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.plugin.InvalidPluginConfigException;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginJson;
import dev.patchbay.plugin.PluginRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done to a plugin directory when it is opened: look for what a crash left, then read every plugin.
 *
 * <p>Clean-up never keeps a directory from being opened, however much of it there is: what is to be deleted is deleted
 * later, what is to be judged is judged meanwhile, and what cannot be cleaned is told and tried again next time.
 */
final class Restoration {
    private static final Logger LOG = LoggerFactory.getLogger(Restoration.class);

    private final Layout layout;
    private final DurableFiles files;
    private final PluginFolders folders;
    private final Versions versions;
    private final ContentStore content;
    private final RootLock lock;
    private final PreviousVersion previousVersion;
    private final HoldersFile holders;
    private final OldRootfs oldRootfs;
    private final Unsettled unsettled;
    private final Trash trash;
    private final PropagatedMounts propagatedMounts;
    private final Published published;

    /**
     * What puts the folders of plugins in order.
     *
     * @param unsettled where those end up whose root file system takes longer
     */
    record Repairs(Versions versions, OldRootfs oldRootfs, Unsettled unsettled,
            PropagatedMounts propagatedMounts,
            Trash trash) {}

    Restoration(Layout layout, DurableFiles files, Repairs repairs, ContentStore content, RootLock lock) {
        this.layout = layout;
        this.files = files;
        this.folders = new PluginFolders(layout, files);
        this.versions = repairs.versions();
        this.oldRootfs = repairs.oldRootfs();
        this.unsettled = repairs.unsettled();
        this.trash = repairs.trash();
        this.propagatedMounts = repairs.propagatedMounts();
        this.content = content;
        this.lock = lock;
        this.previousVersion = new PreviousVersion(layout, files);
        this.holders = new HoldersFile(layout, files);
        this.published = new Published(content);
    }

    /**
     * A directory that may be read.
     *
     * @param plugins those that there seem to be, by the names of folders
     * @param leftOver what is to be deleted once it has been read
     */
    record Found(List<PluginId> plugins, List<Trash.Deletion> leftOver) {}

    /**
     * Makes the directory if need be and finds what earlier processes left: half-removed plugins (by their full path,
     * unlike moby, D37), staged files and unfinished content (D43, D44). Deletes nothing: that takes as long as there is
     * much of it.
     *
     * @param staged what this process is staging right now
     */
    Found open(StagedPaths staged) {
        folders.prepare();
        lock.claim();
        content.prepare();
        List<Path> entries = files.list(layout.root());
        Stream<Trash.Deletion> removed = entries.stream()
                .flatMap(entry -> layout.removed(entry).stream().map(id -> removal(entry, id)));
        Stream<Trash.Deletion> left = files.list(layout.staging())
                .stream()
                .filter(entry -> isStaged(entry) && !staged.contains(entry) && !trash.contains(entry))
                .map(entry -> trash.deletion(entry, "delete what an earlier process staged"));
        // Only where there is any: what deletes is a thread that gives way, and the first such call of a process is slow.
        Stream<Trash.Deletion> unfinished = content.hasAbandonedIngests()
                ? Stream.of(new Trash.Deletion(layout.ingests(), "delete unfinished content",
                        content::deleteAbandonedIngests))
                : Stream.empty();
        return new Found(
                entries.stream().sorted().flatMap(entry -> layout.installed(entry).stream()).toList(),
                Stream.of(removed, left, unfinished).flatMap(deletions -> deletions).toList());
    }

    private Trash.Deletion removal(Path entry, PluginId id) {
        return new Trash.Deletion(entry, "finish the removal of plugin " + id.shortHex(),
                () -> folders.purge(id, trash::isClosing));
    }

    /** Answers what is being staged by this process. */
    @FunctionalInterface
    interface StagedPaths {
        boolean contains(Path path);
    }

    /**
     * Reads one plugin.
     *
     * @return the plugin, or what is wrong with it, and what is to be told beside it; nothing if there is no such folder
     */
    List<Loaded> load(PluginId id) {
        Path folder = layout.plugin(id);
        if (!DurableFiles.isFolder(folder)) {
            return List.of();
        }
        var notices = new Notices();
        Loaded loaded = load(id, folder, notices);
        return Stream.concat(Stream.of(loaded), notices.found().stream()).toList();
    }

    private Loaded load(PluginId id, Path folder, Notices notices) {
        try {
            Set<String> names = files.names(folder);
            if (names.stream().anyMatch(DurableFiles::isTemporary)) {
                notices.attempt(folder, "delete temporary files of plugin " + id.shortHex(),
                        () -> files.deleteTemporaries(folder));
            }
            if (!Versions.isUntouched(names)) {
                versions.settle(id);
            }
            return files.read(layout.record(id), PluginJson.MAX_BYTES)
                    .map(json -> decode(id, json, names, notices))
                    .orElseGet(() -> new Loaded.Damaged(id, folder, "there is no " + Layout.RECORD + " in "
                            + folder
                            + ": an install was cut off, or the file was deleted; restore it or delete the folder"));
        } catch (StoreException e) {
            return new Loaded.Damaged(id, folder, String.valueOf(e.getMessage()));
        }
    }

    private Loaded decode(PluginId id, byte[] json, Set<String> found, Notices notices) {
        Path folder = layout.plugin(id);
        try {
            PluginRecord plugin = PluginJson.record(json);
            PluginId recorded = plugin.plugin().id();
            if (!recorded.equals(id)) {
                // A copied folder would shadow the plugin that it was copied from (D47).
                return new Loaded.Damaged(id, folder, layout.record(id) + " is the record of another plugin, "
                        + recorded
                        + ": the folder was copied or renamed; delete it or give it its name back");
            }
            // Of those that were found: a judgement that begins here tells what it leaves undecided itself.
            found.stream()
                    .filter(name -> name.startsWith(Layout.UNDECIDED_PREFIX))
                    .map(folder::resolve)
                    .forEach(kept -> notices.tell(kept, oldRootfs.undecided(plugin, kept)));
            boolean settled = unsettled.settle(plugin);
            if (settled) {
                propagatedMounts.settle(plugin, notices);
            }
            // What was settled may have other names now; almost none has to be, of which there may be many.
            Set<String> names = Versions.isUntouched(found) && settled ? found : files.names(folder);
            return new Loaded.Intact(published.restore(plugin), runtime(id),
                    previousVersion.read(id, names, notices).map(published::restore),
                    holders.read(plugin, names, notices), limits(id, names));
        } catch (InvalidPluginConfigException e) {
            return new Loaded.Damaged(id, folder, layout.record(id) + " is damaged: " + e.getMessage());
        }
    }

    /** A plugin whose limits cannot be read is not run without: they may be what protects the machine from it. */
    private LimitOverrides limits(PluginId id, Set<String> names) {
        return names.contains(Layout.LIMITS)
                ? files.read(layout.limits(id), LimitsFile.MAX_BYTES)
                        .map(json -> LimitsFile.read(layout.limits(id), json))
                        .orElse(LimitOverrides.NONE)
                : LimitOverrides.NONE;
    }

    private Optional<RuntimeRecord> runtime(PluginId id) {
        Path file = layout.runtime(id);
        Optional<byte[]> json = files.read(file, RuntimeJson.MAX_BYTES);
        Optional<RuntimeRecord> runtime = json.flatMap(RuntimeJson::read);
        if (json.isPresent() && runtime.isEmpty()) {
            LOG.warn("{} is damaged; the plugin is loaded without its restart counts", file);
        }
        return runtime;
    }

    private static boolean isStaged(Path entry) {
        String name = Layout.name(entry);
        return name.startsWith(Layout.STAGED_ROOTFS_PREFIX) || name.startsWith(Layout.STAGED_PLUGIN_PREFIX);
    }
}
