package dev.patchbay.store;

import dev.patchbay.plugin.InvalidPluginConfigException;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginJson;
import dev.patchbay.plugin.PluginRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done to a plugin directory when it is opened: clean up after a crash, then read every plugin.
 *
 * <p>Clean-up never keeps a directory from being opened: what cannot be cleaned is logged and tried again next time.
 */
final class Restoration {
    private static final Logger LOG = LoggerFactory.getLogger(Restoration.class);

    private final Layout layout;
    private final DurableFiles files;
    private final PluginFolders folders;
    private final Versions versions;
    private final ContentStore content;
    private final RootLock lock;

    Restoration(Layout layout, DurableFiles files, Versions versions, ContentStore content, RootLock lock) {
        this.layout = layout;
        this.files = files;
        this.folders = new PluginFolders(layout, files);
        this.versions = versions;
        this.content = content;
        this.lock = lock;
    }

    /**
     * Makes the directory if need be and removes what earlier processes left: half-removed plugins (by their full path,
     * unlike moby, D37), staged files and unfinished content (D43, D44).
     *
     * @param staged what this process is staging right now
     * @return the folders of plugins
     */
    List<Path> tidy(StagedPaths staged) {
        folders.prepare();
        lock.claim();
        content.prepare();
        List<Path> entries = files.list(layout.root());
        entries.forEach(entry -> layout.removed(entry)
                .ifPresent(id -> attempt("finish the removal of plugin " + id.shortHex(),
                        () -> folders.purge(id))));
        for (Path entry : files.list(layout.staging())) {
            if (isStaged(entry) && !staged.contains(entry)) {
                attempt("delete what an earlier process staged", () -> folders.deleteTree(entry));
            }
        }
        attempt("delete unfinished content", content::deleteAbandonedIngests);
        return entries.stream()
                .filter(entry -> layout.installed(entry).isPresent() && DurableFiles.isFolder(entry))
                .sorted()
                .toList();
    }

    /** Answers what is being staged by this process. */
    @FunctionalInterface
    interface StagedPaths {
        boolean contains(Path path);
    }

    /** Reads one plugin. */
    Loaded load(Path folder) {
        PluginId id = layout.installed(folder)
                .orElseThrow(() -> new IllegalArgumentException(folder.toString()));
        try {
            attempt("delete temporary files of plugin " + id.shortHex(), () -> deleteTemporaryFiles(folder));
            versions.settle(id);
            attempt("restore the root file system of plugin " + id.shortHex(), () -> finishUpgrade(folder));
            return files.read(layout.record(id), PluginJson.MAX_BYTES)
                    .map(json -> decode(id, json))
                    .orElseGet(() -> new Loaded.Damaged(folder, "there is no " + Layout.RECORD + " in "
                            + folder
                            + ": an install was cut off, or the file was deleted; restore it or delete the folder"));
        } catch (StoreException e) {
            return new Loaded.Damaged(folder, String.valueOf(e.getMessage()));
        }
    }

    private Loaded decode(PluginId id, byte[] json) {
        Path folder = layout.plugin(id);
        try {
            PluginRecord plugin = PluginJson.record(json);
            PluginId recorded = plugin.plugin().id();
            // A copied folder would shadow the plugin that it was copied from (D47).
            return recorded.equals(id)
                    ? new Loaded.Intact(asPublished(plugin), runtime(id), previous(id))
                    : new Loaded.Damaged(folder, layout.record(id) + " is the record of another plugin, "
                            + recorded
                            + ": the folder was copied or renamed; delete it or give it its name back");
        } catch (InvalidPluginConfigException e) {
            return new Loaded.Damaged(folder, layout.record(id) + " is damaged: " + e.getMessage());
        }
    }

    private Optional<PluginRecord> previous(PluginId id) {
        Path folder = layout.plugin(id).resolve(Layout.PREVIOUS);
        if (!DurableFiles.isFolder(folder)) {
            return Optional.empty();
        }
        deleteTemporaryFiles(folder);
        Optional<PluginRecord> previous = DurableFiles.isFolder(folder.resolve(Layout.ROOTFS))
                ? files.read(folder.resolve(Layout.RECORD), PluginJson.MAX_BYTES).flatMap(Restoration::decode)
                : Optional.empty();
        if (previous.filter(plugin -> plugin.plugin().id().equals(id)).isEmpty()) {
            LOG.warn("{} is damaged; there is nothing to roll plugin {} back to", folder, id.shortHex());
            return Optional.empty();
        }
        return previous.map(this::asPublished);
    }

    /** Puts a record right in which Docker mixed what was set with what was published (D56), if the blob is there. */
    private PluginRecord asPublished(PluginRecord plugin) {
        if (!plugin.plugin().config().hasSettableMountsOrDevices()) {
            return plugin; // most have none: opening does not read all blobs
        }
        try {
            return plugin.config()
                    .flatMap(blob -> content.read(blob, PluginJson.MAX_BYTES))
                    .map(PluginJson::config)
                    .map(published -> plugin.withPlugin(plugin.plugin().asPublished(published)))
                    .orElse(plugin);
        } catch (StoreException | InvalidPluginConfigException e) {
            LOG.warn(
                    "the published configuration of {} cannot be read; what was set is taken for published: {}",
                    plugin.plugin().name(), e.getMessage());
            return plugin;
        }
    }

    private static Optional<PluginRecord> decode(byte[] json) {
        try {
            return Optional.of(PluginJson.record(json));
        } catch (InvalidPluginConfigException _) {
            return Optional.empty(); // the caller says so
        }
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

    private void deleteTemporaryFiles(Path folder) {
        files.list(folder)
                .stream()
                .filter(file -> Layout.name(file).startsWith(DurableFiles.TEMPORARY_PREFIX))
                .forEach(files::delete);
    }

    // Docker moves the root file system aside during an upgrade and never repairs one that was cut off there (D18).
    private void finishUpgrade(Path folder) {
        Path rootfs = folder.resolve(Layout.ROOTFS);
        Path old = folder.resolve(Layout.OLD_ROOTFS);
        if (!DurableFiles.isFolder(rootfs) && DurableFiles.isFolder(old)) {
            files.rename(old, rootfs);
            LOG.info("{} was put back: an upgrade had been cut off", rootfs);
        }
    }

    private static boolean isStaged(Path entry) {
        String name = Layout.name(entry);
        return name.startsWith(Layout.STAGED_ROOTFS_PREFIX) || name.startsWith(Layout.STAGED_PLUGIN_PREFIX);
    }

    private static void attempt(String what, Runnable cleanUp) {
        try {
            cleanUp.run();
        } catch (StoreException e) {
            LOG.warn("could not {}, will try again at the next start: {}", what, e.getMessage());
        }
    }
}
