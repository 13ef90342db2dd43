package dev.patchbay.syscall;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A mount of a file system whose server does not answer: whoever looks into it waits. After {@link #die} nobody does, and
 * whoever looks is refused, as with what a plugin that was killed leaves. Closing takes it away, if it is still there.
 */
public final class StuckMount implements AutoCloseable {
    private static final Path DEVICE = Path.of("/dev/fuse");
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private final Path place;
    private final RandomAccessFile connection;

    private StuckMount(Path place, RandomAccessFile connection) {
        this.place = place;
        this.connection = connection;
    }

    /** Whether this machine has such file systems. */
    public static boolean possible() {
        return Files.isWritable(DEVICE);
    }

    /** Mounts one on a folder (mount.fuse(8); the kernel's {@code filesystems/fuse.rst}). */
    public static StuckMount on(Path place) throws IOException {
        List<Path> before = connections();
        var connection = new RandomAccessFile(DEVICE.toFile(), "rw");
        try {
            Path descriptor = connections().stream()
                    .filter(it -> !before.contains(it))
                    .findFirst()
                    .orElseThrow();
            Syscalls.mount("stuck", place, "fuse", 0,
                    "fd=" + descriptor.getFileName() + ",rootmode=40000,user_id=0,group_id=0");
            return new StuckMount(place, connection);
        } catch (IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static List<Path> connections() throws IOException {
        try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
            return descriptors.filter(StuckMount::isConnection).toList();
        }
    }

    private static boolean isConnection(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).equals(DEVICE);
        } catch (IOException _) {
            return false; // closed meanwhile
        }
    }

    /** Ends the server. Who waits is refused. */
    public void die() throws IOException {
        connection.close();
    }

    @Override
    public void close() throws IOException {
        die();
        Mounts.detachAll(place);
    }
}
