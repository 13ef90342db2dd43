package dev.patchbay.web.daemon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The right to be the only daemon of a folder, held by a lock on a file in it. The kernel takes the lock back when the
 * process ends, however it ends; the file stays, since removing it could take the lock from under a successor.
 * The store's own lock on a root guards it against other hosts of the library; this one also names the daemon.
 */
final class DirectoryLock implements AutoCloseable {
    static final String FILE = "daemon.lock";

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
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

    @SuppressWarnings("resource") // the channel outlives the method: it is the lock
    private static DirectoryLock lock(String title, Path folder, Path file) throws IOException {
        FileChannel channel = FileChannel.open(
                file,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        if (tryLock(channel) == null) {
            String holder = read(channel);
            channel.close();
            throw UsageException.surroundings(
                    "the " + title + " " + folder + " is in use by another patchbay (process " + holder
                            + ", lock file "
                            + file + "); stop it or choose another --" + title);
        }
        channel.truncate(0);
        channel.write(
                ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
        return new DirectoryLock(channel);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null; // this process has it, through another channel
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
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
