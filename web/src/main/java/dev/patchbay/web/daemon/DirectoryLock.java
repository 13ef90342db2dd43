package dev.patchbay.web.daemon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
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
 * The right to be the only daemon of a folder, held by a lock on a file in it. The kernel takes the lock back when the
 * process ends, however it ends; the file stays, since removing it could take the lock from under a successor.
 * The store's own lock on a root guards it against other hosts of the library; this one also names the daemon.
 */
final class DirectoryLock implements AutoCloseable {
    static final String FILE = "daemon.lock";

    /**
     * Device and inode of the files that this process has locked; guarded by itself. The kernel drops a POSIX lock as soon
     * as its process closes any descriptor of the file (fcntl_locking(2)): who opened the file only to be refused would end
     * the claim of the holder.
     */
    private static final Set<Object> LOCKED_HERE = new HashSet<>();

    private final FileChannel channel;
    private final Object key;

    private DirectoryLock(FileChannel channel, Object key) {
        this.channel = channel;
        this.key = key;
    }

    /**
     * Makes the folder, if there is none, and locks it.
     *
     * @param title what the folder is, for messages: {@code root}
     * @throws UsageException if another process has it, or it cannot be made
     */
    static DirectoryLock take(String title, Path folder) {
        Path file = folder.resolve(FILE);
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw UsageException.surroundings(
                    "the " + title + " " + folder + " is not a folder; choose another --" + title);
        }
        try {
            make(folder);
            return lock(title, folder, file);
        } catch (IOException e) {
            throw UsageException.surroundings(
                    "the " + title + " " + folder + " cannot be used: " + e
                            + "; make it writable or choose another --"
                            + title);
        }
    }

    private static void make(Path folder) throws IOException {
        Path parent = folder.getParent();
        if (parent != null) {
            Files.createDirectories(parent); // as open as the umask says: sockets for a group may live there
        }
        if (!Files.isDirectory(folder)) {
            // Plugins' settings may hold secrets, so the folder itself is root's alone, as dockerd's.
            Files.createDirectory(
                    folder,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    private static DirectoryLock lock(String title, Path folder, Path file) throws IOException {
        synchronized (LOCKED_HERE) {
            if (key(file).filter(LOCKED_HERE::contains).isPresent()) {
                throw inUse(title, folder, Long.toString(ProcessHandle.current().pid()));
            }
            FileChannel channel = FileChannel.open(
                    file,
                    Set.of(
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            LinkOption.NOFOLLOW_LINKS),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                if (channel.tryLock() == null) {
                    throw inUse(title, folder, read(channel));
                }
                name(channel);
                Object key = key(file).orElseThrow(() -> new NoSuchFileException(file.toString()));
                LOCKED_HERE.add(key);
                return new DirectoryLock(channel, key);
            } catch (UsageException | IOException e) {
                channel.close();
                throw e;
            }
        }
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

    private static UsageException inUse(String title, Path folder, String holder) {
        return UsageException.surroundings(
                "the " + title + " " + folder + " is in use by another patchbay (process " + holder
                        + ", lock file " + folder.resolve(FILE) + "); stop it or choose another --" + title);
    }

    // Only for messages: a full disk must not keep a daemon from its plugins.
    private static void name(FileChannel channel) throws IOException {
        byte[] name = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
        try {
            channel.write(ByteBuffer.wrap(name), 0);
            channel.truncate(name.length);
        } catch (IOException _) {
            channel.truncate(0); // no name is better than another's
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(32);
        channel.read(content, 0);
        String text = new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII).strip();
        return text.matches("[0-9]+") ? text : "unknown";
    }

    @Override
    public void close() {
        synchronized (LOCKED_HERE) {
            LOCKED_HERE.remove(key);
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
