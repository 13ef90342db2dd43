package dev.patchbay.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The claim of one store to its directory, by a lock that ends with the process. A second store would take the first
 * one's staging area for what a crash left. Docker ignores the file and takes no such lock.
 */
final class RootLock {
    /**
     * Device and inode of the files that stores of this process have locked; guarded by itself. The kernel drops a POSIX
     * lock as soon as its process closes any descriptor of the file (fcntl_locking(2)): a second store that opened the
     * file only to be refused would end the claim of the first.
     */
    private static final Set<Object> LOCKED_HERE = new HashSet<>();

    private final Path file;
    private final DurableFiles files;
    private final Path proc;
    private Optional<Held> held = Optional.empty(); // guarded by this

    /** An open file whose lock is ours, and how it is known in {@link #LOCKED_HERE}. */
    private record Held(FileChannel channel, Object key) {}

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
        Optional<Held> lock = held;
        held = Optional.empty();
        try {
            if (lock.isPresent()) {
                close(lock.get());
            }
        } catch (IOException e) {
            throw DiskTrouble.at(DiskStep.CLOSE, file, e);
        }
    }

    private static void close(Held lock) throws IOException {
        synchronized (LOCKED_HERE) {
            LOCKED_HERE.remove(lock.key());
            lock.channel().close();
        }
    }

    private Held open() throws IOException {
        synchronized (LOCKED_HERE) {
            if (key().filter(LOCKED_HERE::contains).isPresent()) {
                throw inUse(" in this process");
            }
            FileChannel channel = FileChannel.open(file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                            LinkOption.NOFOLLOW_LINKS),
                    PosixFilePermissions.asFileAttribute(DurableFiles.PRIVATE_FILE));
            try {
                return locked(channel);
            } catch (StoreException | IOException e) {
                channel.close();
                throw e;
            }
        }
    }

    private Held locked(FileChannel channel) throws IOException {
        try {
            if (channel.tryLock() == null) {
                throw inUse(
                        LockHolder.of(file, proc).map(process -> " (process " + process + ")").orElse(""));
            }
        } catch (OverlappingFileLockException _) {
            throw inUse(" in this process"); // by this class in another class loader
        }
        Object key = key().orElseThrow(() -> new NoSuchFileException(file.toString()));
        LOCKED_HERE.add(key);
        return new Held(channel, key);
    }

    private Optional<Object> key() throws IOException {
        try {
            return Optional.ofNullable(
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                            .fileKey());
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    private StoreException inUse(String holder) {
        return new StoreException(
                "the plugin directory " + DurableFiles.parent(file) + " is in use by another"
                        + " Patchbay" + holder + "; stop that one, or choose another directory",
                null);
    }
}
