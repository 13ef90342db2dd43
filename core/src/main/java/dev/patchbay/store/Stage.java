package dev.patchbay.store;

import java.nio.file.Path;

/** The work of making a staged plugin. What it leaves on failure is its owner's to remove. */
abstract class Stage extends Attempt<StagedPlugin> {
    private final StageFactory with;
    private final Path rootfs;
    private final BlobLeases.Lease lease;

    Stage(StageFactory with) {
        this.with = with;
        this.rootfs = with.layout().staging().resolve(with.files().unique(Layout.STAGED_ROOTFS_PREFIX));
        this.lease = with.leases().lease();
    }

    /** What it works with. */
    final StageFactory with() {
        return with;
    }

    /** Where the root file system is made. */
    final Path rootfs() {
        return rootfs;
    }

    /** What protects its blobs. */
    final BlobLeases.Lease lease() {
        return lease;
    }

    /**
     * Makes the folders, the one of the root file system too.
     *
     * @return what sends that one to the disk, for as long as the stage lasts; the caller closes it
     */
    final TreeSync prepare() {
        with.folders().prepare();
        with.content().prepare();
        with.files().createFolder(rootfs, DurableFiles.PRIVATE_FOLDER);
        return TreeSync.of(with.files(), rootfs);
    }
}
