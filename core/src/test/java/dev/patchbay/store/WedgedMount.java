package dev.patchbay.store;

import dev.patchbay.syscall.Mounts;
import dev.patchbay.syscall.Syscalls;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file system in user space whose server answers nothing, until it is closed: who looks at its root waits. */
final class WedgedMount implements AutoCloseable {
    private static final Path DEVICE = Path.of("/dev/fuse");

    private final FileChannel server;
    private final Path place;

    private WedgedMount(FileChannel server, Path place) {
        this.server = server;
        this.place = place;
    }

    static boolean isPossible() {
        return Files.isWritable(DEVICE);
    }

    static WedgedMount at(Path place) throws IOException {
        FileChannel server = FileChannel.open(DEVICE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            Syscalls.mount("wedged", place, "fuse", 0,
                    "fd=" + descriptor() + ",rootmode=40000,user_id=0,group_id=0");
        } catch (IOException e) {
            server.close();
            throw e;
        }
        return new WedgedMount(server, place);
    }

    /** The number of the only open device. */
    private static String descriptor() throws IOException {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : open) {
                if (Files.isSymbolicLink(descriptor)
                        && Files.readSymbolicLink(descriptor).equals(DEVICE)) {
                    return Layout.name(descriptor);
                }
            }
        }
        throw new IOException(DEVICE + " is not open");
    }

    /** Whoever waits gets an error. */
    @Override
    public void close() throws IOException {
        server.close();
        Mounts.detachAll(place);
    }
}
