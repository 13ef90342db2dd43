package dev.patchbay.engine;

import dev.patchbay.metrics.Reading;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.store.PluginStore;
import dev.patchbay.store.RuntimeRecord;
import dev.patchbay.store.StagedPlugin;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Orders to the store, and what comes of them. Fed by the state thread only; at most one write of a plugin's record, and
 * one of its runtime record beside it, is under way.
 *
 * <p>Nobody can tell what becomes of a write that does not end, so none is ever given up: one that is overdue is told of
 * by a {@link Letter.Overdue}, and goes on.
 */
final class StoreWrites {
    private static final Logger LOG = LoggerFactory.getLogger(StoreWrites.class);

    /** Writes under way at once: more than the store has threads, so that those that hang are not all there are. */
    private static final int MANY = 4096;

    private final PluginStore store;
    private final Containers containers;
    private final Mailbox mailbox;
    private final EngineConfig config;
    private final EngineThreads threads;
    private final CountedLane writing = new CountedLane("write");
    private final Sinks.Many<Mono<Void>> writes = Sinks.many().unicast().onBackpressureBuffer();

    StoreWrites(
            PluginStore store,
            Containers containers,
            Mailbox mailbox,
            EngineConfig config,
            EngineThreads threads) {
        this.store = store;
        this.containers = containers;
        this.mailbox = mailbox;
        this.config = config;
        this.threads = threads;
    }

    /** How many writes are under way. */
    Reading read() {
        return writing.read();
    }

    Flux<Void> pipeline() {
        return writing.run(writes.asFlux(), MANY);
    }

    void save(PluginRecord record) {
        order(stored(record.plugin().id(), store.save(record)));
    }

    /**
     * A plugin that is off has no holders, whatever is left on the disk of those it had; once it is on, what is on the disk
     * counts. So that is cleared first.
     */
    void enable(PluginRecord record) {
        PluginId plugin = record.plugin().id();
        order(stored(plugin, store.saveHolders(plugin, List.of()).then(store.save(record))));
    }

    /** One write does both: it is off, and so its holders are cut off. Clearing those away is mere tidiness. */
    void switchOff(PluginRecord record) {
        PluginId plugin = record.plugin().id();
        order(stored(plugin, store.save(record)
                .then(store.saveHolders(plugin, List.of())
                        .onErrorResume(e -> logged("holders of " + plugin.shortHex(), e)))));
    }

    void saveHolders(Life life) {
        order(stored(life.id(), store.saveHolders(life.id(), life.holders().durable())));
    }

    void saveLimits(Life life) {
        order(stored(life.id(), store.saveLimits(life.id(), life.limits())));
    }

    void remove(PluginId plugin) {
        order(stored(plugin, store.remove(plugin), containers::clear));
    }

    void upgrade(StagedPlugin staged, PluginRecord record) {
        order(stored(record.plugin().id(), store.upgrade(staged, record), containers::clear)
                // The version before the one until now is gone.
                .then(mail(new Letter.GarbageLeft())));
    }

    void rollBack(PluginRecord record) {
        order(stored(record.plugin().id(), store.rollBack(record), containers::clear));
    }

    private Mono<Void> stored(PluginId plugin, Mono<Void> write) {
        return stored(plugin, write, _ -> Mono.empty());
    }

    /**
     * A write.
     *
     * @param before what has to be done first. A plugin that is off may have a container all the same, if an earlier
     *     process was killed while it switched it off: its files must be neither exchanged nor taken away under that
     */
    private Mono<Void> stored(PluginId plugin, Mono<Void> write, Function<PluginId, Mono<Void>> before) {
        return before.apply(plugin)
                .then(watched(plugin, write))
                .then(mail(new Letter.Stored(plugin, Optional.empty())))
                .onErrorResume(e -> mail(new Letter.Stored(plugin, Optional.of(Sentences.of(e)))));
    }

    /** A start waits for this, but not for ever and not for its success: what is lost is a number, not a plugin. */
    void saveRuntime(Life life) {
        PluginId plugin = life.id();
        int generation = life.generation();
        var record = new RuntimeRecord(generation, life.restarts(), life.since());
        order(store.saveRuntime(plugin, record)
                .onErrorResume(e -> logged("runtime record of " + life.name(), e))
                .then(Mono.fromRunnable(() -> containers.recorded(plugin, generation)))
                .then(mail(new Letter.RuntimeSaved(plugin))));
    }

    void install(StagedPlugin staged, PluginRecord record) {
        PluginId plugin = record.plugin().id();
        order(watched(plugin, store.install(staged, record))
                .then(mail(new Letter.Installed(plugin, Optional.empty())))
                .onErrorResume(e -> mail(new Letter.Installed(plugin, Optional.of(Sentences.of(e))))));
    }

    void discard(StagedPlugin staged) {
        order(Limit.on(store.discard(staged), "deleting it", config.limits().write(), threads.timers())
                .onErrorResume(e -> logged("staged files", e))
                .then(mail(new Letter.Discarded())));
    }

    /** Reading may hang like writing; there is no second one before the first has ended. */
    void readAgain(PluginId plugin, Duration pause) {
        Mono<Void> reading = Mono.using(
                () -> alarm(new Letter.ReadingOverdue(plugin), config.limits().look()),
                _ -> store.reload(plugin)
                        .map(Optional::of)
                        .defaultIfEmpty(Optional.empty())
                        .flatMap(found -> mail(new Letter.ReadAgain(plugin, found))),
                Disposable::dispose);
        order(Mono.delay(pause, threads.timers())
                .then(reading)
                .onErrorResume(e -> mail(new Letter.NotReadAgain(plugin, Sentences.of(e)))));
    }

    void purge(PluginId plugin) {
        order(watched(plugin, containers.forget(plugin).then(Mono.defer(() -> store.purge(plugin))))
                .then(mail(new Letter.Report(new Command.Purged(plugin, Optional.empty()))))
                .onErrorResume(e -> mail(new Letter.Report(
                        new Command.Purged(plugin, Optional.of(Sentences.of(e))))))
                .then(mail(new Letter.GarbageLeft())));
    }

    private void order(Mono<Void> write) {
        Lane.put(writes, write);
    }

    private Mono<Void> watched(PluginId plugin, Mono<Void> write) {
        return Mono.using(() -> alarm(new Letter.Overdue(plugin), config.limits().write()), _ -> write,
                Disposable::dispose);
    }

    private Disposable alarm(Letter news, Duration limit) {
        return threads.timers().schedule(() -> mailbox.report(news), limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    private Mono<Void> mail(Letter letter) {
        return Mono.fromRunnable(() -> mailbox.report(letter));
    }

    private static Mono<Void> logged(String what, Throwable e) {
        LOG.warn("{}: {}", what, Sentences.of(e));
        return Mono.empty();
    }
}
