package dev.patchbay.testing;

import dev.patchbay.syscall.ErrnoException;
import dev.patchbay.syscall.Syscalls;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A folder on a file system that hangs, as one of a server that is gone: the kernel asks it, over FUSE, and gets no answer.
 * Whoever looks inside waits, in the kernel, until this is closed. Needs root.
 */
public final class HungFolder implements AutoCloseable {
    private static final Path DEVICE = Path.of("/dev/fuse");
    private static final int FORCE = 1; // MNT_FORCE: those who wait fail
    private static final int INIT = 26;
    private static final int LARGEST_REQUEST = 1 << 20;
    private static final int HEADER = 16;
    private static final int INIT_ANSWER = 64;

    private final Path folder;
    private final RandomAccessFile kernel;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final Thread server;

    private HungFolder(Path folder, RandomAccessFile kernel) {
        this.folder = folder;
        this.kernel = kernel;
        this.server = Thread.ofPlatform().daemon().name("hung-folder").unstarted(this::serve);
    }

    /** Makes a folder that is there hang. */
    public static HungFolder over(Path folder) throws IOException {
        try {
            Set<String> before = descriptors();
            var kernel = new RandomAccessFile(DEVICE.toFile(), "rw");
            Set<String> now = descriptors();
            now.removeAll(before);
            Syscalls.mount("hung", folder, "fuse", 0,
                    "fd=" + now.iterator().next() + ",rootmode=40000,user_id=0,group_id=0");
            var made = new HungFolder(folder, kernel);
            made.server.start();
            return made;
        } catch (FileNotFoundException e) {
            Assumptions.abort("skipped: there is no FUSE here: " + e.getMessage());
            throw e;
        }
    }

    /** The numbers of the device's descriptors, which Java keeps for itself. */
    private static Set<String> descriptors() throws IOException {
        var numbers = new HashSet<String>();
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            for (Path each : all.toList()) {
                if (leadsToDevice(each)) {
                    numbers.add(String.valueOf(each.getFileName()));
                }
            }
        }
        return numbers;
    }

    private static boolean leadsToDevice(Path descriptor) throws IOException {
        try {
            return Files.readSymbolicLink(descriptor).equals(DEVICE);
        } catch (NoSuchFileException _) {
            return false; // closed meanwhile
        }
    }

    /** Greets the kernel, without which it asks for nothing, and answers nothing else. */
    private void serve() {
        byte[] request = new byte[LARGEST_REQUEST];
        try {
            while (kernel.read(request) > 0) {
                ByteBuffer header = ByteBuffer.wrap(request).order(ByteOrder.nativeOrder());
                if (header.getInt(4) == INIT) {
                    kernel.write(greeting(header.getLong(8)));
                } else {
                    asked.countDown();
                }
            }
        } catch (IOException _) {
            // It is closed.
        }
    }

    /** As in {@code linux/fuse.h}: the header of an answer, then the version and that writes are small. */
    private static byte[] greeting(long request) {
        return ByteBuffer.allocate(HEADER + INIT_ANSWER)
                .order(ByteOrder.nativeOrder())
                .putInt(HEADER + INIT_ANSWER)
                .putInt(0)
                .putLong(request)
                .putInt(7)
                .putInt(31)
                .putInt(0)
                .putInt(0)
                .putInt(0)
                .putInt(4096)
                .array();
    }

    /** Waits until somebody hangs in it. */
    public boolean awaitVictim(long seconds) throws InterruptedException {
        return asked.await(seconds, TimeUnit.SECONDS);
    }

    /** Lets all who wait fail, and gives the folder back as it was. */
    @Override
    public void close() throws IOException {
        try (kernel) {
            Syscalls.unmount(folder, FORCE | Syscalls.UMOUNT_NOFOLLOW);
        } catch (ErrnoException _) {
            // Busy: those who waited are still on their way out.
            Syscalls.unmount(folder, Syscalls.MNT_DETACH | Syscalls.UMOUNT_NOFOLLOW);
        }
    }
}
