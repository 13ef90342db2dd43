package dev.patchbay.executor.runc;

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
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The mount points and files that a plugin's root file system needs before each start (moby,
 * {@code daemon/initlayer/setup_unix.go}). Runs while no container does. A link on the way is replaced by a folder, so
 * that nothing outside the root is ever touched.
 */
final class Rootfs {
    private static final List<String> FOLDERS = List.of("dev/pts", "dev/shm", "proc", "sys");
    private static final List<String> EMPTY_FILES = List.of(".dockerenv", "etc/resolv.conf", "etc/hosts",
            "etc/hostname", "dev/console");
    private static final Path MTAB_TARGET = Path.of("/proc/mounts");
    private static final FileAttribute<Set<PosixFilePermission>> MODE_755 = PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));

    private Rootfs() {}

    static void prepare(Path rootfs) throws IOException {
        if (!Files.isDirectory(rootfs, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("the root file system " + rootfs + " is not a directory");
        }
        for (String folder : FOLDERS) {
            folder(rootfs, Path.of(folder));
        }
        for (String file : EMPTY_FILES) {
            emptyFile(parent(rootfs, Path.of(file)));
        }
        mountTable(parent(rootfs, Path.of("etc/mtab")));
    }

    private static Path parent(Path rootfs, Path relative) throws IOException {
        Path parent = relative.getParent();
        return (parent == null ? rootfs : folder(rootfs, parent)).resolve(relative.getFileName());
    }

    private static Path folder(Path rootfs, Path relative) throws IOException {
        Path at = rootfs;
        for (Path name : relative) {
            at = at.resolve(name);
            Optional<BasicFileAttributes> found = look(at);
            if (found.isPresent() && found.get().isDirectory()) {
                continue;
            }
            if (found.isPresent()) {
                Files.delete(at);
            }
            Files.createDirectory(at, MODE_755);
        }
        return at;
    }

    private static void emptyFile(Path file) throws IOException {
        Optional<BasicFileAttributes> found = look(file);
        boolean kept = found.isPresent()
                && (found.get().isDirectory() || (found.get().isRegularFile() && found.get().size() == 0));
        if (kept) {
            return;
        }
        if (found.isPresent()) {
            Files.delete(file);
        }
        Files.createFile(file, MODE_755);
    }

    private static void mountTable(Path link) throws IOException {
        Optional<BasicFileAttributes> found = look(link);
        boolean kept = found.isPresent()
                && (found.get().isDirectory()
                        || (found.get().isSymbolicLink()
                                && Files.readSymbolicLink(link).equals(MTAB_TARGET)));
        if (kept) {
            return;
        }
        if (found.isPresent()) {
            Files.delete(link);
        }
        try {
            Files.createSymbolicLink(link, MTAB_TARGET);
        } catch (FileAlreadyExistsException e) {
            throw new IOException("something else changes " + link, e);
        }
    }

    private static Optional<BasicFileAttributes> look(Path path) throws IOException {
        try {
            return Optional.of(
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }
}
