package dev.patchbay.archive;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Deletion markers of a layer (OCI image specification, layer.md, "Whiteouts"): {@code .wh.X} removes {@code X},
 * {@code .wh..wh..opq} empties its directory. Both concern lower layers only, so what this layer has placed so far
 * stays. On a target that was empty at the start there is nothing to remove and nothing is remembered.
 */
final class Whiteouts {
    private static final String PREFIX = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";
    /** Names with this prefix are notes of AUFS to itself, which old Docker layers still carry. */
    private static final String AUFS_PREFIX = ".wh..wh.";

    private final Rootfs rootfs;
    private final boolean lowerLayers;
    private final Set<Path> placed = new HashSet<>();

    Whiteouts(Rootfs rootfs) throws IOException {
        this.rootfs = rootfs;
        try (DirectoryStream<Path> children = Files.newDirectoryStream(rootfs.root())) {
            lowerLayers = children.iterator().hasNext();
        }
    }

    /** Tells whether a name is a marker or below one, so that nothing is placed for it. */
    static boolean isMarker(List<String> parts) {
        return parts.stream().anyMatch(part -> part.startsWith(PREFIX));
    }

    /** Remembers that this layer put something at a real place. */
    void placed(Path place) {
        if (lowerLayers) {
            placed.add(place);
        }
    }

    /**
     * Carries out a marker.
     *
     * @return whether the entry belongs to the markers, so that it is not placed
     * @throws UnsafeEntryException for a marker without a name to remove, and for names below a marker
     */
    boolean apply(String entry, List<String> parts) throws IOException {
        if (!isMarker(parts)) {
            return false;
        }
        if (parts.getFirst().startsWith(AUFS_PREFIX) && !parts.getFirst().equals(OPAQUE)) {
            return true;
        }
        List<String> folder = parts.subList(0, parts.size() - 1);
        if (isMarker(folder)) {
            throw new UnsafeEntryException(entry,
                    "names that start with .wh. are reserved for deletion markers");
        }
        String marker = parts.getLast();
        Optional<Path> target = rootfs.existingFolder(entry, folder);
        if (marker.equals(OPAQUE)) {
            if (target.isPresent()) {
                pruneChildren(target.get());
            }
        } else if (!marker.startsWith(AUFS_PREFIX)) {
            remove(entry, marker.substring(PREFIX.length()), target);
        }
        return true;
    }

    private void remove(String entry, String name, Optional<Path> folder) throws IOException {
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw new UnsafeEntryException(entry, "a deletion marker must name what it deletes");
        }
        if (folder.isPresent()) {
            Path place = rootfs.place(entry, folder.get(), name);
            if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                prune(place);
            }
        }
    }

    private void pruneChildren(Path folder) throws IOException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            for (Path child : children) {
                prune(child);
            }
        }
    }

    /** Removes what lower layers have at or below a place; a directory stays as long as this layer uses it. */
    private void prune(Path place) throws IOException {
        if (!lowerLayers) {
            return;
        }
        if (placed.isEmpty()) {
            rootfs.remove(place);
            return;
        }
        if (Rootfs.isDirectory(place)) {
            pruneChildren(place);
        }
        if (!placed.contains(place)) {
            try {
                rootfs.removeSingle(place);
            } catch (DirectoryNotEmptyException _) {
                // Something of this layer is in it.
            }
        }
    }
}
