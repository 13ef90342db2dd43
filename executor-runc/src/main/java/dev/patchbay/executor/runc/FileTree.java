package dev.patchbay.executor.runc;

import dev.patchbay.syscall.MountEntry;
import dev.patchbay.syscall.MountTable;
import dev.patchbay.syscall.Mounts;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Removes folders with all that is in them, never through a link and never into a mount. */
final class FileTree {
    private FileTree() {}

    /** Unmounts everything at and below a folder; content with a folder that is not there. */
    static void unmount(Path folder) throws IOException {
        Path parent = folder.getParent();
        if (parent != null && Files.isDirectory(parent)) {
            Mounts.unmountTree(folder);
        }
    }

    /** Removes a folder; content with one that is not there. */
    static void remove(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        // Whoever mounted something here would lose what is in it.
        List<MountEntry> mounts = MountTable.read().atOrBelow(folder);
        if (!mounts.isEmpty()) {
            throw new IOException(mounts.getFirst().mountPoint() + " is still mounted");
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
