package dev.patchbay.store;

import dev.patchbay.reference.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Everything below a folder by relative path: mode, and what it holds. */
record DiskSnapshot(Map<String, String> entries) {
    static DiskSnapshot of(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            Map<String, String> entries = new TreeMap<>();
            paths.forEach(path -> entries.put(folder.relativize(path).toString(), describe(path)));
            return new DiskSnapshot(entries);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names directly in a folder, none if it does not exist. */
    static java.util.List<String> names(Path folder) {
        if (!Files.isDirectory(folder)) {
            return java.util.List.of();
        }
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies a tree, modes included. */
    static void copy(Path from, Path to) {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()),
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String describe(Path path) {
        try {
            if (Files.isSymbolicLink(path)) {
                return "-> " + Files.readSymbolicLink(path);
            }
            String mode = PosixFilePermissions.toString(
                    Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
            return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                    ? mode + "/"
                    : mode + " " + Digest.sha256(Files.readAllBytes(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
