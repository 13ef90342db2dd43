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
import java.util.HashSet;
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
        synchronized (LOCKED_HERE) {
            if (key(file).filter(LOCKED_HERE::contains).isPresent()) {
                throw new Refused(file, true);
            }
            FileChannel channel = FileChannel.open(file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                return locked(file, channel);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        }
    }

    private static FileClaim locked(Path file, FileChannel channel) throws IOException {
        try {
            if (channel.tryLock() == null) {
                throw new Refused(file, false);
            }
        } catch (OverlappingFileLockException _) {
            throw new Refused(file, true); // by this class in another class loader
        }
        Object key = key(file).orElseThrow(() -> new NoSuchFileException(file.toString()));
        LOCKED_HERE.add(key);
        return new FileClaim(channel, key);
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
        synchronized (LOCKED_HERE) {
            LOCKED_HERE.remove(key);
            channel.close();
        }
    }
}
