package dev.patchbay.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A path as a plugin sees it, found on the host: below the folder that the plugin propagates mounts from, or else below its
 * root file system. Whole names are compared, links lead where they lead inside, and nothing leads out (in moby the beginning
 * of the text is compared and the rest appended, D58: below {@code /data} was {@code /database}, and {@code ..} led to the
 * host).
 *
 * <p>Right as long as the plugin does not exchange folders for links meanwhile.
 */
final class InsidePath {
    /** As many links as Linux follows in one path (path_resolution(7)). */
    private static final int MAX_LINKS = 40;

    private static final Path TOP = Path.of("/");

    private final Path rootfs;
    private final Path propagated;
    private final Path propagatedInside;
    private final Deque<Path> ahead = new ArrayDeque<>();
    private int links;

    /**
     * Makes one for a single search.
     *
     * @param rootfs the root file system on the host
     * @param propagated where the host sees what is mounted below the other folder
     * @param propagatedInside the folder that mounts are propagated from, as the plugin sees it; empty for none
     */
    InsidePath(Path rootfs, Path propagated, String propagatedInside) {
        this.rootfs = rootfs;
        this.propagated = propagated;
        this.propagatedInside = propagatedInside.isEmpty() ? TOP : Path.of(propagatedInside).normalize();
    }

    /**
     * Where that is on the host, whether or not there is anything.
     *
     * @throws InvalidContentException if it is no absolute path, or has {@code ..} in it, or links that go round in circles
     */
    Path onHost(String inside) throws IOException {
        push(checked(inside));
        Path at = TOP;
        while (!ahead.isEmpty()) {
            Path name = ahead.pop();
            if (name.toString().equals("..")) { // of a link
                Path above = at.getParent();
                at = above == null ? TOP : above;
                continue;
            }
            Path next = at.resolve(name);
            Path there = host(next);
            if (Files.isSymbolicLink(there)) {
                if (++links > MAX_LINKS) {
                    throw new InvalidContentException("the path " + inside + " has too many links in it",
                            null);
                }
                Path target = Files.readSymbolicLink(there);
                at = target.isAbsolute() ? TOP : at;
                push(target);
            } else {
                at = next;
            }
        }
        return host(at);
    }

    private static Path checked(String inside) {
        Path path;
        try {
            path = Path.of(inside);
        } catch (InvalidPathException e) {
            throw new InvalidContentException("no path of a plugin: " + e.getMessage(), e);
        }
        if (!path.isAbsolute()) {
            throw new InvalidContentException("a path of a plugin is absolute, not \"" + inside + "\"", null);
        }
        for (Path name : path) {
            if (name.toString().equals("..")) {
                throw new InvalidContentException("a path of a plugin has no \"..\" in it: " + inside, null);
            }
        }
        return path;
    }

    private Path host(Path inside) {
        boolean isPropagated = !propagatedInside.equals(TOP) && inside.startsWith(propagatedInside);
        return isPropagated
                ? propagated.resolve(propagatedInside.relativize(inside)).normalize()
                : rootfs.resolve(TOP.relativize(inside)).normalize();
    }

    private void push(Path path) {
        for (int i = path.getNameCount() - 1; i >= 0; i--) {
            if (!path.getName(i).toString().equals(".")) {
                ahead.push(path.getName(i));
            }
        }
    }
}
