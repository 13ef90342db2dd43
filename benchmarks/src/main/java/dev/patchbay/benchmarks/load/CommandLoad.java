package dev.patchbay.benchmarks.load;

import dev.patchbay.benchmarks.measure.Endpoint;
import dev.patchbay.benchmarks.measure.UnixHttp;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Commands over HTTP with keep-alive, on so many connections, in turn of so many kinds, on a {@link Schedule}. Closing stops
 * it and returns when the last answer has come. What was due by then and not sent, because all connections waited for
 * answers, counts with how long it had waited: those who would have waited longest must not be missing.
 *
 * <p>An answer that is no success, or none, counts as failed; a moment later its client goes on with a new connection.
 */
final class CommandLoad implements AutoCloseable {
    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long SHORT_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
    private static final long PATIENCE_SECONDS = 100;
    private static final long ABORT_SECONDS = 5;

    private final Endpoint endpoint;
    private final LoadPlugins plugins;
    private final List<CommandKind> kinds;
    private final Schedule schedule;
    private final Map<CommandKind, Ages> ages = new EnumMap<>(CommandKind.class);
    private final AtomicLong turn = new AtomicLong();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<CommandKind, AtomicLong> answered = new EnumMap<>(CommandKind.class);
    private final AtomicLong unsent = new AtomicLong();
    private volatile long stoppedAt;
    private volatile boolean stopped;

    private CommandLoad(Endpoint endpoint, LoadPlugins plugins, List<CommandKind> kinds, Schedule schedule) {
        this.endpoint = endpoint;
        this.plugins = plugins;
        this.kinds = List.copyOf(kinds);
        this.schedule = schedule;
        kinds.forEach(kind -> {
            ages.put(kind, Ages.ofManyThreads());
            answered.put(kind, new AtomicLong());
        });
    }

    /** Starts it. */
    static CommandLoad start(Endpoint endpoint, LoadPlugins plugins, List<CommandKind> kinds,
            int connections, Schedule schedule) {
        var load = new CommandLoad(endpoint, plugins, kinds, schedule);
        for (int number = 0; number < connections; number++) {
            int client = number;
            load.threads.execute(() -> load.work(client));
        }
        return load;
    }

    /** How long commands of a kind took, from when they were due; those that were not sent, had waited. */
    Ages ages(CommandKind kind) {
        return Objects.requireNonNull(ages.get(kind));
    }

    /** How many succeeded, of all kinds. */
    long done() {
        return answered.values().stream().mapToLong(AtomicLong::get).sum();
    }

    /** How many of a kind succeeded. */
    long done(CommandKind kind) {
        return answers(kind).get();
    }

    private AtomicLong answers(CommandKind kind) {
        return Objects.requireNonNull(answered.get(kind));
    }

    /** How many were due when it was closed and had not been sent. */
    long unsent() {
        return unsent.get();
    }

    int failed() {
        return failed.get();
    }

    /** Why the first that failed did. */
    Optional<String> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** Forgets what was, for it was to warm up. */
    void reset() {
        ages.values().forEach(Ages::reset);
        answered.values().forEach(it -> it.set(0));
        failed.set(0);
        failure.set(null);
    }

    private void work(int client) {
        while (!stopped) {
            try (var http = endpoint.connect()) {
                commands(http, client);
            } catch (IOException | IllegalStateException e) {
                failed.incrementAndGet();
                failure.compareAndSet(null, String.valueOf(e.getMessage()));
                LockSupport.parkNanos(AGAIN_NANOS);
            }
        }
    }

    private void commands(UnixHttp http, int client) throws IOException {
        while (!stopped) {
            long due = schedule.next();
            await(due);
            if (stopped) {
                leave(due, 1);
                return;
            }
            long number = turn.getAndIncrement();
            CommandKind kind = kind(number);
            send(kind, http, client, number);
            ages(kind).add(System.nanoTime() - due);
            answers(kind).incrementAndGet();
        }
    }

    private CommandKind kind(long number) {
        return kinds.get((int) (number % kinds.size()));
    }

    /** Counts what is not sent any more. */
    private void leave(long due, long times) {
        if (stoppedAt - due > 0) {
            ages(kind(turn.getAndIncrement())).add(stoppedAt - due, times);
            unsent.addAndGet(times);
        }
    }

    private void await(long due) {
        for (long left = due - System.nanoTime(); left > 0 && !stopped; left = due - System.nanoTime()) {
            LockSupport.parkNanos(Math.clamp(left, SHORT_NANOS, AGAIN_NANOS));
        }
    }

    private void send(CommandKind kind, UnixHttp http, int client, long number) throws IOException {
        switch (kind) {
            case LIST -> http.get(LoadPlugins.API).orFail();
            case INSPECT -> http.get(LoadPlugins.API + "/" + plugins.name(number) + "/json").orFail();
            case CYCLE -> {
                String plugin = LoadPlugins.API + "/" + plugins.runnable(client);
                http.post(plugin + "/enable?timeout=60", "").orFail();
                http.post(plugin + "/disable", "").orFail();
            }
            case SET -> http.post(LoadPlugins.API + "/" + plugins.name(number) + "/set",
                    "[\"" + LoadPlugins.SETTING + "=" + number + "\"]").orFail();
        }
    }

    @Override
    public void close() {
        if (stopped) {
            return;
        }
        stoppedAt = System.nanoTime();
        stopped = true;
        threads.shutdown();
        try {
            if (!threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                threads.shutdownNow(); // which interrupts, and so fails, what still waits for an answer
                var _ = threads.awaitTermination(ABORT_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException _) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
        schedule.left(stoppedAt, this::leave);
    }
}
