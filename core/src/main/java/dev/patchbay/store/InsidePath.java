package dev.patchbay.store;

import dev.patchbay.syscall.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A path as a plugin sees it, found on the host: below what is mounted inside, the folder that it propagates mounts from
 * above all, or else below its root file system. Whole names are compared, links lead where they lead inside, those on the
 * way to a mount too, and nothing leads out (in moby the beginning of the text is compared and the rest appended, D58: below
 * {@code /data} was {@code /database}, and {@code ..} led to the host).
 *
 * <p>Looks at nothing that the plugin has mounted, nor below it: what serves it may be gone, and who looks waits for ever. So
 * links in there are not followed, and whoever opens what is found must expect one. Right as long as the plugin does not exchange
 * folders for links meanwhile.
 */
final class InsidePath {
    /** As many links as Linux follows in one path (path_resolution(7)). */
    private static final int MAX_LINKS = 40;

    private static final Path TOP = Path.of("/");

    private final Path rootfs;
    private final Path propagated;
    private final List<InsideMount> mounts;
    private final List<Place> places = new ArrayList<>();
    private @Nullable Set<Path> mountedByPlugin;

    /** A mount, and the path inside that its destination is once all links are followed. */
    private record Place(Path inside, InsideMount mount) {}

    /**
     * Makes one for a single search.
     *
     * @param rootfs the root file system on the host
     * @param propagated where the host sees what the plugin mounts
     * @param mounts what hides parts of the root file system, in the order in which it does
     */
    InsidePath(Path rootfs, Path propagated, List<InsideMount> mounts) {
        this.rootfs = rootfs;
        this.propagated = propagated;
        this.mounts = mounts;
    }

    /**
     * Where that is on the host, whether or not there is anything.
     *
     * @throws InvalidContentException if it is no absolute path, or has {@code ..} in it, or links that go round in circles, or
     *     if it is somewhere that the host does not see
     */
    Path onHost(String inside) throws IOException {
        Path asked = checked(inside);
        List<Place> resolved = new ArrayList<>();
        for (InsideMount mount : mounts) {
            // As the runtime does that makes it: below the root file system alone, no link leads out of that.
            Path place = resolve(path(mount.destination()));
            if (!place.equals(TOP)) {
                resolved.add(new Place(place, mount));
            }
        }
        places.addAll(resolved);
        return host(resolve(asked), inside);
    }

    private Path resolve(Path inside) throws IOException {
        Deque<Path> ahead = new ArrayDeque<>();
        push(ahead, inside);
        Path at = TOP;
        int links = 0;
        while (!ahead.isEmpty()) {
            Path name = ahead.pop();
            if (name.toString().equals("..")) { // of a link
                Path above = at.getParent();
                at = above == null ? TOP : above;
                continue;
            }
            Path next = at.resolve(name);
            if (isLink(next, inside)) {
                if (++links > MAX_LINKS) {
                    throw new InvalidContentException("the path " + inside + " has too many links in it",
                            null);
                }
                Path target = Files.readSymbolicLink(host(next, inside.toString()));
                at = target.isAbsolute() ? TOP : at;
                push(ahead, target);
            } else {
                at = next;
            }
        }
        return at;
    }

    /** Where something is mounted there is no link. */
    private boolean isLink(Path at, Path whole) throws IOException {
        if (places.stream().anyMatch(place -> place.inside().equals(at))) {
            return false;
        }
        Path there = host(at, whole.toString());
        return !isMountedByPlugin(there) && Files.isSymbolicLink(there);
    }

    /** Whether that is what the plugin has mounted, or in it. */
    private boolean isMountedByPlugin(Path there) throws IOException {
        if (!there.startsWith(propagated)) {
            return false;
        }
        for (Path at = there; !at.equals(propagated); at = DurableFiles.parent(at)) {
            if (mountedByPlugin().contains(at)) {
                return true;
            }
        }
        return false;
    }

    private Set<Path> mountedByPlugin() throws IOException {
        Set<Path> known = mountedByPlugin;
        if (known == null) {
            // As the kernel writes it, without a look at the folder itself.
            Path folder = DurableFiles.parent(propagated);
            Path real = DurableFiles.isFolder(folder)
                    ? folder.toRealPath().resolve(propagated.getFileName())
                    : propagated;
            known = MountTable.read()
                    .below(real)
                    .stream()
                    .map(mount -> propagated.resolve(real.relativize(mount.mountPoint())))
                    .collect(Collectors.toUnmodifiableSet());
            mountedByPlugin = known;
        }
        return known;
    }

    private static Path checked(String inside) {
        Path path = path(inside);
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

    private static Path path(String inside) {
        try {
            return Path.of(inside);
        } catch (InvalidPathException e) {
            throw new InvalidContentException("no path of a plugin: " + e.getMessage(), e);
        }
    }

    private Path host(Path at, String whole) {
        return places.reversed()
                .stream()
                .filter(place -> at.startsWith(place.inside()))
                .findFirst()
                .map(place -> place.mount()
                        .source()
                        .map(source -> source.resolve(place.inside().relativize(at)).normalize())
                        .orElseThrow(() -> unseen(whole, place.mount())))
                .orElseGet(() -> rootfs.resolve(TOP.relativize(at)).normalize());
    }

    private static InvalidContentException unseen(String whole, InsideMount mount) {
        return new InvalidContentException("the host does not see what the plugin has at " + whole
                + ": at " + mount.destination() + " there is " + mount.what(), null);
    }

    private static void push(Deque<Path> ahead, Path path) {
        for (int i = path.getNameCount() - 1; i >= 0; i--) {
            String name = path.getName(i).toString();
            if (!name.isEmpty() && !name.equals(".")) {
                ahead.push(path.getName(i));
            }
        }
    }
}
