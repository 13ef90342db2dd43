package dev.patchbay.syscall;

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
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The right to what a file stands for, which one holder has at a time, by a lock that ends with the process. The file stays:
 * removing it could take the lock from under a successor.
 */
public final class FileClaim implements AutoCloseable {
    /**
     * Device and inode of the files that this process has locked; guarded by itself. The kernel drops a POSIX lock as soon as
     * its process closes any descriptor of the file (fcntl_locking(2)): who opened the file only to be refused would end the
     * claim of the holder.
     */
    private static final Set<Object> LOCKED_HERE = new HashSet<>();

    /** Paths that somebody is about to lock, so that nobody has to wait for a disk that hangs; guarded by the above. */
    private static final Set<Path> TAKING = new HashSet<>();

    /** What was opened only to find that this class, in another class loader, has locked it; guarded by the above. */
    private static final Map<Object, FileChannel> LEFT_OPEN = new HashMap<>();

    private final FileChannel channel;
    private final Object key;

    private FileClaim(FileChannel channel, Object key) {
        this.channel = channel;
        this.key = key;
    }

    /** Another holder has it. */
    public static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;

        private final boolean here;

        Refused(Path file, boolean here) {
            super(file + " is locked");
            this.here = here;
        }

        /** Whether the holder is in this process. */
        public boolean isHere() {
            return here;
        }
    }

    /**
     * Takes it, and makes the file, for its owner alone, if there is none. Follows no link. Blocks.
     *
     * @throws Refused if another holder has it, who notices nothing
     */
    public static FileClaim take(Path file) throws IOException {
        Path path = file.toAbsolutePath().normalize();
        Optional<Object> key = key(file);
        Optional<FileChannel> leftOpen;
        synchronized (LOCKED_HERE) {
            if (key.filter(LOCKED_HERE::contains).isPresent() || !TAKING.add(path)) {
                throw new Refused(file, true);
            }
            leftOpen = key.map(LEFT_OPEN::remove);
        }
        try {
            return locked(file, leftOpen.isPresent() ? leftOpen.get() : open(file));
        } finally {
            synchronized (LOCKED_HERE) {
                TAKING.remove(path);
            }
        }
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private static FileClaim locked(Path file, FileChannel channel) throws IOException {
        try {
            if (channel.tryLock() == null) {
                throw new Refused(file, false);
            }
            Object key = keyOf(file);
            synchronized (LOCKED_HERE) {
                LOCKED_HERE.add(key);
            }
            return new FileClaim(channel, key);
        } catch (OverlappingFileLockException _) { // by this class in another class loader, or by another path
            Object key = keyOf(file);
            synchronized (LOCKED_HERE) {
                LEFT_OPEN.put(key, channel); // closing it would end that lock
            }
            throw new Refused(file, true);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static Object keyOf(Path file) throws IOException {
        return key(file).orElseThrow(() -> new NoSuchFileException(file.toString()));
    }

    private static Optional<Object> key(Path file) throws IOException {
        try {
            return Optional.ofNullable(
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                            .fileKey());
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /** Gives it back. Not to be called twice. */
    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            synchronized (LOCKED_HERE) { // not before: whoever opens the file until then would lose it with this channel
                LOCKED_HERE.remove(key);
            }
        }
    }
}
