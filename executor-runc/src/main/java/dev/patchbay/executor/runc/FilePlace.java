package dev.patchbay.executor.runc;

import dev.patchbay.syscall.MountEntry;
import dev.patchbay.syscall.MountTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;

/**
 * Where a folder lies in its file system. That is the same in every mount namespace, changes when the folder or one above
 * it is renamed, and is known of a removed one too, for as long as something is mounted from it.
 *
 * @param device {@code major:minor} of the file system
 * @param path from the file system's own root on; what was removed has {@code deleted} for an additional last name
 */
record FilePlace(String device, Path path) {
    private static final Path TOP = Path.of("/");

    /** Where a folder lies; empty if there is none. */
    static Optional<FilePlace> of(Path folder) throws IOException {
        Path real;
        try {
            real = folder.toRealPath();
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
        return MountTable.read()
                .entries()
                .stream()
                .filter(entry -> real.startsWith(entry.mountPoint()))
                // of several at one place the last, which hides the others
                .reduce((one, next) -> depth(next.mountPoint()) >= depth(one.mountPoint()) ? next : one)
                .map(entry -> new FilePlace(entry.device(),
                        Path.of(entry.root()).resolve(entry.mountPoint().relativize(real))));
    }

    /** Where the root of a process lies; empty if it is gone, or has a root where nothing is mounted (chroot(2)). */
    static Optional<FilePlace> rootOf(ProcessIdentity process) throws IOException {
        Optional<String> table = ProcessStat.read(process.pid(), "mountinfo", StandardCharsets.UTF_8);
        if (table.isEmpty()) {
            return Optional.empty();
        }
        return MountTable.parse(table.get())
                .entries()
                .stream()
                .filter(entry -> entry.mountPoint().equals(TOP))
                .reduce((_, last) -> last)
                .map(entry -> new FilePlace(entry.device(), Path.of(entry.root())));
    }

    /** Whether it is another place or lies in it, however deep. */
    boolean isIn(FilePlace other) {
        return device.equals(other.device) && path.startsWith(other.path);
    }

    /** As people find it: by a path of this mount namespace, if it can be seen from here. */
    String words() throws IOException {
        return MountTable.read()
                .entries()
                .stream()
                .filter(entry -> entry.device().equals(device) && path.startsWith(entry.root()))
                .max(Comparator.comparingInt((MountEntry entry) -> depth(Path.of(entry.root()))))
                .map(entry -> entry.mountPoint().resolve(Path.of(entry.root()).relativize(path)).toString())
                .orElseGet(() -> path + " of the file system " + device);
    }

    private static int depth(Path path) {
        return path.getNameCount();
    }
}
