package dev.patchbay.benchmarks.content;

import dev.patchbay.benchmarks.measure.Machine;
import dev.patchbay.syscall.HeldFileSystem;
import java.io.IOException;
import java.nio.file.Path;

/** What is done between two measurements that write much. */
public final class Settling {
    private static final long TOUCHED_MIB = 4096;
    private static final long LEAST_MIB = 64;
    private static final long LITTLE_BYTES = 50_000_000;

    private Settling() {}

    /**
     * Lets nobody pay for others: writes what is pending, and takes memory from a hypervisor that took it back when it was
     * free (free page reporting), which would make whoever writes first up to ten times slower. Several times what a pull
     * writes, for the kernel does not hand out first what was freed last.
     */
    public static void settle() throws IOException, InterruptedException {
        writePending();
        // Half of what is there at most, or the kernel would end somebody for it.
        String touched = Math.clamp(Machine.availableBytes() / (2L << 20), LEAST_MIB, TOUCHED_MIB) + "m";
        Process toucher = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms" + touched, "-Xmx" + touched, "-XX:+UseSerialGC", "-XX:+AlwaysPreTouch", "-version")
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
            writePending();
        } else {
            settle();
        }
    }

    private static void writePending() throws IOException {
        try (HeldFileSystem files = HeldFileSystem.of(Path.of("/tmp"))) {
            files.sync();
        }
    }
}
