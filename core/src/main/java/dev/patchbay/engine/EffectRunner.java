package dev.patchbay.engine;

import dev.patchbay.engine.Effect.Dial;
import dev.patchbay.engine.Effect.FindContainer;
import dev.patchbay.engine.Effect.Purge;
import dev.patchbay.engine.Effect.SetTimer;
import dev.patchbay.engine.Effect.StartContainer;
import dev.patchbay.engine.Effect.StopContainer;
import dev.patchbay.engine.Effect.StopFound;
import dev.patchbay.executor.RuntimeExecutor;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.store.GarbageReport;
import dev.patchbay.store.PluginStore;
import dev.patchbay.store.RuntimeRecord;
import dev.patchbay.store.StagedPlugin;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Carries out what the state thread orders, and mails back what came of it.
 *
 * <p>Orders go through standing lanes, one for each kind of work, so that the disk is never behind containers nor the
 * other way round. What one order does cannot end a lane: each failure, of whatever type, becomes a letter. Lanes are fed
 * by the state thread only; a lane holds at most one order per plugin and kind.
 */
final class EffectRunner implements Effects {
    private static final Logger LOG = LoggerFactory.getLogger(EffectRunner.class);

    /** Writes under way at once. */
    private static final int WRITES = 64;

    private final RuntimeExecutor executor;
    private final PluginStore store;
    private final Containers containers;
    private final Mailbox mailbox;
    private final EngineThreads threads;

    private final Sinks.Many<Mono<Void>> writes = Sinks.many().unicast().onBackpressureBuffer();
    private final GarbageLane garbage;
    private final Disposable.Composite pipelines = Disposables.composite();

    EffectRunner(
            RuntimeExecutor executor,
            PluginStore store,
            Mailbox mailbox,
            EngineConfig config,
            EngineThreads threads) {
        this.executor = executor;
        this.store = store;
        this.containers = new Containers(executor, store, mailbox, config, threads);
        this.mailbox = mailbox;
        this.threads = threads;
        this.garbage = new GarbageLane(store, threads.timers());
    }

    /** Opens the lanes. */
    void open() {
        pipelines.add(executor.exits().subscribe(containers::exited, e -> ended("exits", e)));
        standing("starts", containers.starting());
        standing("searches", containers.finding());
        standing("stops", containers.stopping());
        standing("sweeps", containers.sweeping());
        standing("writes", writes.asFlux().flatMap(write -> write, WRITES));
        standing("garbage", garbage.pipeline());
    }

    /** Closes the lanes; what is under way is cancelled. */
    void close() {
        pipelines.dispose();
    }

    @Override
    public void run(Effect effect) {
        switch (effect) {
            case StartContainer order -> containers.start(order);
            case FindContainer order -> containers.find(order);
            case Dial order -> containers.dial(order);
            case StopContainer order -> containers.stop(order);
            case StopFound order -> containers.stop(order);
            case Purge(PluginId plugin) -> Lane.put(writes, purge(plugin));
            case SetTimer order -> setTimer(order);
        }
    }

    @Override
    public void sweep(PluginId plugin) {
        containers.sweep(plugin);
    }

    @Override
    public void save(PluginRecord record) {
        Lane.put(writes, stored(record.plugin().id(), store.save(record)));
    }

    @Override
    public void remove(PluginId plugin) {
        Lane.put(writes, stored(plugin, store.remove(plugin)));
    }

    @Override
    public void upgrade(StagedPlugin staged, PluginRecord record) {
        Lane.put(writes, stored(record.plugin().id(), store.upgrade(staged, record))
                // The version before the one until now is gone.
                .then(mail(new Letter.GarbageLeft())));
    }

    @Override
    public void rollBack(PluginRecord record) {
        Lane.put(writes, stored(record.plugin().id(), store.rollBack(record)));
    }

    @Override
    public void saveRuntime(Life life) {
        var record = new RuntimeRecord(life.generation(), life.restarts(), life.since());
        Lane.put(writes, store.saveRuntime(life.id(), record)
                .onErrorResume(e -> logged("runtime record of " + life.name(), e))
                .then(mail(new Letter.RuntimeSaved(life.id()))));
    }

    @Override
    public void install(StagedPlugin staged, PluginRecord record) {
        PluginId id = record.plugin().id();
        Lane.put(writes, store.install(staged, record)
                .then(mail(new Letter.Installed(id, Optional.empty())))
                .onErrorResume(
                        e -> mail(new Letter.Installed(id, Optional.of(Sentences.of(e))))));
    }

    @Override
    public void discard(StagedPlugin staged) {
        Lane.put(writes, store.discard(staged)
                .onErrorResume(e -> logged("staged files", e))
                .then(mail(new Letter.Discarded())));
    }

    private Mono<Void> stored(PluginId plugin, Mono<Void> write) {
        return write
                .then(mail(new Letter.Stored(plugin, Optional.empty())))
                .onErrorResume(
                        e -> mail(new Letter.Stored(plugin, Optional.of(Sentences.of(e)))));
    }

    private Mono<Void> purge(PluginId plugin) {
        return containers.forget(plugin)
                .then(Mono.defer(() -> store.purge(plugin)))
                .then(mail(new Letter.Report(new Command.Purged(plugin, Optional.empty()))))
                .onErrorResume(
                        e -> mail(
                                new Letter.Report(new Command.Purged(plugin, Optional.of(Sentences.of(e))))))
                .then(mail(new Letter.GarbageLeft()));
    }

    @Override
    public void collectGarbage() {
        garbage.later(threads.clock().instant());
    }

    @Override
    public void collectGarbage(boolean dryRun, Sinks.One<GarbageReport> reply) {
        garbage.now(dryRun, reply);
    }

    private void setTimer(SetTimer order) {
        var fired = new Command.TimerFired(order.plugin(), order.generation(), order.timer());
        threads.timers().schedule(() -> report(fired), order.delay().toNanos(), TimeUnit.NANOSECONDS);
    }

    private void report(Command.Reported news) {
        mailbox.report(new Letter.Report(news));
    }

    private Mono<Void> mail(Letter letter) {
        return Mono.fromRunnable(() -> mailbox.report(letter));
    }

    private static Mono<Void> logged(String what, Throwable e) {
        LOG.warn("{}: {}", what, Sentences.of(e));
        return Mono.empty();
    }

    private void standing(String name, Flux<?> pipeline) {
        pipelines.add(pipeline.subscribe(_ -> {}, e -> ended(name, e)));
    }

    private static void ended(String name, Throwable e) {
        LOG.error("the engine's pipeline of {} ended; restart the process", name, e);
    }
}
