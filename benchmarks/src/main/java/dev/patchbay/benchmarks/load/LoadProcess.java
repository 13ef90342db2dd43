package dev.patchbay.benchmarks.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A {@link LoadGenerator} in a process of its own, so that neither its heap nor its threads are the server's. */
public final class LoadProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 300;
    private static final int LATE_SECONDS = 120;
    private static final int SPARE_FILES = 500;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Process process;
    private final Thread reader;

    // Under the lock:
    private boolean ready;
    private boolean reset;
    private long passed;
    private @Nullable LoadResult result;
    private @Nullable String failure;

    private LoadProcess(Process process) {
        this.process = process;
        this.reader = Thread.ofPlatform().name("load-reader").unstarted(this::read);
    }

    /** Starts one; returns when all its connections are subscribed. */
    public static LoadProcess start(LoadPlan plan) throws IOException, InterruptedException {
        expectFiles(plan.connections());
        var line = new ArrayList<>(
                List.of("setsid", Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow", "-cp", System.getProperty("java.class.path"),
                        LoadGenerator.class.getName()));
        line.addAll(plan.arguments());
        var load = new LoadProcess(
                new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start());
        load.reader.start();
        try {
            load.await("until all are connected", it -> it.ready);
            return load;
        } catch (IOException | InterruptedException e) {
            load.close();
            throw e;
        }
    }

    /** A JVM raises its own limit as far as it may; how far that is, it inherits. */
    private static void expectFiles(int connections) throws IOException {
        String limit = Files.readAllLines(Path.of("/proc/self/limits"))
                .stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.split(" +", -1)[4])
                .findFirst()
                .orElse("unlimited");
        if (!limit.equals("unlimited") && Long.parseLong(limit) < connections + SPARE_FILES) {
            throw new IOException("a process may have " + limit + " open files here, and " + connections
                    + " connections need " + (connections + SPARE_FILES) + ": ulimit -n "
                    + (connections + SPARE_FILES) + ", in the shell that starts this");
        }
    }

    private void read() {
        try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                hear(line);
            }
            hear("failed: the load generator has ended");
        } catch (IOException e) {
            hear("failed: " + e);
        }
    }

    private synchronized void hear(String line) {
        if (line.equals("ready")) {
            ready = true;
        } else if (line.equals("reset")) {
            reset = true;
        } else if (line.startsWith("passed ")) {
            passed = Long.parseLong(line.substring("passed ".length()));
        } else if (line.startsWith("result ")) {
            result = LoadResult.parse(line);
        } else if (failure == null) {
            failure = line;
        }
        notifyAll();
    }

    private synchronized void await(String what, Predicate<LoadProcess> met)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!met.test(this)) {
            String why = failure;
            if (why != null) {
                throw new IOException("the load generator: " + why);
            }
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new IOException("waited " + PATIENCE_SECONDS + " s " + what + "; " + passed
                        + " events have come everywhere");
            }
            wait(left);
        }
    }

    /** Up to how many events all connections have got, to a multiple of {@value Arrivals#STEP}. */
    public synchronized long passed() {
        return passed;
    }

    /** Waits until all connections have got so many events, a multiple of {@value Arrivals#STEP}. */
    public void awaitPassed(long count) throws IOException, InterruptedException {
        await("until all have got " + count + " events", it -> it.passed >= count);
    }

    /** Forgets what came so far, except for {@link #passed}. */
    public void reset() throws IOException, InterruptedException {
        synchronized (this) {
            reset = false;
        }
        tell("reset");
        await("for what came to be forgotten", it -> it.reset);
    }

    /** What came. */
    public LoadResult result() throws IOException, InterruptedException {
        synchronized (this) {
            result = null;
        }
        tell("result");
        await("for the result", it -> it.result != null);
        synchronized (this) {
            LoadResult found = result;
            if (found == null) {
                throw new IllegalStateException("nobody else asks");
            }
            return found;
        }
    }

    /**
     * Waits for so many deliveries, for {@value #LATE_SECONDS} s at most: what has not come by then counts as lost, for not
     * every stream says what it loses. Returns what came.
     */
    public LoadResult awaitDeliveries(long wanted) throws IOException, InterruptedException {
        return awaitDeliveries(wanted, Duration.ofSeconds(LATE_SECONDS));
    }

    /** See {@link #awaitDeliveries(long)}; for another time at most. */
    public LoadResult awaitDeliveries(long wanted, Duration late) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        LoadResult now = result();
        while (now.deliveries() < wanted
                && System.nanoTime() - begin < late.toNanos()) {
            LockSupport.parkNanos(POLL_NANOS);
            now = result();
        }
        return now;
    }

    private void tell(String order) throws IOException {
        process.getOutputStream().write((order + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the load generator did not end");
            }
            reader.join();
        } catch (InterruptedException e) {
            throw new IOException("interrupted while the load generator ends", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
