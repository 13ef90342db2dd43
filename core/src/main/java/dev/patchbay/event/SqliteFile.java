package dev.patchbay.event;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
    private static final int MAX_ASIDE = 3;
    private static final Logger LOG = LoggerFactory.getLogger(SqliteFile.class);
    private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rw-------");
    private static final FileAttribute<?> NEW = PosixFilePermissions.asFileAttribute(MODE);

    /** Why a file is put aside. */
    enum Aside {
        /** It cannot be read, or is of another make. */
        DAMAGED,
        /** The machine went down while it was open: its end may be missing. */
        CUT,
        /** It could not be written or read for a while: events went on without it. */
        LEFT;

        private String end() {
            return "." + name().toLowerCase(Locale.ROOT) + "-";
        }

        private static boolean isNameOf(String text, String file) {
            return Stream.of(values())
                    .anyMatch(why -> text.startsWith(file + why.end())
                            && text.substring(file.length() + why.end().length()).matches("\\d+"));
        }
    }

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
            if (!Files.readAttributes(file, BasicFileAttributes.class,
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

    /** Whether there is a file, and not something else. */
    boolean exists() {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }

    long bytes() {
        try {
            return Files.size(path);
        } catch (IOException e) {
            throw new JournalException("the event journal cannot be opened: " + e, e);
        }
    }

    /** Renames it, which needs no room on the disk, and keeps some of those that were renamed before. Gives the new name. */
    Path putAside(Aside why) {
        try {
            for (int number = 1;; number++) {
                Path to = beside(why.end() + number);
                if (!Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
                    Files.move(path, to); // first: without its end it must not be taken for whole
                    Files.deleteIfExists(beside("-shm"));
                    moveIfThere(beside("-wal"), wal(to));
                    keepSome(to);
                    return to;
                }
            }
        } catch (IOException e) {
            throw new JournalException("an event journal that is over cannot be put aside: " + e, e);
        }
    }

    /**
     * Deletes the smallest until few enough are left. Not the oldest: where a disk fails again and again, the first that
     * was given up has all the events, and those that follow have none.
     */
    private void keepSome(Path newest) throws IOException {
        List<Path> others = aside(newest);
        for (Path smallest : others.subList(0, Math.max(0, others.size() - (MAX_ASIDE - 1)))) {
            Files.deleteIfExists(smallest);
            Files.deleteIfExists(wal(smallest));
            LOG.warn("{} was deleted: larger event journals are put aside there", smallest);
        }
    }

    /** What was put aside before, the smallest first. */
    private List<Path> aside(Path newest) throws IOException {
        String name = String.valueOf(path.getFileName());
        try (Stream<Path> files = Files.list(path.resolveSibling(""))) {
            return files.filter(file -> Aside.isNameOf(String.valueOf(file.getFileName()), name))
                    .filter(file -> !file.equals(newest))
                    .sorted(Comparator.comparingLong(file -> size(file) + size(wal(file))))
                    .toList();
        }
    }

    private static Path wal(Path file) {
        return file.resolveSibling(file.getFileName() + "-wal");
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException _) {
            return 0; // most have no second file
        }
    }

    private static void moveIfThere(Path from, Path to) throws IOException {
        try {
            Files.move(from, to);
        } catch (NoSuchFileException _) {
            // all of it was in the file
        }
    }

    Connection toWrite() throws SQLException {
        SQLiteConfig config = config();
        config.resetOpenMode(SQLiteOpenMode.CREATE); // that was done, with the right mode
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL); // until its owner says otherwise
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
