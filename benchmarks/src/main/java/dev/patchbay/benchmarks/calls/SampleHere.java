package dev.patchbay.benchmarks.calls;

import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.UnixHttp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The sample plugin's process without a runtime, in a root of its own: it says a line for each answer, which costs whoever
 * keeps its log as much as the answer does. Here nobody keeps it. Needs root.
 *
 * @param socket where it listens
 */
record SampleHere(Path socket, Process process) implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** Starts it and waits until it listens. */
    static SampleHere start(Built built, Path folder) throws IOException {
        Path root = Files.createDirectory(folder.resolve("root"));
        Files.copy(built.samplePlugin().resolve("rootfs/sample-plugin"), root.resolve("plugin"),
                StandardCopyOption.COPY_ATTRIBUTES);
        Path sockets = Files.createDirectories(root.resolve("run/docker/plugins"));
        Process process = new ProcessBuilder(List.of("chroot", root.toString(), "/plugin"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var sample = new SampleHere(sockets.resolve("sample.sock"), process);
        try {
            sample.awaitListening();
        } catch (IOException e) {
            sample.close();
            throw e;
        }
        return sample;
    }

    private void awaitListening() throws IOException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            try (var _ = UnixHttp.connect(socket)) {
                return;
            } catch (IOException e) {
                if (System.nanoTime() > deadline || !process.isAlive()) {
                    throw new IOException("the sample plugin does not listen", e);
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
