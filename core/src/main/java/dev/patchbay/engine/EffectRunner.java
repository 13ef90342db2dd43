package dev.patchbay.engine;

import dev.patchbay.engine.Effect.Dial;
import dev.patchbay.engine.Effect.FindContainer;
import dev.patchbay.engine.Effect.Purge;
import dev.patchbay.engine.Effect.SetTimer;
import dev.patchbay.engine.Effect.StartContainer;
import dev.patchbay.engine.Effect.StopContainer;
import dev.patchbay.engine.Effect.StopFound;
import dev.patchbay.executor.RuntimeExecutor;
import dev.patchbay.metrics.Reading;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.store.GarbageReport;
import dev.patchbay.store.PluginStore;
import dev.patchbay.store.StagedPlugin;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
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

    private final RuntimeExecutor executor;
    private final Containers containers;
    private final Mailbox mailbox;
    private final EngineThreads threads;

    private final StoreWrites writes;
    private final GarbageLane garbage;
    private final LeftOvers leftOvers;
    private final Disposable.Composite pipelines = Disposables.composite();

    EffectRunner(
            RuntimeExecutor executor,
            PluginStore store,
            Mailbox mailbox,
            EngineConfig config,
            EngineThreads threads) {
        this.executor = executor;
        this.containers = new Containers(executor, store, mailbox, config, threads);
        this.writes = new StoreWrites(store, containers, mailbox, config, threads);
        this.mailbox = mailbox;
        this.threads = threads;
        this.garbage = new GarbageLane(store, mailbox, threads.timers());
        this.leftOvers = new LeftOvers(executor, mailbox, config, threads);
    }

    /** Opens the lanes. */
    void open() {
        pipelines.add(executor.exits().subscribe(containers::exited, e -> ended("exits", e)));
        standing("starts", containers.starting());
        standing("searches", containers.finding());
        standing("stops", containers.stopping());
        standing("sweeps", containers.sweeping());
        standing("writes", writes.pipeline());
        standing("garbage", garbage.pipeline());
        standing("left-overs", leftOvers.pipeline());
        standing("missed exits", containers.looking());
    }

    /** How much is under way, and what was collected. Any thread. */
    Stream<Reading> read() {
        return Stream.of(containers.read(), Stream.of(writes.read()), garbage.read())
                .flatMap(readings -> readings);
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
            case Purge(PluginId plugin) -> writes.purge(plugin);
            case SetTimer order -> setTimer(order);
        }
    }

    @Override
    public void restore(PluginId plugin) {
        mailbox.report(new Letter.Report(new Command.Restore(plugin)));
    }

    @Override
    public void readAgain(PluginId plugin, Duration pause) {
        writes.readAgain(plugin, pause);
    }

    @Override
    public void findLeftOvers() {
        leftOvers.look();
    }

    @Override
    public void sweep(PluginId plugin) {
        containers.sweep(plugin);
    }

    @Override
    public void forget(PluginId plugin) {
        containers.sweepLog(plugin);
    }

    @Override
    public void save(PluginRecord record) {
        writes.save(record);
    }

    @Override
    public void enable(PluginRecord record) {
        writes.enable(record);
    }

    @Override
    public void switchOff(PluginRecord record) {
        writes.switchOff(record);
    }

    @Override
    public void saveHolders(Life life) {
        writes.saveHolders(life);
    }

    @Override
    public void saveLimits(Life life) {
        writes.saveLimits(life);
    }

    @Override
    public void remove(PluginId plugin) {
        writes.remove(plugin);
    }

    @Override
    public void upgrade(StagedPlugin staged, PluginRecord record) {
        writes.upgrade(staged, record);
    }

    @Override
    public void rollBack(PluginRecord record) {
        writes.rollBack(record);
    }

    @Override
    public void saveRuntime(Life life) {
        writes.saveRuntime(life);
    }

    @Override
    public void install(StagedPlugin staged, PluginRecord record) {
        writes.install(staged, record);
    }

    @Override
    public void discard(StagedPlugin staged) {
        writes.discard(staged);
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
        threads.timers()
                .schedule(() -> mailbox.report(new Letter.Report(fired)), order.delay().toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    private void standing(String name, Flux<?> pipeline) {
        pipelines.add(pipeline.subscribe(_ -> {}, e -> ended(name, e)));
    }

    private static void ended(String name, Throwable e) {
        LOG.error("the engine's pipeline of {} ended; restart the process", name, e);
    }
}
