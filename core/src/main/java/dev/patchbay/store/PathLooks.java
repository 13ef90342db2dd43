package dev.patchbay.store;

import dev.patchbay.plugin.PluginId;
import dev.patchbay.stream.TimeLimit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Looks for what plugins have at paths of theirs. In what is mounted there a look may hang in the kernel, for ever: so these have
 * threads of their own, there is never more than one look for the same path under way, and who waits behind one that hangs is
 * told so. A plugin's other paths do not wait for it, until it has several that hang.
 */
final class PathLooks {
    /** How long a look may take, together with those before it; a sound one takes less than a millisecond. */
    static final Duration LIMIT = Duration.ofSeconds(5);

    private static final int MOST_HANGING = 64;

    /** Looks for different paths of one plugin that may be under way. */
    static final int MOST_OF_ONE = 8;

    /** More wait for one plugin only if it hangs. */
    static final int MOST_WAITING = 100;

    private final Scheduler timers;
    private final BlockingWork threads;
    private final Map<PluginId, UnderWay> underWay = new HashMap<>(); // guarded by itself

    /** The looks for paths of one plugin, each with those who wait for the same, and who waits until there are fewer. */
    private record UnderWay(Map<String, Waiting> paths, Waiting fewer) {
        UnderWay(Map<String, Waiting> paths) {
            this(paths, new Waiting());
        }
    }

    /** Those who wait for one thing. */
    private record Waiting(Sinks.Empty<Void> over, AtomicInteger count) {
        Waiting() {
            this(Sinks.empty(), new AtomicInteger());
        }
    }

    /** Looks at nothing yet. Limits expire on the given scheduler. */
    PathLooks(StoreConfig config, Scheduler timers) {
        this.timers = timers;
        this.threads = new BlockingWork("store-look", config.ioThreads() + MOST_HANGING, config.maxQueued());
    }

    /**
     * What a look finds. <b>Cancelling</b> only detaches: the look goes on.
     *
     * @param inside the path that is looked for
     * @return fails with {@link StoreException} if this look and those before it take too long, or too many wait
     */
    Mono<Path> find(PluginId plugin, String inside, Supplier<Path> look) {
        return TimeLimit.on(turn(plugin, inside, look), LIMIT, timers,
                Mono.error(() -> new StoreException("looking at what plugin "
                        + plugin.shortHex() + " has there takes longer than " + LIMIT.toSeconds()
                        + "s; look whether something that is mounted there hangs", null)));
    }

    private Mono<Path> turn(PluginId plugin, String inside, Supplier<Path> look) {
        return Mono.defer(() -> {
            Optional<Waiting> earlier = enter(plugin, inside);
            if (earlier.isEmpty()) {
                return begin(plugin, inside, look);
            }
            return earlier.get().count().incrementAndGet() > MOST_WAITING
                    ? Mono.error(new StoreException("too many look at what plugin " + plugin.shortHex()
                            + " has there; look whether something that is mounted there hangs", null))
                    : earlier.get().over().asMono().then(turn(plugin, inside, look));
        });
    }

    /** Those that must be waited for, if this is not to be begun now. */
    private Optional<Waiting> enter(PluginId plugin, String inside) {
        synchronized (underWay) {
            UnderWay all = underWay.computeIfAbsent(plugin, _ -> new UnderWay(new HashMap<>()));
            Waiting same = all.paths().get(inside);
            if (same != null) {
                return Optional.of(same);
            }
            if (all.paths().size() == MOST_OF_ONE) {
                return Optional.of(all.fewer());
            }
            all.paths().put(inside, new Waiting());
            return Optional.empty();
        }
    }

    private Mono<Path> begin(PluginId plugin, String inside, Supplier<Path> look) {
        var mine = new AtomicBoolean(true);
        return threads.toTheEnd(() -> {
            try {
                return look.get();
            } finally {
                end(plugin, inside, mine); // before anybody hears of it and asks again
            }
        }).doOnError(_ -> end(plugin, inside, mine)); // there was no thread for it
    }

    private void end(PluginId plugin, String inside, AtomicBoolean mine) {
        if (!mine.compareAndSet(true, false)) {
            return;
        }
        UnderWay before;
        Waiting same;
        synchronized (underWay) {
            before = Objects.requireNonNull(underWay.remove(plugin));
            same = Objects.requireNonNull(before.paths().remove(inside));
            if (!before.paths().isEmpty()) {
                underWay.put(plugin, new UnderWay(before.paths()));
            }
        }
        var _ = same.over().tryEmitEmpty(); // once is enough
        var _ = before.fewer().over().tryEmitEmpty();
    }

    /** Takes nothing more. What hangs is not waited for: it changes nothing, and may never end. */
    void close() {
        threads.abandon();
    }
}
