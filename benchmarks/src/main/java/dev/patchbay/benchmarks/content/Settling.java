package dev.patchbay.benchmarks.content;

import dev.patchbay.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.Path;

/** What is done between two measurements that write much. */
public final class Settling {
    private static final String TOUCHED = "4g";
    private static final long LITTLE_BYTES = 50_000_000;

    private Settling() {}

    /**
     * Lets nobody pay for others: writes what is pending, and takes memory from a hypervisor that took it back when it was
     * free (free page reporting), which would make whoever writes first up to ten times slower. Several times what a pull
     * writes, for the kernel does not hand out first what was freed last.
     */
    public static void settle() throws IOException, InterruptedException {
        Syscalls.syncFileSystem(Path.of("/tmp"));
        Process toucher = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms" + TOUCHED, "-Xmx" + TOUCHED, "-XX:+UseSerialGC", "-XX:+AlwaysPreTouch", "-version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (toucher.waitFor() != 0) {
            throw new IOException("memory cannot be had: java ended with " + toucher.exitValue());
        }
    }

    /** The same before something is written, unless that is so little that pending writes alone matter. */
    public static void before(long bytes) throws IOException, InterruptedException {
        if (bytes < LITTLE_BYTES) {
            Syscalls.syncFileSystem(Path.of("/tmp"));
        } else {
            settle();
        }
    }
}
