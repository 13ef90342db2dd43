package dev.patchbay.web.daemon;

import dev.patchbay.syscall.Syscalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JVM's threads that make the fastest code. They pay in the long run, in hashing above all, and cost most when the
 * daemon starts, which is when hundreds of plugins wait for a processor.
 */
final class CompilerThreads {
    private static final Logger LOG = LoggerFactory.getLogger(CompilerThreads.class);
    private static final Path THREADS = Path.of("/proc/self/task");

    /** As far as the kernel keeps it: 15 bytes. */
    private static final String NAME = "C2 CompilerThre";

    private static final int NICENESS = 10;

    private CompilerThreads() {}

    /** Makes those that there are give way to all that somebody waits for. Does nothing on other JVMs. */
    static void giveWay() {
        try {
            for (int thread : found()) {
                Syscalls.letGiveWay(thread, NICENESS);
            }
        } catch (IOException | UncheckedIOException | LinkageError e) {
            LOG.debug("compiler threads have the usual priority: {}", e.getMessage());
        }
    }

    /** The ids of these threads. */
    static List<Integer> found() throws IOException {
        try (Stream<Path> threads = Files.list(THREADS)) {
            return threads.filter(CompilerThreads::isCompiler)
                    .map(thread -> Integer.valueOf(thread.getFileName().toString()))
                    .toList();
        }
    }

    private static boolean isCompiler(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).strip().equals(NAME);
        } catch (IOException _) {
            return false; // it ended
        }
    }
}
