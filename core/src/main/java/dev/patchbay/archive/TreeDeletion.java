package dev.patchbay.archive;

import dev.patchbay.syscall.MountEntry;
import dev.patchbay.syscall.MountTable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * Recursive deletion that stays inside its tree.
 *
 * <p>Works relative to open directories and never follows a link, so a tree that changes meanwhile cannot lead it out.
 * Trees deeper than {@value #MAX_DEPTH} levels are flattened by moving the deep parts to the top, which keeps the
 * number of open files and the stack small however deep a container has nested its directories.
 *
 * <p>Goes on when the thread is interrupted: it is how cancelled work is cleaned up.
 */
public final class TreeDeletion {
    private static final int MAX_DEPTH = 32;
    private static final String MOVED_PREFIX = ".patchbay-deep-";

    private final SecureDirectoryStream<Path> top;
    private final BooleanSupplier stopped;
    private final String movedPrefix = MOVED_PREFIX + UUID.randomUUID() + "-";
    private long moved;

    private TreeDeletion(SecureDirectoryStream<Path> top, BooleanSupplier stopped) {
        this.top = top;
        this.stopped = stopped;
    }

    /**
     * Deletes a file, a link itself, or a directory with all it holds. What does not exist is no error.
     *
     * @throws FileSystemException if something is mounted at or below the path; nothing has been deleted then
     * @throws IOException if something cannot be deleted; a part may be gone
     */
    public static void delete(Path path) throws IOException {
        delete(path, () -> false);
    }

    /**
     * Deletes as {@link #delete(Path)}, until it is told to stop.
     *
     * @param stopped asked before each file, on this thread
     * @throws InterruptedIOException if it was stopped; a part is gone
     */
    public static void delete(Path path, BooleanSupplier stopped) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        if (!Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Path parent = absolute.getParent();
        if (parent == null) {
            throw new FileSystemException(absolute.toString(), null, "the root directory is not deleted");
        }
        Path real = parent.toRealPath().resolve(absolute.getFileName());
        List<MountEntry> mounts = MountTable.read().atOrBelow(real);
        if (!mounts.isEmpty()) {
            throw new FileSystemException(real.toString(), null,
                    "not deleted because " + mounts.getFirst().mountPoint() + " is a mount point ("
                            + mounts.getFirst().type() + "); unmount it first");
        }
        deleteWithin(real, stopped);
    }

    /** Deletes in a place that is known to hold no mounts and whose parents are no links. */
    static void deleteWithin(Path place) throws IOException {
        deleteWithin(place, () -> false);
    }

    private static void deleteWithin(Path place, BooleanSupplier stopped) throws IOException {
        while (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            emptyOnce(place, stopped);
            try {
                Files.delete(place);
            } catch (DirectoryNotEmptyException _) {
                // Deep parts were moved to the top after the listing had passed that place: once more.
            }
        }
        Files.deleteIfExists(place);
    }

    private static void emptyOnce(Path place, BooleanSupplier stopped) throws IOException {
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(place)) {
            if (!(stream instanceof SecureDirectoryStream<Path> secure)) {
                throw new IOException("the file system of " + place + " does not support safe deletion");
            }
            new TreeDeletion(secure, stopped).empty(secure, 0);
        }
    }

    private void empty(SecureDirectoryStream<Path> folder, int depth) throws IOException {
        try {
            emptyListed(folder, depth);
        } catch (DirectoryIteratorException e) {
            throw e.getCause(); // the disk failed after the first entries
        }
    }

    private void emptyListed(SecureDirectoryStream<Path> folder, int depth) throws IOException {
        for (Path child : folder) {
            if (stopped.getAsBoolean()) {
                throw new InterruptedIOException("told to stop");
            }
            Path name = child.getFileName();
            if (isFolder(folder, name)) {
                remove(folder, name, depth);
            } else {
                deleteFile(folder, name);
            }
        }
    }

    private void remove(SecureDirectoryStream<Path> folder, Path name, int depth) throws IOException {
        if (depth >= MAX_DEPTH) {
            folder.move(name, top, Path.of(movedPrefix + moved++));
            return;
        }
        try (SecureDirectoryStream<Path> child = folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
            empty(child, depth + 1);
        } catch (NoSuchFileException _) {
            return;
        }
        folder.deleteDirectory(name);
    }

    private static void deleteFile(SecureDirectoryStream<Path> folder, Path name) throws IOException {
        try {
            folder.deleteFile(name);
        } catch (NoSuchFileException _) {
            // Somebody else was faster; gone is what was asked for.
        }
    }

    private static boolean isFolder(SecureDirectoryStream<Path> folder, Path name) throws IOException {
        try {
            return folder.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes()
                    .isDirectory();
        } catch (NoSuchFileException _) {
            return false;
        }
    }
}
