package dev.patchbay.store;

import dev.patchbay.archive.ArchiveLimits;
import dev.patchbay.archive.LayerIndex;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.reference.Digest;
import dev.patchbay.reference.InvalidDigestException;
import java.io.BufferedInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Finishes or undoes an upgrade that dockerd began and did not end (D18). Each method blocks.
 *
 * <p>dockerd renames {@code rootfs} to {@code rootfs-old}, gives the new one its name, saves the record, deletes the old
 * one; a save that fails is taken back (moby, {@code daemon/pkg/plugin/manager_linux.go}, {@code upgradePlugin}). So:
 * <ul>
 * <li>Only {@code rootfs-old} is there: it belongs to the record.
 * <li>Both are there: the one that holds what the record's layers say belongs to the record; the other one goes.
 * <li>Neither or both hold that, or the layers are gone: this is told, and both stay.
 * </ul>
 * Times prove nothing: dockerd saves all records again at each start, and a copy of the directory has times of its own.
 */
final class OldRootfs {
    private static final Logger LOG = LoggerFactory.getLogger(OldRootfs.class);

    private final Layout layout;
    private final DurableFiles files;
    private final PluginFolders folders;
    private final ContentStore content;

    OldRootfs(Layout layout, DurableFiles files, ContentStore content) {
        this.layout = layout;
        this.files = files;
        this.folders = new PluginFolders(layout, files);
        this.content = content;
    }

    private enum Owner {
        NEW, OLD, UNKNOWN
    }

    /** Puts the old one back if there is no other. */
    void putBackIfAlone(PluginId id) {
        Path rootfs = layout.rootfs(id);
        Path old = rootfs.resolveSibling(Layout.OLD_ROOTFS);
        if (!Files.exists(rootfs, LinkOption.NOFOLLOW_LINKS) && DurableFiles.isFolder(old)) {
            files.rename(old, rootfs);
            LOG.info("{} was put back: an upgrade had been cut off", rootfs);
        }
    }

    /** Decides between the two if both are there. */
    void settle(PluginRecord plugin, Notices notices) {
        Path rootfs = layout.rootfs(plugin.plugin().id());
        Path old = rootfs.resolveSibling(Layout.OLD_ROOTFS);
        if (!DurableFiles.isFolder(rootfs) || !DurableFiles.isFolder(old)) {
            return;
        }
        notices.attempt(old, "end the upgrade of " + plugin.plugin().name().familiar(),
                () -> settle(plugin, rootfs, old, notices));
    }

    private void settle(PluginRecord plugin, Path rootfs, Path old, Notices notices) {
        switch (owner(plugin, rootfs, old)) {
            case NEW -> {
                remove(old);
                LOG.info("{} was deleted: the upgrade of {} had been saved", old,
                        plugin.plugin().name().familiar());
            }
            case OLD -> {
                putBack(rootfs, old);
                LOG.info("{} was put back: an upgrade of {} had been cut off before it was saved", rootfs,
                        plugin.plugin().name().familiar());
            }
            case UNKNOWN -> notices.tell(old, "an upgrade of " + plugin.plugin().name().familiar()
                    + " was cut off, and it cannot be told which of " + rootfs + " and " + old
                    + " belongs to its record; " + rootfs
                    + " is used. If that is the wrong one, disable the plugin and put the other in its place;"
                    + " then delete the one that is left over, or upgrade the plugin again");
        }
    }

    private Owner owner(PluginRecord plugin, Path rootfs, Path old) {
        try {
            Optional<LayerIndex> layers = layers(plugin);
            if (layers.isEmpty()) {
                return Owner.UNKNOWN;
            }
            boolean isNew = holds(rootfs, layers.get());
            boolean isOld = holds(old, layers.get());
            return isNew == isOld ? Owner.UNKNOWN : isNew ? Owner.NEW : Owner.OLD;
        } catch (StoreException | JacksonException | InvalidDigestException e) {
            LOG.warn("what is in the layers of {} cannot be read: {}", plugin.plugin().name().familiar(),
                    e.getMessage());
            return Owner.UNKNOWN;
        }
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

    private void putBack(Path rootfs, Path old) {
        folders.unmountBelow(rootfs);
        Path gone = gone();
        files.rename(rootfs, gone);
        try {
            files.rename(old, rootfs);
        } catch (StoreException e) {
            DurableFiles.undo(e, () -> files.rename(gone, rootfs));
            throw e;
        }
        folders.deleteTree(gone);
    }

    private void remove(Path old) {
        folders.unmountBelow(old);
        Path gone = gone();
        files.rename(old, gone); // first: half of it would hold none of its files
        folders.deleteTree(gone);
    }

    private Path gone() {
        return layout.staging().resolve(files.unique(Layout.STAGED_PLUGIN_PREFIX));
    }
}
