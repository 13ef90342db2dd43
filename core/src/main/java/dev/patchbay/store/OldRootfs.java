package dev.patchbay.store;

import dev.patchbay.archive.ArchiveException;
import dev.patchbay.archive.ArchiveLimits;
import dev.patchbay.archive.LayerIndex;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.reference.Digest;
import dev.patchbay.reference.InvalidDigestException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Finishes or undoes an upgrade that dockerd began and did not end (D18). Each method blocks, {@link #judge} for as long as
 * it takes to read all layers.
 *
 * <p>dockerd renames {@code rootfs} to {@code rootfs-old}, gives the new one its name, saves the record, deletes the old
 * one; a save that fails is taken back (moby, {@code daemon/pkg/plugin/manager_linux.go}, {@code upgradePlugin}). So:
 * <ul>
 * <li>Only {@code rootfs-old} is there: it belongs to the record.
 * <li>Both are there: the one that holds what the record's layers say belongs to the record; the other one goes.
 * <li>Neither or both hold that, or the layers are gone: {@code rootfs} is used, and the other one kept under a name that
 * nothing else looks at. That is for good: what a plugin writes from then on must not decide the next time.
 * </ul>
 * Times prove nothing: dockerd saves all records again at each start, and a copy of the directory has times of its own.
 */
final class OldRootfs {
    private static final Logger LOG = LoggerFactory.getLogger(OldRootfs.class);

    private final Layout layout;
    private final DurableFiles files;
    private final PluginFolders folders;
    private final ContentStore content;
    private final Trash trash;
    private final StandingNotices notices;

    OldRootfs(Layout layout, DurableFiles files, ContentStore content, Trash trash, StandingNotices notices) {
        this.layout = layout;
        this.files = files;
        this.folders = new PluginFolders(layout, files);
        this.content = content;
        this.trash = trash;
        this.notices = notices;
    }

    /** Which root file system belongs to the record. */
    enum Verdict {
        /** What is in place, and nothing else is there. */
        SETTLED,
        /** What is in place; the old one goes. */
        NEW,
        /** The old one; what is in its place goes. */
        OLD,
        /** What is in place, since nothing speaks for either; the old one stays. */
        UNKNOWN
    }

    /** Whether a plugin has an old one. */
    boolean isThere(PluginId id) {
        return DurableFiles.isFolder(old(id));
    }

    /** Whether nothing is in its place, so that there is nothing to judge. */
    boolean isAlone(PluginId id) {
        return isThere(id) && !Files.exists(layout.rootfs(id), LinkOption.NOFOLLOW_LINKS);
    }

    /** Judges; changes nothing. An interrupt ends it. @throws StoreException if the disk keeps it from a judgement */
    Verdict judge(PluginRecord plugin) {
        PluginId id = plugin.plugin().id();
        if (!isThere(id)) {
            return Verdict.SETTLED;
        }
        return isAlone(id) ? Verdict.OLD : compare(plugin, layout.rootfs(id), old(id));
    }

    private Verdict compare(PluginRecord plugin, Path rootfs, Path old) {
        try {
            Optional<LayerIndex> layers = layers(plugin);
            if (layers.isEmpty()) {
                return Verdict.UNKNOWN;
            }
            boolean isNew = holds(rootfs, layers.get());
            boolean isOld = holds(old, layers.get());
            return isNew == isOld ? Verdict.UNKNOWN : isNew ? Verdict.NEW : Verdict.OLD;
        } catch (StoreException e) {
            if (mayPass(e)) {
                throw e;
            }
            return unknown(plugin, e);
        } catch (JacksonException | InvalidDigestException e) {
            return unknown(plugin, e);
        }
    }

    /** What is wrong with blobs stays wrong; what the disk does not give out now it may give out later. */
    private static boolean mayPass(StoreException e) {
        return e.getCause() instanceof IOException cause
                && !(cause instanceof NoSuchFileException || cause instanceof ArchiveException);
    }

    private static Verdict unknown(PluginRecord plugin, RuntimeException e) {
        LOG.warn("what is in the layers of {} cannot be read: {}", plugin.plugin().name().familiar(),
                e.getMessage());
        return Verdict.UNKNOWN;
    }

    /**
     * What the record's version consists of. Only the manifest says that: the record's own list of layers is still the
     * old version's when dockerd saves the new one (D14).
     */
    private Optional<LayerIndex> layers(PluginRecord plugin) {
        Optional<NamedBlobs> named = plugin.manifest()
                .flatMap(manifest -> content.read(manifest, NamedBlobs.MAX_MANIFEST_BYTES))
                .map(NamedBlobs::of);
        if (named.isEmpty()) {
            return Optional.empty();
        }
        var index = new LayerIndex(ArchiveLimits.DEFAULT);
        for (Digest layer : named.get().layers()) {
            Path blob = layout.blob(layer);
            files.step(DiskStep.READ, blob, () -> {
                try (InputStream in = new BufferedInputStream(
                        Files.newInputStream(blob, LinkOption.NOFOLLOW_LINKS))) {
                    index.add(in);
                }
                return blob;
            });
        }
        return Optional.of(index).filter(found -> found.size() > 0);
    }

    private boolean holds(Path folder, LayerIndex layers) {
        return files.step(DiskStep.READ, folder, () -> layers.isUnpackedIn(folder));
    }

    /**
     * Does what a judgement says. Nobody may use either root file system meanwhile. Each act is one rename, after which a
     * next judgement comes to the same end.
     */
    void carryOut(Verdict verdict, PluginRecord plugin) {
        PluginId id = plugin.plugin().id();
        String name = plugin.plugin().name().familiar();
        switch (verdict) {
            case SETTLED -> {
            }
            case NEW -> {
                trash.take(old(id)); // first: half of it would hold none of its files
                LOG.info("{} goes: the upgrade of {} had been saved", old(id), name);
            }
            case OLD -> {
                putBack(layout.rootfs(id), old(id));
                LOG.info("{} was put back: an upgrade of {} had been cut off before it was saved",
                        layout.rootfs(id), name);
            }
            case UNKNOWN -> {
                Path kept = old(id).resolveSibling(files.unique(Layout.UNDECIDED_PREFIX));
                files.rename(old(id), kept);
                notices.tell(kept, undecided(plugin, kept));
            }
        }
    }

    /** What to say of an old one that was kept since nothing decided. */
    String undecided(PluginRecord plugin, Path kept) {
        Path rootfs = layout.rootfs(plugin.plugin().id());
        return "an upgrade of " + plugin.plugin().name().familiar()
                + " was cut off, and it cannot be told which of " + rootfs + " and " + kept
                + " belongs to its record; " + rootfs
                + " is used. If that is the wrong one, disable the plugin and put the other in its place;"
                + " then delete the one that is left over";
    }

    private void putBack(Path rootfs, Path old) {
        if (!Files.exists(rootfs, LinkOption.NOFOLLOW_LINKS)) {
            files.rename(old, rootfs);
            return;
        }
        folders.unmountBelow(rootfs);
        Path gone = trash.place();
        files.rename(rootfs, gone);
        try {
            files.rename(old, rootfs);
        } catch (StoreException e) {
            DurableFiles.undo(e, () -> files.rename(gone, rootfs));
            throw e;
        }
        trash.deleteLater(gone);
    }

    private Path old(PluginId id) {
        return layout.plugin(id).resolve(Layout.OLD_ROOTFS);
    }
}
