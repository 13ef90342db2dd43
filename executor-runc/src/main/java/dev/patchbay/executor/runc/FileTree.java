package dev.patchbay.executor.runc;

import dev.patchbay.syscall.Errno;
import dev.patchbay.syscall.ErrnoException;
import dev.patchbay.syscall.Mounts;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Removes folders with all that is in them, never through a link and never into a mount. */
final class FileTree {
    private FileTree() {}

    /** As {@link #remove}, but unmounts what is mounted at and below the folder first. */
    static void unmountAndRemove(Path folder) throws IOException {
        try {
            Mounts.detachAll(folder);
        } catch (ErrnoException e) {
            if (!e.is(Errno.EPERM)) { // whoever may not unmount has mounted nothing; the removal stops at others' mounts
                throw e;
            }
        }
        try {
            remove(folder);
        } catch (IOException _) {
            // Rare, and so is the table of mounts read: its length is everybody's.
            Mounts.unmountBelow(folder);
            remove(folder);
        }
    }

    /** Removes a folder; content with one that is not there. */
    static void remove(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                if (Mounts.isMounted(directory)) {
                    // Whoever mounted something here would lose what is in it.
                    throw new IOException(directory + " is still mounted");
                }
                return FileVisitResult.CONTINUE;
            }

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
