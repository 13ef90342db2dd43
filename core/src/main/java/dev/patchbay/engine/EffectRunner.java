package dev.patchbay.engine;

import dev.patchbay.engine.Effect.Purge;
import dev.patchbay.engine.Effect.SetTimer;
import dev.patchbay.engine.Effect.StartContainer;
import dev.patchbay.engine.Effect.StopContainer;
import dev.patchbay.executor.ExitSignal;
import dev.patchbay.executor.RuntimeExecutor;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.store.GarbageReport;
import dev.patchbay.store.PluginStore;
import dev.patchbay.store.RuntimeRecord;
import dev.patchbay.store.StagedPlugin;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
 * <p>Orders go through standing lanes, one for each kind of work, so that a stop never waits behind starts and the disk
 * never behind either. What one order does cannot end a lane: each failure, of whatever type,
 * becomes a letter. Lanes are fed by the state
 * thread only; a lane holds at most one order per plugin and kind.
 */
final class EffectRunner implements Effects {
    private static final Logger LOG = LoggerFactory.getLogger(EffectRunner.class);

    /** Containers being started at once, waiting for their turn or their socket included. */
    private static final int STARTS = 16_384;

    /** Containers being stopped at once. */
    private static final int STOPS = 16_384;

    /** Writes under way at once. */
    private static final int WRITES = 64;

    private final RuntimeExecutor executor;
    private final PluginStore store;
    private final ContainerRequests requests;
    private final Mailbox mailbox;
    private final EngineConfig config;
    private final EngineThreads threads;

    private final Map<PluginId, Run> runs = new ConcurrentHashMap<>();
    private final Sinks.Many<StartContainer> starts = Sinks.many().unicast().onBackpressureBuffer();
    private final Sinks.Many<StopContainer> stops = Sinks.many().unicast().onBackpressureBuffer();
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
        this.requests = new ContainerRequests(store, config, threads.host());
        this.mailbox = mailbox;
        this.config = config;
        this.threads = threads;
        this.garbage = new GarbageLane(store, threads.timers());
    }

    /** Opens the lanes. */
    void open() {
        pipelines.add(executor.exits().subscribe(this::exited, e -> ended("exits", e)));
        standing("starts", starts.asFlux().flatMap(this::start, STARTS));
        standing("stops", stops.asFlux().flatMap(this::stop, STOPS));
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
            case StartContainer order -> {
                runs.put(order.plugin(), new Run(order.generation()));
                Lane.put(starts, order);
            }
            case StopContainer order -> Lane.put(stops, order);
            case Purge(PluginId plugin) -> Lane.put(writes, purge(plugin));
            case SetTimer order -> setTimer(order);
        }
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
                        e -> mail(new Letter.Installed(id, Optional.of(words(e))))));
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
                        e -> mail(new Letter.Stored(plugin, Optional.of(words(e)))));
    }

    private Mono<Void> start(StartContainer order) {
        PluginId plugin = order.plugin();
        Run run = runs.get(plugin);
        if (run == null || run.generation() != order.generation()) {
            return Mono.empty(); // stopped before its turn came
        }
        return Mono.fromCallable(() -> requests.of(order))
                .subscribeOn(threads.work())
                .flatMap(request -> executor.start(request))
                .flatMap(container -> {
                    run.started();
                    report(new Command.ContainerStarted(plugin, order.generation()));
                    return awaitListening(order.record());
                })
                .then(mail(new Letter.Report(new Command.ContainerReady(plugin, order.generation()))))
                .onErrorResume(
                        e -> mail(new Letter.Report(
                                new Command.ContainerNotStarted(plugin, order.generation(), words(e)))))
                .takeUntilOther(run.givenUp());
    }

    /** A plugin without a socket is ready as soon as it runs. */
    private Mono<Void> awaitListening(PluginRecord record) {
        return requests.socket(record.plugin())
                .map(socket -> executor.awaitListening(record.plugin().id(), socket))
                .orElse(Mono.empty());
    }

    private Mono<Void> stop(StopContainer order) {
        PluginId plugin = order.plugin();
        return Mono.defer(() -> end(order, runs.get(plugin)))
                .then(Mono.defer(() -> executor.delete(plugin)))
                .then(mail(new Letter.Report(new Command.ContainerStopped(plugin, order.generation()))))
                .onErrorResume(
                        e -> mail(new Letter.Report(
                                new Command.ContainerNotStopped(plugin, order.generation(), words(e)))));
    }

    private Mono<Void> end(StopContainer order, @Nullable Run run) {
        if (run == null || run.generation() != order.generation()) {
            return Mono.empty(); // nothing of it was ever started here
        }
        run.giveUp();
        return run.isAlive() ? terminate(order, run) : Mono.empty();
    }

    private Mono<Void> terminate(StopContainer order, Run run) {
        var stop = new Termination(executor, config, threads.timers());
        return stop.of(order.plugin(), run);
    }

    private Mono<Void> purge(PluginId plugin) {
        runs.remove(plugin);
        return executor.forget(plugin)
                .then(Mono.defer(() -> store.purge(plugin)))
                .then(mail(new Letter.Report(new Command.Purged(plugin, Optional.empty()))))
                .onErrorResume(
                        e -> mail(new Letter.Report(new Command.Purged(plugin, Optional.of(words(e))))))
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

    private void exited(ExitSignal signal) {
        Run run = runs.get(signal.plugin());
        if (run != null && run.generation() == signal.generation()) {
            run.exited(signal);
        }
        report(new Command.ContainerExited(
                signal.plugin(), signal.generation(), signal.status(), signal.lastErrorLines()));
    }

    private void report(Command.Reported news) {
        mailbox.report(new Letter.Report(news));
    }

    private Mono<Void> mail(Letter letter) {
        return Mono.fromRunnable(() -> mailbox.report(letter));
    }

    private static Mono<Void> logged(String what, Throwable e) {
        LOG.warn("{}: {}", what, words(e));
        return Mono.empty();
    }

    private static String words(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private void standing(String name, Flux<?> pipeline) {
        pipelines.add(pipeline.subscribe(_ -> {}, e -> ended(name, e)));
    }

    private static void ended(String name, Throwable e) {
        LOG.error("the engine's pipeline of {} ended; restart the process", name, e);
    }

}
