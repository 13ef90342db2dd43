package dev.patchbay.archive;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A directory tree in which names are resolved as a process would that has it as its root.
 *
 * <p>A symbolic link in the middle of a name is followed <em>within</em> the tree: an absolute target starts at the
 * tree's root, {@code ..} stops there. So {@code lib/x} lands in {@code usr/lib/x} if {@code lib} links to
 * {@code usr/lib} or {@code /usr/lib}, as container tools have it (openat2(2), RESOLVE_IN_ROOT), and no link leads out.
 * The last part of a name is never followed. Each component is looked at before it is used, which is safe because
 * nobody else may write in the tree meanwhile.
 */
final class Rootfs {
    /** The kernel's own limit on links in one name (path_resolution(7)). */
    private static final int MAX_LINKS = 40;
    private static final int MAX_KNOWN_FOLDERS = 4096;
    private static final int IMPLICIT_MODE = 0755;

    private final Path root;
    private final Map<List<String>, Path> knownFolders = new HashMap<>();

    Rootfs(Path root) throws IOException {
        this.root = root.toRealPath();
    }

    Path root() {
        return root;
    }

    /** Returns the real directory of a name, making what is missing. */
    Path folder(String entry, List<String> parts) throws IOException {
        Path known = knownFolders.get(parts);
        if (known != null) {
            return known;
        }
        Path folder = walk(entry, parts, Missing.CREATE)
                .orElseThrow(
                        () -> new EntryNotPlacedException(entry, "a part of its path is not a directory"));
        if (knownFolders.size() >= MAX_KNOWN_FOLDERS) {
            knownFolders.clear();
        }
        knownFolders.put(List.copyOf(parts), folder);
        return folder;
    }

    /** Returns the real directory of a name if it exists. */
    Optional<Path> existingFolder(String entry, List<String> parts) throws IOException {
        return walk(entry, parts, Missing.REPORT);
    }

    /** Returns the place of a last part in a real directory; whatever is there is not followed. */
    Path place(String entry, Path folder, String name) throws UnsafeEntryException {
        try {
            return folder.resolve(name);
        } catch (InvalidPathException e) {
            throw new UnsafeEntryException(entry, "its name cannot be a file name here: " + e.getReason()
                    + "; file names are " + System.getProperty("sun.jnu.encoding")
                    + ", start the process with LC_ALL=C.UTF-8");
        }
    }

    /** Removes a file, link or whole directory at a real place. */
    void remove(Path place) throws IOException {
        knownFolders.clear();
        TreeDeletion.deleteWithin(place);
    }

    /** Removes a file, a link or an empty directory at a real place. */
    void removeSingle(Path place) throws IOException {
        knownFolders.clear();
        Files.delete(place);
    }

    /** Tells whether this place and everything above it up to the root is a directory, not a link to one. */
    boolean isRealFolder(Path place) throws IOException {
        if (place.equals(root)) {
            return true;
        }
        Path parent = place.getParent();
        return parent != null && isDirectory(place) && isRealFolder(parent);
    }

    static boolean isDirectory(Path place) throws IOException {
        return Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS);
    }

    private Optional<Path> walk(String entry, List<String> parts, Missing missing) throws IOException {
        Deque<String> pending = new ArrayDeque<>(parts);
        Path current = root;
        int links = 0;
        while (!pending.isEmpty()) {
            String part = pending.removeFirst();
            if (part.equals("..")) { // only links bring these
                current = parentOf(current);
                continue;
            }
            Path next = place(entry, current, part);
            switch (look(next)) {
                case FOLDER -> current = next;
                case NOTHING -> {
                    if (missing == Missing.REPORT) {
                        return Optional.empty();
                    }
                    makeFolder(next);
                    current = next;
                }
                case LINK -> {
                    if (++links > MAX_LINKS) {
                        throw new UnsafeEntryException(entry, "its path leads through more than " + MAX_LINKS
                                + " symbolic links");
                    }
                    current = follow(next, current, pending);
                }
                case OTHER -> {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(current);
    }

    private Path follow(Path link, Path folder, Deque<String> pending) throws IOException {
        String target = Files.readSymbolicLink(link).toString();
        List<String> parts = List.of(target.split("/"));
        for (String part : parts.reversed()) {
            if (!part.isEmpty() && !part.equals(".")) {
                pending.addFirst(part);
            }
        }
        return target.startsWith("/") ? root : folder;
    }

    private Path parentOf(Path folder) {
        Path parent = folder.getParent();
        return folder.equals(root) || parent == null ? root : parent;
    }

    private static void makeFolder(Path folder) throws IOException {
        try {
            Files.createDirectory(folder);
            Files.setAttribute(folder, "unix:mode", IMPLICIT_MODE);
        } catch (FileAlreadyExistsException e) {
            throw new IOException("somebody else writes below " + folder.getParent(), e);
        }
    }

    private static Found look(Path place) throws IOException {
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            return Found.NOTHING;
        }
        BasicFileAttributes attributes = Files.readAttributes(place, BasicFileAttributes.class,
                LinkOption.NOFOLLOW_LINKS);
        if (attributes.isDirectory()) {
            return Found.FOLDER;
        }
        return attributes.isSymbolicLink() ? Found.LINK : Found.OTHER;
    }

    private enum Missing {
        CREATE, REPORT
    }

    private enum Found {
        FOLDER, LINK, OTHER, NOTHING
    }
}
