package dev.patchbay.store;

import dev.patchbay.plugin.PluginId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Looks for what plugins have at paths of theirs. Below what a plugin has mounted a look may hang in the kernel for as long as
 * the plugin likes: so these have threads of their own, a plugin never has more than one look under way, and who waits behind
 * one that hangs is told so.
 */
final class PathLooks {
    /** How long a look may take, together with those before it; a sound one takes less than a millisecond. */
    static final Duration LIMIT = Duration.ofSeconds(5);

    private static final int MOST_HANGING = 64;

    /** More wait for one plugin only if it hangs. */
    static final int MOST_WAITING = 100;

    private final Scheduler timers;
    private final BlockingWork threads;
    private final Map<PluginId, Look> underWay = new ConcurrentHashMap<>();

    private record Look(Sinks.Empty<Void> over, AtomicInteger waiting) {}

    /** Looks at nothing yet. Limits expire on the given scheduler. */
    PathLooks(StoreConfig config, Scheduler timers) {
        this.timers = timers;
        this.threads = new BlockingWork("store-look", config.ioThreads() + MOST_HANGING, config.maxQueued());
    }

    /**
     * What a look finds. <b>Cancelling</b> only detaches: the look goes on.
     *
     * @return fails with {@link StoreException} if this look and those before it take too long, or too many wait for one
     */
    Mono<Path> find(PluginId plugin, Supplier<Path> look) {
        return turn(plugin, look)
                .timeout(LIMIT, Mono.error(() -> new StoreException("looking at what plugin "
                        + plugin.shortHex() + " has there takes longer than " + LIMIT.toSeconds()
                        + "s; look whether something that it has mounted hangs", null)), timers);
    }

    private Mono<Path> turn(PluginId plugin, Supplier<Path> look) {
        return Mono.defer(() -> {
            var mine = new Look(Sinks.empty(), new AtomicInteger());
            Look earlier = underWay.putIfAbsent(plugin, mine);
            if (earlier == null) {
                return begin(plugin, mine, look);
            }
            return earlier.waiting().incrementAndGet() > MOST_WAITING
                    ? Mono.error(new StoreException("too many look at what plugin " + plugin.shortHex()
                            + " has there; look whether something that it has mounted hangs", null))
                    : earlier.over().asMono().then(turn(plugin, look));
        });
    }

    private Mono<Path> begin(PluginId plugin, Look mine, Supplier<Path> look) {
        return threads.toTheEnd(() -> {
            try {
                return look.get();
            } finally {
                end(plugin, mine); // before anybody hears of it and asks again
            }
        }).doOnError(_ -> end(plugin, mine)); // there was no thread for it
    }

    private void end(PluginId plugin, Look mine) {
        underWay.remove(plugin, mine);
        var _ = mine.over().tryEmitEmpty(); // once is enough
    }

    /** Takes nothing more. What hangs is not waited for: it changes nothing, and may never end. */
    void close() {
        threads.abandon();
    }
}
