package dev.patchbay.benchmarks.content;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Gives the files of plugins that are about to be removed a second name, so that their inodes stay in use.
 *
 * <p>ext4 leaves out inodes that were freed in the last minutes when it looks for a free one, one by one (linux
 * {@code fs/ext4/ialloc.c}, {@code recently_deleted}): removing a large plugin and installing it again at once takes seconds
 * longer than installing it, with any daemon. Their content is given up, so it costs no space.
 */
public final class KeptInodes {
    private static final String ROOTFS = "rootfs";
    private static final int ROOTFS_DEPTH = 3;

    private final Set<Path> folders = new LinkedHashSet<>();
    private int kept;

    /** Keeps the inodes of every plugin below a daemon's root, under names in that root: dockerd mounts it on itself. */
    public void keep(Path root) throws IOException {
        Path folder = root.resolve("kept");
        folders.add(folder);
        try (Stream<Path> found = Files.find(root, ROOTFS_DEPTH,
                (path, attributes) -> attributes.isDirectory() && path.endsWith(ROOTFS))) {
            for (Path rootfs : found.toList()) {
                link(rootfs, folder.resolve(Integer.toString(kept++)));
            }
        }
    }

    private static void link(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path name = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectories(name);
                } else {
                    Files.createLink(name, path);
                }
            }
        }
    }

    /** Gives up the content of what is kept. To be called when the plugins are removed. */
    public void empty() throws IOException {
        for (Path folder : folders) {
            empty(folder);
        }
    }

    private static void empty(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return; // its daemon is gone, and its root with it
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                if (Files.size(path) > 0) {
                    Files.write(path, new byte[0]);
                }
            }
        }
    }
}
