package dev.patchbay.store;

import dev.patchbay.syscall.HeldFileSystem;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What waits until everything below a folder is on the disk, any number of times, and hears of each write that went wrong
 * since it was opened, also if another one's sync was told of it before. So it is opened before anything is written.
 */
final class TreeSync implements AutoCloseable {
    private final DurableFiles files;
    private final Path folder;
    private final HeldFileSystem fileSystem;

    private TreeSync(DurableFiles files, Path folder, HeldFileSystem fileSystem) {
        this.files = files;
        this.folder = folder;
        this.fileSystem = fileSystem;
    }

    static TreeSync of(DurableFiles files, Path folder) {
        return new TreeSync(files, folder,
                files.step(DiskStep.OPEN, folder, () -> HeldFileSystem.of(folder)));
    }

    /** Waits until the folder's whole file system is on the disk, and with it every file below the folder. */
    void sync() {
        files.step(DiskStep.SYNC, folder, () -> {
            fileSystem.sync();
            return folder;
        });
    }

    /** Lets go of the folder. Only while nobody syncs. */
    @Override
    public void close() {
        try {
            fileSystem.close();
        } catch (IOException e) {
            throw DiskTrouble.at(DiskStep.CLOSE, folder, e);
        }
    }
}
