package dev.patchbay.event;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * SQLite's native library, unpacked from its jar where the system lets code be loaded from, and deleted as soon as it is
 * loaded. By itself the driver unpacks it below {@code java.io.tmpdir}, which may be mounted noexec, and leaves it there
 * when the process is killed.
 */
final class NativeSqlite {
    private static final String PATH = "org.sqlite.lib.path";
    private static final String NAME = "org.sqlite.lib.name";
    private static final String TEMPORARY = "org.sqlite.tmpdir";
    private static final String FILE = ".events-native";
    private static boolean loaded; // under the class's lock

    private NativeSqlite() {}

    /**
     * Loads it, if that was not done yet. Blocks.
     *
     * @param folder where it is tried first, unless system properties of the driver say otherwise
     * @throws JournalException if it is not there, or cannot be loaded from anywhere
     */
    static synchronized void load(Path folder) {
        if (loaded) {
            return;
        }
        try {
            if (System.getProperty(PATH) == null) {
                loadFrom(places(folder));
            } else {
                boolean _ = SQLiteJDBCLoader.initialize(); // somebody chose a library of their own
            }
        } catch (JournalException e) {
            throw e;
        } catch (Exception | LinkageError e) {
            throw new JournalException("SQLite cannot be loaded (" + e.getMessage()
                    + "); is sqlite-jdbc for this system among the libraries?", e);
        }
        loaded = true;
    }

    private static List<Path> places(Path folder) {
        return Stream
                .of(System.getProperty(TEMPORARY, folder.toString()), System.getProperty("java.io.tmpdir"))
                .map(Path::of)
                .distinct()
                .toList();
    }

    // The driver declares Exception.
    private static void loadFrom(List<Path> places) throws Exception {
        for (Path place : places) {
            // Under a name of this process: another that shares the folder must not delete it in between.
            Path file = place.resolve(FILE + "-" + ProcessHandle.current().pid());
            try {
                unpack(file);
                // access(2) says no below a noexec mount, too.
                if (Files.isExecutable(file)) {
                    loadDriver(file);
                    return;
                }
            } catch (IOException _) {
                // the next place may do
            } finally {
                Files.deleteIfExists(file);
            }
        }
        throw new JournalException(
                "no folder of " + places + " can be written to and lets code be loaded from it;"
                        + " name one with -D" + TEMPORARY);
    }

    private static void unpack(Path file) throws IOException {
        String resource = "/" + LibraryLoaderUtil.getNativeLibResourcePath() + "/"
                + LibraryLoaderUtil.getNativeLibName();
        try (InputStream library = SQLiteJDBCLoader.class.getResourceAsStream(resource.replace("//", "/"))) {
            if (library == null) {
                throw new JournalException("sqlite-jdbc has nothing for this system: no " + resource);
            }
            Files.deleteIfExists(file);
            Files.createFile(file,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try (var out = Files.newOutputStream(file)) {
                library.transferTo(out);
            }
        }
    }

    private static void loadDriver(Path file) throws Exception {
        System.setProperty(PATH, file.toAbsolutePath().resolveSibling("").toString());
        System.setProperty(NAME, file.getFileName().toString());
        try {
            boolean _ = SQLiteJDBCLoader.initialize(); // or it throws
        } finally {
            System.clearProperty(PATH);
            System.clearProperty(NAME);
        }
    }
}
