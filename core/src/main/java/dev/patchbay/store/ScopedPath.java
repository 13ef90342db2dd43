package dev.patchbay.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * A path inside a root file system as a process sees it whose root that is: neither {@code ..} nor a link leads out.
 * Right only as long as nobody changes the folders meanwhile.
 */
final class ScopedPath {
    /** As many links as Linux follows in one path (path_resolution(7)). */
    private static final int MAX_LINKS = 40;

    private final Path root;
    private final Deque<Path> ahead = new ArrayDeque<>();
    private int links;

    private ScopedPath(Path root) {
        this.root = root;
    }

    /** The folder strictly below {@code root} that a path leads to, free of links; empty if there is none. */
    static Optional<Path> folder(Path root, String inside) throws IOException {
        try {
            return new ScopedPath(root).walk(Path.of(inside));
        } catch (InvalidPathException _) {
            return Optional.empty(); // nothing can be at a path that no system call takes
        }
    }

    private Optional<Path> walk(Path inside) throws IOException {
        push(inside);
        Path at = root;
        while (!ahead.isEmpty()) {
            Path name = ahead.pop();
            if (name.toString().equals("..")) {
                at = at.equals(root) ? root : DurableFiles.parent(at);
            } else if (!name.toString().isEmpty() && !name.toString().equals(".")) {
                Path next = at.resolve(name);
                if (Files.isSymbolicLink(next)) {
                    Path target = Files.readSymbolicLink(next);
                    if (++links > MAX_LINKS) {
                        return Optional.empty();
                    }
                    at = target.isAbsolute() ? root : at;
                    push(target);
                } else if (DurableFiles.isFolder(next)) {
                    at = next;
                } else {
                    return Optional.empty();
                }
            }
        }
        return at.equals(root) ? Optional.empty() : Optional.of(at);
    }

    private void push(Path path) {
        for (int i = path.getNameCount() - 1; i >= 0; i--) {
            ahead.push(path.getName(i));
        }
    }
}
