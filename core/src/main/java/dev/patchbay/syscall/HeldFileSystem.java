package dev.patchbay.syscall;

import java.nio.file.Path;

/**
 * A file system that is held open, and so hears of every write to it that goes wrong from then on. The kernel tells each
 * descriptor once (syncfs(2), since Linux 5.8), and one that is opened later only of what nobody was told before: who opens
 * anew for each sync may never hear of the write that somebody else's sync reported.
 *
 * <p>Its methods block. Syncs may run side by side; close it when none does.
 */
public final class HeldFileSystem implements AutoCloseable {
    private final Path folder;
    private final int descriptor;
    private boolean closed;

    private HeldFileSystem(Path folder, int descriptor) {
        this.folder = folder;
        this.descriptor = descriptor;
    }

    /**
     * Holds the file system that a folder is on.
     *
     * @throws ErrnoException {@link Errno#ENOTDIR} if that is a link or a file
     */
    public static HeldFileSystem of(Path folder) throws ErrnoException {
        return new HeldFileSystem(folder, Syscalls.openFolder(folder));
    }

    /**
     * Waits until everything written to it so far is on its disk: one call where a tree of new files would need one for
     * each.
     *
     * @throws ErrnoException if a write to it went wrong since it was opened, or since it last told so, whoever wrote
     */
    public void sync() throws ErrnoException {
        Syscalls.syncFileSystem(folder, descriptor);
    }

    /** Lets go of it. Idempotent. */
    @Override
    public void close() throws ErrnoException {
        if (!closed) {
            closed = true;
            Syscalls.close(folder, descriptor);
        }
    }
}
