package dev.patchbay.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Everything that can be seen of a tree: kinds, owners, modes, times, link counts, targets, contents. */
final class TreeSnapshot {
    private TreeSnapshot() {}

    static Map<String, String> of(Path root) throws IOException {
        Map<String, String> seen = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                seen.put(root.relativize(path).toString(), describe(path));
            }
        }
        return seen;
    }

    static String describe(Path path) throws IOException {
        Map<String, Object> unix = Files.readAttributes(path,
                "unix:mode,uid,gid,nlink,lastModifiedTime,ctime,rdev",
                LinkOption.NOFOLLOW_LINKS);
        String content = "";
        if (Files.isSymbolicLink(path)) {
            content = " -> " + Files.readSymbolicLink(path);
        } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            content = " = " + Arrays.hashCode(Files.readAllBytes(path));
        }
        return new TreeMap<>(unix) + content;
    }

    /** The permission bits of what is at a place, set-user-id and the like included. */
    static int mode(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
    }
}
