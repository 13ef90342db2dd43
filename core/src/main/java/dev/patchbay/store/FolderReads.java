package dev.patchbay.store;

import dev.patchbay.plugin.PluginId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The reading of plugins' folders, of which each may hang for reasons of its own.
 *
 * <p>A thread that hangs in the kernel cannot be called back, so no folder is ever given a second one: whoever asks again
 * waits for the first. What hangs does not keep others from a thread, as long as it is not {@value #MOST_HANGING} folders.
 */
final class FolderReads {
    /** How long a folder may keep the others waiting; a sound one takes some milliseconds. */
    static final Duration LIMIT = Duration.ofSeconds(5);

    private static final int MOST_HANGING = 64;

    private final Function<PluginId, List<Loaded>> reading;
    private final Layout layout;
    private final int sideBySide;
    private final Scheduler timers;
    private final BlockingWork io;
    private final BlockingWork threads;
    private final Map<PluginId, Mono<List<Loaded>>> underway = new ConcurrentHashMap<>();

    /**
     * Reads nothing yet.
     *
     * @param reading reads one folder; blocks
     * @param timers where limits expire
     * @param io where it is told that one did
     */
    FolderReads(Function<PluginId, List<Loaded>> reading, Layout layout, StoreConfig config,
            Scheduler timers,
            BlockingWork io) {
        this.io = io;
        this.reading = reading;
        this.layout = layout;
        this.sideBySide = config.ioThreads();
        this.timers = timers;
        this.threads = new BlockingWork("store-load", sideBySide + MOST_HANGING, config.maxQueued());
    }

    /** All of some folders, in their order. One that takes too long is damaged, for now. */
    Flux<Loaded> all(List<PluginId> plugins) {
        return Flux.fromIterable(plugins)
                .flatMapSequential(plugin -> of(plugin)
                        .timeout(LIMIT, io.toTheEnd(() -> List.of(slow(plugin))), timers), sideBySide)
                .flatMapIterable(found -> found);
    }

    /** What is in one folder, however long it takes. Cancelling only detaches. */
    Mono<List<Loaded>> of(PluginId plugin) {
        return Mono.defer(() -> underway.computeIfAbsent(plugin, this::begin));
    }

    private Mono<List<Loaded>> begin(PluginId plugin) {
        return threads.toTheEnd(() -> {
            try {
                return reading.apply(plugin);
            } finally {
                underway.remove(plugin); // before anybody hears of it and asks again
            }
        })
                .doOnError(_ -> underway.remove(plugin)) // there was no thread for it
                .onErrorResume(e -> Mono.just(List.of(unreadable(plugin, e))))
                .cache(); // goes on without those who asked for it
    }

    private Loaded unreadable(PluginId plugin, Throwable e) {
        return new Loaded.Damaged(plugin, layout.plugin(plugin),
                e instanceof StoreException ? String.valueOf(e.getMessage()) : "reading it failed: " + e);
    }

    private Loaded slow(PluginId plugin) {
        return new Loaded.Damaged(plugin, layout.plugin(plugin), "the disk has not answered for "
                + LIMIT.toSeconds() + "s about " + layout.plugin(plugin)
                + "; look whether something is mounted there, or below it, that hangs");
    }

    /** Waits for what is under way. */
    Mono<Void> close() {
        return threads.close();
    }
}
