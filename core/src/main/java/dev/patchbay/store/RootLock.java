package dev.patchbay.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * The claim of one store to its directory, by a lock that ends with the process. A second store would take the first
 * one's staging area for what a crash left. Docker ignores the file and takes no such lock.
 */
final class RootLock {
    private final Path file;
    private final DurableFiles files;
    private final Path proc;
    private Optional<FileChannel> held = Optional.empty(); // guarded by this

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
            held = Optional.of(files.step(DiskStep.CREATE, file, this::open));
        }
    }

    /** Gives the lock back. Idempotent. */
    synchronized void release() {
        Optional<FileChannel> channel = held;
        held = Optional.empty();
        try {
            if (channel.isPresent()) {
                channel.get().close();
            }
        } catch (IOException e) {
            throw DiskTrouble.at(DiskStep.CLOSE, file, e);
        }
    }

    private FileChannel open() throws IOException {
        FileChannel channel = FileChannel.open(file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(DurableFiles.PRIVATE_FILE));
        try {
            if (channel.tryLock() == null) {
                throw inUse(
                        LockHolder.of(file, proc).map(process -> " (process " + process + ")").orElse(""));
            }
            return channel;
        } catch (OverlappingFileLockException _) {
            channel.close();
            throw inUse(" in this process");
        } catch (StoreException | IOException e) {
            channel.close();
            throw e;
        }
    }

    private StoreException inUse(String holder) {
        return new StoreException(
                "the plugin directory " + DurableFiles.parent(file) + " is in use by another"
                        + " Patchbay" + holder + "; stop that one, or choose another directory",
                null);
    }
}
