package dev.patchbay.store;

import dev.patchbay.json.JsonTrees;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Tells whether a dockerd runs on the data root that a plugin directory belongs to. It takes no lock there, but keeps
 * databases beside it open for as long as it runs (seen in 20.10.24: {@code volumes/metadata.db} and those of BuildKit),
 * which shows in proc(5).
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

    // What the kernel keeps of containerd-shim-runc-v2.
    private static final String SHIM = "containerd-shim";
    private static final int MAX_SPEC_BYTES = 4 << 20;

    private final Path proc;

    DockerdWatch(Path proc) {
        this.proc = proc;
    }

    /** Refuses a directory that a dockerd uses, or a container that it left. @throws StoreException that names the process */
    void refuseInUse(Path root) {
        Path dataRoot = DurableFiles.parent(root);
        Set<Object> databases = DATABASES.stream()
                .flatMap(name -> identity(dataRoot.resolve(name)).stream())
                .collect(Collectors.toSet());
        if (databases.isEmpty()) {
            return; // not Docker's: nothing to look for
        }
        processes("dockerd").filter(process -> hasOpen(process, databases)).findFirst().ifPresent(process -> {
            throw new StoreException(
                    "the plugin directory " + root + " is in use by dockerd (process "
                            + process.getFileName()
                            + "), whose data root is " + dataRoot
                            + "; stop it, or choose another directory",
                    null);
        });
        refuseRunning(root);
    }

    /** A plugin that a dockerd left running when it was killed, or stopped with {@code --live-restore}. */
    private void refuseRunning(Path root) {
        processes(SHIM).forEach(process -> rootfs(process)
                .filter(rootfs -> isBelow(rootfs, root))
                .ifPresent(rootfs -> {
                    throw new StoreException(
                            "the plugin in " + rootfs + " still runs in a container of dockerd's (process "
                                    + process.getFileName() + " looks after it); start dockerd and disable"
                                    + " the plugin there, or end that container, then try again",
                            null);
                }));
    }

    /** Where the container of a containerd-shim has its root file system, told by its bundle, where the shim works. */
    private static Optional<Path> rootfs(Path process) {
        try (InputStream spec = Files.newInputStream(process.resolve("cwd/config.json"))) {
            JsonNode path = JsonTrees.LENIENT.read(spec.readNBytes(MAX_SPEC_BYTES)).path("root").path("path");
            return Optional.of(path).filter(JsonNode::isString).map(JsonNode::stringValue).map(Path::of);
        } catch (IOException | JacksonException | InvalidPathException _) {
            return Optional.empty(); // it has ended, is hidden from us, or is somebody else's
        }
    }

    private static boolean isBelow(Path rootfs, Path root) {
        Path folder = rootfs.getParent();
        return folder != null && identity(root.resolve(Layout.name(folder)).resolve(Layout.ROOTFS))
                .equals(identity(rootfs)) && identity(rootfs).isPresent();
    }

    private Stream<Path> processes(String name) {
        return entries(proc).stream()
                .filter(entry -> Layout.name(entry).chars().allMatch(Character::isDigit))
                .filter(process -> name(process).equals(name));
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
