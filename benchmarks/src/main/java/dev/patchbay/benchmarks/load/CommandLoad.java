package dev.patchbay.benchmarks.load;

import dev.patchbay.benchmarks.measure.Target;
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
 * it and returns when the last answer has come.
 *
 * <p>An answer that is no success, or none, counts as failed; a moment later its client goes on with a new connection.
 */
final class CommandLoad implements AutoCloseable {
    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long SHORT_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
    private static final long PATIENCE_SECONDS = 90;

    private final Target target;
    private final LoadPlugins plugins;
    private final List<CommandKind> kinds;
    private final Schedule schedule;
    private final Map<CommandKind, Ages> ages = new EnumMap<>(CommandKind.class);
    private final AtomicLong turn = new AtomicLong();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean stopped;

    private CommandLoad(Target target, LoadPlugins plugins, List<CommandKind> kinds, Schedule schedule) {
        this.target = target;
        this.plugins = plugins;
        this.kinds = List.copyOf(kinds);
        this.schedule = schedule;
        kinds.forEach(kind -> ages.put(kind, Ages.ofManyThreads()));
    }

    /** Starts it. */
    static CommandLoad start(Target target, LoadPlugins plugins, List<CommandKind> kinds, int connections,
            Schedule schedule) {
        var load = new CommandLoad(target, plugins, kinds, schedule);
        for (int number = 0; number < connections; number++) {
            int client = number;
            load.threads.execute(() -> load.work(client));
        }
        return load;
    }

    /** How long commands of a kind took, from when they were due. */
    Ages ages(CommandKind kind) {
        return Objects.requireNonNull(ages.get(kind));
    }

    /** How many succeeded, of all kinds. */
    long done() {
        return ages.values().stream().mapToLong(Ages::count).sum();
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
        failed.set(0);
        failure.set(null);
    }

    private void work(int client) {
        while (!stopped) {
            try (var http = UnixHttp.connect(target)) {
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
                return;
            }
            long number = turn.getAndIncrement();
            CommandKind kind = kinds.get((int) (number % kinds.size()));
            send(kind, http, client, number);
            ages(kind).add(System.nanoTime() - due);
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
        stopped = true;
        threads.shutdown();
        try {
            if (threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
    }
}
