package dev.patchbay.store;

import dev.patchbay.plugin.PluginId;
import dev.patchbay.stream.TimeLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
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
    private static final int TURN = 16;

    /** After which the folders of a turn are no longer read in turn: a tenth of what each of them may take. */
    static final Duration PATIENCE = Duration.ofMillis(500);

    private final Function<PluginId, List<Loaded>> reading;
    private final Layout layout;
    private final int sideBySide;
    private final Scheduler timers;
    private final BlockingWork io;
    private final BlockingWork threads;
    private final Map<PluginId, Mono<List<Loaded>>> underway = new ConcurrentHashMap<>();
    private volatile boolean closed;

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
        // Of as many turns as go on side by side, each may have to read as many folders by themselves.
        this.threads = new BlockingWork("store-load", sideBySide * Math.min(sideBySide, TURN) + MOST_HANGING,
                config.maxQueued());
    }

    /** All of some folders, in their order. One that takes too long is damaged, for now. */
    Flux<Loaded> all(List<PluginId> plugins) {
        List<Turn> turns = IntStream.iterate(0, from -> from < plugins.size(), from -> from + TURN)
                .mapToObj(from -> new Turn(plugins.subList(from, Math.min(plugins.size(), from + TURN))))
                .toList();
        return Flux.fromIterable(turns).flatMapSequential(Turn::read, sideBySide);
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

    private Flux<Loaded> within(Duration limit, PluginId plugin) {
        return TimeLimit.on(of(plugin), limit, timers, io.toTheEnd(() -> List.of(slow(plugin))))
                .flatMapIterable(found -> found);
    }

    /**
     * Some folders that one thread reads one after the other: handing it each of hundreds would cost half as much again as
     * reading them. When one takes too long, or somebody else is reading it already, those after it are read elsewhere.
     */
    private final class Turn {
        private final List<PluginId> plugins;
        private final List<List<Loaded>> found = new ArrayList<>(); // of the first ones, guarded by this
        private boolean reads; // the next one, guarded by this
        private long begunMillis; // when that began, guarded by this
        private boolean over; // guarded by this

        Turn(List<PluginId> plugins) {
            this.plugins = plugins;
        }

        Flux<Loaded> read() {
            return TimeLimit
                    .on(threads.toTheEnd(this::work).thenReturn(this), PATIENCE, timers,
                            io.toTheEnd(() -> this))
                    .onErrorResume(_ -> Mono.just(this)) // there was no thread for it; each will say so
                    .doOnCancel(this::end)
                    .flatMapMany(Turn::results);
        }

        private void work() {
            for (PluginId plugin : plugins) {
                Sinks.One<List<Loaded>> result = Sinks.one();
                if (!begin() || underway.putIfAbsent(plugin, result.asMono()) != null) {
                    return; // somebody else reads that one already
                }
                add(here(plugin, result));
            }
        }

        private List<Loaded> here(PluginId plugin, Sinks.One<List<Loaded>> result) {
            List<Loaded> loaded;
            try {
                loaded = reading.apply(plugin);
            } catch (RuntimeException | Error e) {
                loaded = List.of(unreadable(plugin, e));
            } finally {
                underway.remove(plugin); // before anybody hears of it and asks again
            }
            var _ = result.tryEmitValue(loaded); // there is no other
            return loaded;
        }

        private synchronized boolean begin() {
            begunMillis = timers.now(TimeUnit.MILLISECONDS);
            reads = !over && !closed;
            return reads;
        }

        private synchronized void add(List<Loaded> loaded) {
            reads = false;
            if (!over) {
                found.add(loaded);
            }
        }

        private synchronized void end() {
            over = true;
        }

        private synchronized Flux<Loaded> results() {
            over = true;
            Flux<Loaded> read = Flux.fromIterable(found.stream().flatMap(List::stream).toList());
            int count = found.size();
            if (count == plugins.size()) {
                return read;
            }
            long takenMillis = reads ? timers.now(TimeUnit.MILLISECONDS) - begunMillis : 0;
            long leftMillis = Math.clamp(LIMIT.toMillis() - takenMillis, 0, LIMIT.toMillis()); // clocks jump
            List<PluginId> others = plugins.subList(count + 1, plugins.size());
            // Each by itself now: where one hangs, more may.
            return Flux.mergeSequential(read, within(Duration.ofMillis(leftMillis), plugins.get(count)),
                    Flux.fromIterable(others)
                            .flatMapSequential(plugin -> within(LIMIT, plugin), sideBySide));
        }
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
        closed = true;
        return threads.close();
    }
}
