package dev.patchbay.store;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tells whether a dockerd runs on the data root that a plugin directory belongs to. It takes no lock there, but keeps
 * databases beside it open for as long as it runs (seen in 20.10 and 28: {@code volumes/metadata.db} and those of
 * BuildKit), which shows in proc(5).
 *
 * <p>Files are compared by device and inode, so that neither links nor other mount namespaces mislead. A process that
 * this one may not look into is not seen, and a dockerd of another data root is nobody's business.
 */
final class DockerdWatch {
    /** Where a host shows its processes. */
    static final Path PROC = Path.of("/proc");

    private static final List<String> DATABASES = List.of("volumes/metadata.db", "network/files/local-kv.db",
            "buildkit/cache.db", "buildkit/containerdmeta.db", "buildkit/history.db",
            "buildkit/metadata_v2.db", "buildkit/snapshots.db");

    private final Path proc;

    DockerdWatch(Path proc) {
        this.proc = proc;
    }

    /** Refuses a directory that a dockerd is using. @throws StoreException that names the process */
    void refuseInUse(Path root) {
        Path dataRoot = DurableFiles.parent(root);
        Set<Object> databases = DATABASES.stream()
                .flatMap(name -> identity(dataRoot.resolve(name)).stream())
                .collect(Collectors.toSet());
        if (databases.isEmpty()) {
            return; // not Docker's: nothing to look for
        }
        dockerds().filter(process -> hasOpen(process, databases)).findFirst().ifPresent(process -> {
            throw new StoreException(
                    "the plugin directory " + root + " is in use by dockerd (process "
                            + process.getFileName()
                            + "), whose data root is " + dataRoot
                            + "; stop it, or choose another directory",
                    null);
        });
    }

    private Stream<Path> dockerds() {
        return entries(proc).stream()
                .filter(entry -> Layout.name(entry).chars().allMatch(Character::isDigit))
                .filter(process -> name(process).equals("dockerd"));
    }

    private static boolean hasOpen(Path process, Set<Object> databases) {
        return entries(process.resolve("fd")).stream()
                .anyMatch(descriptor -> identity(descriptor).filter(databases::contains).isPresent());
    }

    private static String name(Path process) {
        try {
            return Files.readString(process.resolve("comm")).strip();
        } catch (IOException _) {
            return ""; // it has ended, or is hidden from us
        }
    }

    private static List<Path> entries(Path folder) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(entries::add);
        } catch (IOException | DirectoryIteratorException _) {
            return entries; // likewise
        }
        return entries;
    }

    /** Device and inode of what a path leads to; empty if it leads nowhere or may not be followed. */
    private static Optional<Object> identity(Path path) {
        try {
            return Optional.ofNullable(Files.readAttributes(path, BasicFileAttributes.class).fileKey());
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
