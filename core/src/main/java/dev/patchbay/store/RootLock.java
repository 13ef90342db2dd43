package dev.patchbay.store;

import dev.patchbay.syscall.FileClaim;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The claim of one store to its directory. A second store would take the first one's staging area for what a crash left.
 * Docker ignores the file and takes no such lock.
 */
final class RootLock {
    private final Path file;
    private final DurableFiles files;
    private final Path proc;
    private Optional<FileClaim> held = Optional.empty(); // guarded by this

    /**
     * Makes a lock that nobody holds.
     *
     * @param proc where processes are looked for
     */
    RootLock(Layout layout, DurableFiles files, Path proc) {
        this.file = layout.lock();
        this.files = files;
        this.proc = proc;
    }

    /** Takes the lock, unless this store has it. @throws StoreException if another one has it */
    synchronized void claim() {
        if (held.isEmpty()) {
            held = Optional.of(files.step(DiskStep.CREATE, file, this::take));
        }
    }

    /** Gives the lock back. Idempotent. */
    synchronized void release() {
        Optional<FileClaim> lock = held;
        held = Optional.empty();
        try {
            if (lock.isPresent()) {
                lock.get().close();
            }
        } catch (IOException e) {
            throw DiskTrouble.at(DiskStep.CLOSE, file, e);
        }
    }

    private FileClaim take() throws IOException {
        try {
            return FileClaim.take(file);
        } catch (FileClaim.Refused e) {
            throw inUse(e.isHere()
                    ? " in this process"
                    : LockHolder.of(file, proc).map(process -> " (process " + process + ")").orElse(""));
        }
    }

    private StoreException inUse(String holder) {
        return new StoreException(
                "the plugin directory " + DurableFiles.parent(file) + " is in use by another"
                        + " Patchbay" + holder + "; stop that one, or choose another directory",
                null);
    }
}
