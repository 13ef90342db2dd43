package dev.patchbay.executor.runc;

import dev.patchbay.thread.FreshThread;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The one place where processes are started. Every wait has a limit; an interrupt, or the limit, kills the process and
 * the JVM reaps it. Children get no environment but a PATH and what is named here.
 */
final class Processes {
    private static final int MAX_OUTPUT_BYTES = 64 * 1024;
    private static final File NOTHING = new File("/dev/null");
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private Processes() {}

    /**
     * How a short-lived process ended.
     *
     * @param code its exit code, 128 + n for signal n
     * @param output what it wrote to both streams, cut at {@value Processes#MAX_OUTPUT_BYTES} bytes
     */
    record Outcome(int code, String output) {
        boolean succeeded() {
            return code == 0;
        }
    }

    /**
     * Runs a program to its end.
     *
     * @param words how people call it: the program and what it was to do, without anything that may be secret
     * @throws IOException if it cannot be started
     * @throws TimeoutException if it took longer than the limit; it was killed, with the processes that it started
     * @throws InterruptedException if interrupted; it was killed likewise
     */
    static Outcome run(String words, List<String> line, Duration limit)
            throws IOException, TimeoutException, InterruptedException {
        ProcessBuilder builder = builder(line, Map.of());
        Process process = builder.redirectErrorStream(true).start();
        try {
            CompletableFuture<byte[]> output = inBackground(process.getInputStream(), Processes::readAll);
            if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                throw overdue(words, limit);
            }
            // A process that it left behind could hold the pipe open: what has come until then must do.
            byte[] bytes = get(output, Duration.ofSeconds(1));
            return new Outcome(process.exitValue(), new String(bytes, StandardCharsets.UTF_8));
        } finally {
            kill(process);
        }
    }

    /** Says that something took too long and was killed. */
    static TimeoutException overdue(String words, Duration limit) {
        return new TimeoutException("`" + words + "` did not end within " + readable(limit)
                + " and was killed");
    }

    /** A limit for people, such as {@code 10 s} or {@code 300 ms}. */
    static String readable(Duration limit) {
        return limit.toMillisPart() == 0 && limit.toSeconds() > 0
                ? limit.toSeconds() + " s"
                : limit.toMillis() + " ms";
    }

    // A runtime may be a script, which would leave behind what it waits for.
    private static void kill(Process process) {
        if (process.isAlive()) {
            List<ProcessHandle> tree = process.descendants().toList();
            process.destroyForcibly();
            tree.forEach(ProcessHandle::destroyForcibly);
        }
    }

    /** Starts a monitor; its standard output is the sync pipe. */
    static Process startMonitor(List<String> line, Path directory, Path errors) throws IOException {
        ProcessBuilder builder = builder(line,
                Map.of("_OCI_SYNCPIPE", Integer.toString(CommandLines.SYNC_DESCRIPTOR)));
        return builder.directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.to(errors.toFile()))
                .start();
    }

    /**
     * Reads the first line that a process writes to its standard output, and closes it: never to its end, because a
     * monitor keeps the pipe for as long as it lives. The reading goes on until the process is killed if this fails.
     *
     * @return the line; empty if there was none
     * @throws TimeoutException if none came within the limit
     */
    static String firstLine(String words, Process process, Duration limit)
            throws IOException, TimeoutException, InterruptedException {
        CompletableFuture<byte[]> line = inBackground(process.getInputStream(), Processes::readLine);
        try {
            return new String(line.get(limit.toNanos(), TimeUnit.NANOSECONDS), StandardCharsets.UTF_8);
        } catch (TimeoutException e) {
            TimeoutException said = overdue(words, limit);
            said.initCause(e);
            throw said;
        } catch (ExecutionException e) {
            throw new IOException("cannot read from the monitor", e.getCause());
        }
    }

    /** How one ended that has, or is about to. */
    static String exitCode(Process process) {
        try {
            return "exit code " + process.waitFor();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return "an unknown exit code";
        }
    }

    private static ProcessBuilder builder(List<String> line, Map<String, String> environment) {
        var builder = new ProcessBuilder(line).redirectInput(NOTHING);
        builder.environment().clear();
        builder.environment().put("PATH", PATH);
        builder.environment().putAll(environment);
        return builder;
    }

    private interface Reading {
        byte[] from(InputStream stream) throws IOException;
    }

    // A read from a pipe knows neither limit nor interrupt, so it has a thread of its own that ends with the pipe.
    private static CompletableFuture<byte[]> inBackground(InputStream stream, Reading reading) {
        var result = new CompletableFuture<byte[]>();
        FreshThread.start("runtime-pipe", () -> {
            try (stream) {
                result.complete(reading.from(stream));
            } catch (IOException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private static byte[] readAll(InputStream stream) throws IOException {
        byte[] kept = stream.readNBytes(MAX_OUTPUT_BYTES);
        stream.skip(Long.MAX_VALUE); // else it would block on a full pipe
        return kept;
    }

    private static byte[] readLine(InputStream stream) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = stream.read(); next >= 0 && next != '\n'; next = stream.read()) {
            if (line.size() < MAX_OUTPUT_BYTES) {
                line.write(next);
            }
        }
        return line.toByteArray();
    }

    private static byte[] get(CompletableFuture<byte[]> output, Duration limit) throws InterruptedException {
        try {
            return output.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new UncheckedIOException(new IOException("cannot read a process's output", e.getCause()));
        } catch (TimeoutException _) {
            return new byte[0];
        }
    }
}
