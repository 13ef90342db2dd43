package dev.patchbay.event;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/**
 * A journal's file with what SQLite keeps beside it; nobody but its owner can read them. Blocks.
 *
 * <p>It is only touched while no connection to it is open: closing a file, as anybody may who has looked at it, makes the
 * kernel forget the locks that SQLite has on it.
 *
 * @param path of the file itself
 */
record SqliteFile(Path path) {
    private static final int BUSY_MILLIS = 5000;
    private static final int CACHE_KIB = 2048;
    private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rw-------");
    private static final FileAttribute<?> NEW = PosixFilePermissions.asFileAttribute(MODE);

    private List<Path> all() {
        return List.of(path, beside("-wal"), beside("-shm"));
    }

    private Path beside(String end) {
        return path.resolveSibling(path.getFileName() + end);
    }

    /**
     * Makes sure that there is a file, for its owner only.
     *
     * @throws JournalException if there is something else, or no file can be made
     */
    void prepare() {
        try {
            for (Path file : all()) {
                refuseOtherThanFile(file);
            }
            try {
                Files.createFile(path, NEW);
                Files.deleteIfExists(beside("-wal")); // of a file that is gone
                Files.deleteIfExists(beside("-shm"));
            } catch (FileAlreadyExistsException _) {
                // that is the one
            }
        } catch (IOException e) {
            throw new JournalException("the event journal cannot be opened: " + e, e);
        }
    }

    private static void refuseOtherThanFile(Path file) throws IOException {
        try {
            if (!Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class,
                    LinkOption.NOFOLLOW_LINKS).isRegularFile()) {
                throw new JournalException(file + " is no file, but a link or a folder; remove it");
            }
            if (!Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS).equals(MODE)) {
                Files.setPosixFilePermissions(file, MODE);
            }
        } catch (NoSuchFileException _) {
            // none is fine, too
        }
    }

    boolean exists() {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    long bytes() {
        try {
            return Files.size(path);
        } catch (IOException e) {
            throw new JournalException("the event journal cannot be opened: " + e, e);
        }
    }

    /** Renames it. Gives the new name. */
    Path putAside() {
        try {
            for (int number = 1;; number++) {
                Path to = path.resolveSibling(path.getFileName() + ".damaged-" + number);
                if (!Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
                    Files.move(path, to);
                    Files.deleteIfExists(beside("-shm"));
                    moveIfThere(beside("-wal"), to.resolveSibling(to.getFileName() + "-wal"));
                    return to;
                }
            }
        } catch (IOException e) {
            throw new JournalException("the damaged event journal cannot be put aside: " + e, e);
        }
    }

    private static void moveIfThere(Path from, Path to) throws IOException {
        try {
            Files.move(from, to);
        } catch (NoSuchFileException _) {
            // all of it was in the file
        }
    }

    /** Deletes it. */
    void delete() {
        try {
            for (Path file : all()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new JournalException("an event journal that is over cannot be deleted: " + e, e);
        }
    }

    Connection toWrite() throws SQLException {
        SQLiteConfig config = config();
        config.resetOpenMode(SQLiteOpenMode.CREATE); // that was done, with the right mode
        return config.createConnection("jdbc:sqlite:" + path);
    }

    Connection toRead() throws SQLException {
        SQLiteConfig config = config();
        config.setReadOnly(true);
        Connection connection = config.createConnection("jdbc:sqlite:" + path);
        connection.setAutoCommit(false);
        return connection;
    }

    private static SQLiteConfig config() {
        var config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        config.setCacheSize(-CACHE_KIB);
        config.setGetGeneratedKeys(false);
        return config;
    }
}
