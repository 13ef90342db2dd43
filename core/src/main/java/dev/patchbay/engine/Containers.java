package dev.patchbay.engine;

import dev.patchbay.engine.Effect.Dial;
import dev.patchbay.engine.Effect.FindContainer;
import dev.patchbay.engine.Effect.StartContainer;
import dev.patchbay.engine.Effect.StopContainer;
import dev.patchbay.engine.Effect.StopFound;
import dev.patchbay.executor.ContainerRequest;
import dev.patchbay.executor.ExitSignal;
import dev.patchbay.executor.RuntimeExecutor;
import dev.patchbay.executor.TakeOver;
import dev.patchbay.metrics.Reading;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.store.PluginStore;
import dev.patchbay.stream.TimeLimit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Orders to the executor, and what comes of them.
 *
 * <p>They go through standing lanes, one for each kind of work, so that a stop never waits behind starts. What one order
 * does cannot end a lane: each failure, of whatever type, becomes a letter. Lanes are fed by the state thread only; a
 * lane holds at most one order per plugin and kind.
 */
final class Containers {
    private static final Logger LOG = LoggerFactory.getLogger(Containers.class);

    /** Containers being started, stopped or taken over at once, waiting for their turn or their socket included. */
    private static final int MANY = 16_384;

    /** Rails on which plugins are taken over. */
    private static final int RAILS = 4;

    /** Containers of nobody removed at once. */
    private static final int SWEEPS = 4;

    /** What is to be found of a plugin. */
    private record Search(PluginId plugin, Run run) {}

    private final RuntimeExecutor executor;
    private final ContainerRequests requests;
    private final HostLooks looks;
    private final MissedExits missed;
    private final Mailbox mailbox;
    private final EngineConfig config;
    private final EngineThreads threads;
    private final Limits limits;
    private final StartTurns turns;
    private final CountedLane starting = new CountedLane("start");
    private final CountedLane finding = new CountedLane("find");
    private final CountedLane stopping = new CountedLane("stop");
    private final CountedLane sweeping = new CountedLane("sweep");

    private final Map<PluginId, Run> runs = new ConcurrentHashMap<>();
    private final Sinks.Many<Mono<Void>> starts = Sinks.many().unicast().onBackpressureBuffer();
    private final Sinks.Many<Mono<Void>> searches = Sinks.many().unicast().onBackpressureBuffer();
    private final Sinks.Many<Mono<Void>> stops = Sinks.many().unicast().onBackpressureBuffer();
    private final Sinks.Many<Mono<Void>> sweeps = Sinks.many().unicast().onBackpressureBuffer();

    Containers(
            RuntimeExecutor executor,
            PluginStore store,
            Mailbox mailbox,
            EngineConfig config,
            EngineThreads threads) {
        this.executor = executor;
        this.requests = new ContainerRequests(store, config, threads.host());
        this.mailbox = mailbox;
        this.config = config;
        this.threads = threads;
        this.limits = config.limits();
        this.turns = new StartTurns(limits.start(), threads.timers());
        this.looks = new HostLooks(requests, threads, limits.look());
        this.missed = new MissedExits(executor, runs, this::exited, limits, threads);
    }

    /** How many orders are under way. */
    Stream<Reading> read() {
        return Stream.of(starting, finding, stopping, sweeping).map(CountedLane::read);
    }

    /** Where containers are started and dialled. */
    Flux<Void> starting() {
        return starting.run(starts.asFlux(), MANY);
    }

    /** Where containers are looked for. */
    Flux<Void> finding() {
        return searches.asFlux().parallel(RAILS).flatMap(finding::counted, false, MANY).sequential();
    }

    /** Where ends are looked for that were not told. */
    Flux<Void> looking() {
        return missed.looking();
    }

    /** Where containers are stopped. */
    Flux<Void> stopping() {
        return stopping.run(stops.asFlux(), MANY);
    }

    /** Where containers of nobody are removed. */
    Flux<Void> sweeping() {
        return sweeping.run(sweeps.asFlux(), SWEEPS);
    }

    void start(StartContainer order) {
        PluginId plugin = order.plugin();
        int generation = order.generation();
        Run run = Run.ordered(generation);
        runs.put(plugin, run);
        Lane.put(starts, looks.request(order.record(), order.limits(), generation)
                .delayUntil(_ -> recorded(plugin, run))
                .flatMap(request -> turns.of(executor.start(request)))
                .flatMap(container -> {
                    run.started();
                    report(new Command.ContainerStarted(plugin, generation));
                    return listening(order.record());
                })
                .then(mail(new Command.ContainerReady(plugin, generation)))
                .onErrorResume(
                        e -> mail(new Command.ContainerNotStarted(plugin, generation, Sentences.of(e))))
                .takeUntilOther(run.givenUp()));
    }

    void dial(Dial order) {
        PluginId plugin = order.plugin();
        int generation = order.generation();
        Run run = runs.get(plugin);
        if (run == null || !run.mayBe(generation)) {
            throw new IllegalStateException("dialled, but never taken over: " + plugin);
        }
        Lane.put(starts, listening(order.record())
                .then(mail(new Command.ContainerReady(plugin, generation)))
                .onErrorResume(
                        e -> mail(new Command.ContainerNotStarted(plugin, generation, Sentences.of(e))))
                .takeUntilOther(run.givenUp()));
    }

    /** A disk that hangs costs a plugin the certainty that this number is used only once, not its start. */
    private Mono<Void> recorded(PluginId plugin, Run run) {
        return TimeLimit.on(run.whenRecorded(), limits.write(), threads.timers(),
                Mono.fromRunnable(() -> LOG.warn(
                        "starting {}, though its runtime record is still not written after {}", plugin,
                        Sentences.duration(limits.write()))));
    }

    /** What was to be known on disk before this start is, or cannot be. */
    void recorded(PluginId plugin, int generation) {
        Run run = runs.get(plugin);
        if (run != null && run.mayBe(generation)) {
            run.recorded();
        }
    }

    /** A plugin without a socket is ready as soon as it runs. */
    private Mono<Void> listening(PluginRecord record) {
        return requests.socket(record.plugin())
                .map(socket -> executor.awaitListening(record.plugin().id(), socket))
                .orElse(Mono.empty());
    }

    void find(FindContainer order) {
        Search search = search(order.plugin());
        Mono<ContainerRequest> noLonger = search.run()
                .givenUp()
                .then(Mono.error(() -> new CancellationException("it is not to run")));
        // The generation of what is found is its own; a request has to have one.
        Lane.put(searches, looks.request(order.record(), order.limits(), Math.max(1, order.generation()))
                .or(noLonger)
                .map(request -> takeOver(
                        search, Mono.defer(() -> executor.takeOver(request)), Optional.empty()))
                // What could not be started now is taken over all the same: or nobody would hear of its end, and whoever
                // switches it off would have it killed.
                .onErrorResume(e -> Mono.just(takeOver(search, Optional.of(Sentences.of(e)))))
                .flatMap(taking -> taking));
    }

    private Search search(PluginId plugin) {
        var search = new Search(plugin, Run.sought());
        runs.put(plugin, search.run());
        return search;
    }

    private Mono<Void> takeOver(Search search, Optional<String> doubt) {
        return takeOver(search, Mono.defer(() -> executor.takeOver(search.plugin())), doubt);
    }

    private Mono<Void> takeOver(Search search, Mono<TakeOver> taking, Optional<String> doubt) {
        return Limit
                .on(taking.single(), "finding out what is left of it", limits.takeOver(), threads.timers())
                .flatMap(what -> found(search, what, doubt))
                .onErrorResume(e -> notFound(search, e));
    }

    /** In this order: who waits for the run to be known mails what came of that after what was found. */
    private Mono<Void> found(Search search, TakeOver what, Optional<String> doubt) {
        return Mono.fromRunnable(() -> {
            search.run().found(what);
            report(new Command.ContainerFound(search.plugin(), what, doubt));
            search.run().known();
        });
    }

    private Mono<Void> notFound(Search search, Throwable e) {
        return Mono.fromRunnable(() -> {
            report(new Command.ContainerNotFound(search.plugin(), Sentences.of(e)));
            search.run().known();
        });
    }

    void stop(StopContainer order) {
        PluginId plugin = order.plugin();
        Lane.put(stops, Mono.defer(() -> {
            Run run = runs.get(plugin);
            return run == null
                    ? stopped(plugin, order.generation())
                    : whenKnown(plugin, run, order.generation());
        }));
    }

    /**
     * If it was never looked for, or in vain, that is made up for: what runs is asked to end before it is killed. What it
     * would take to start it does not matter any more.
     */
    void stop(StopFound order) {
        PluginId plugin = order.plugin();
        Lane.put(stops, Mono.defer(() -> {
            Run run = runs.get(plugin);
            if (run == null || run.isLost()) {
                return takeOver(search(plugin), Optional.empty())
                        .then(Mono.defer(() -> stopped(plugin, order.generation())));
            }
            run.giveUp();
            return whenKnown(plugin, run, order.generation());
        }));
    }

    /** Ends and removes what an earlier process may have left of a plugin that is not to run. */
    Mono<Void> clear(PluginId plugin) {
        return Mono.defer(() -> {
            Search search = search(plugin);
            return takeOver(search, Optional.empty()).then(Mono.defer(() -> removed(plugin, search.run())));
        });
    }

    /** The end that is told during a take-over may be that of an earlier start: what is found is stopped by its number. */
    private Mono<Void> whenKnown(PluginId plugin, Run run, int generation) {
        return run.whenKnown().then(Mono.defer(() -> stopped(plugin, generation)));
    }

    private Mono<Void> stopped(PluginId plugin, int generation) {
        Run run = runs.get(plugin);
        int latest = run == null ? generation : Math.max(generation, run.generation().orElse(generation));
        return (run == null ? delete(plugin) : removed(plugin, run))
                .then(mail(new Command.ContainerStopped(plugin, latest)))
                .onErrorResume(e -> mail(new Command.ContainerNotStopped(plugin, latest, Sentences.of(e))));
    }

    /**
     * Ends and removes a container. Nobody may have heard of an end: what seems to have outlived KILL is removed all the
     * same, which tries once more and looks for itself, and that decides.
     */
    private Mono<Void> removed(PluginId plugin, Run run) {
        return end(plugin, run)
                .onErrorResume(alive -> delete(plugin)
                        .onErrorMap(left -> new OutlivedException(alive, left)))
                .then(delete(plugin))
                .then(Mono.fromRunnable(() -> runs.remove(plugin, run)));
    }

    private Mono<Void> delete(PluginId plugin) {
        return Limit.on(Mono.defer(() -> executor.delete(plugin)), "removing its container", limits.delete(),
                threads.timers());
    }

    private Mono<Void> end(PluginId plugin, Run run) {
        return Mono.defer(() -> {
            run.giveUp();
            var termination = new Termination(executor, config, threads.timers());
            return run.isAlive() ? termination.of(plugin, run) : Mono.empty();
        });
    }

    /** It did not end, and could not be removed either. */
    static final class OutlivedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OutlivedException(Throwable alive, Throwable left) {
            super(Sentences.of(alive) + "; " + Sentences.of(left), left);
        }
    }

    /** Removes a container of a plugin that there is not. */
    void sweep(PluginId plugin) {
        Lane.put(sweeps, delete(plugin).onErrorResume(e -> {
            LOG.warn("the left-over container of {} stays: {}", plugin, Sentences.of(e));
            return Mono.empty();
        }));
    }

    /** Removes a container and the log of a plugin that there is not. */
    void sweepLog(PluginId plugin) {
        Lane.put(sweeps, forget(plugin).onErrorResume(e -> {
            LOG.warn("the log of {}, which is no plugin, stays: {}", plugin, Sentences.of(e));
            return Mono.empty();
        }));
    }

    /**
     * Removes what is left in the executor of a plugin that is being removed: what an earlier process left of one that was
     * not wanted too, which nobody has looked at if it is removed as soon as the engine is open.
     */
    Mono<Void> forget(PluginId plugin) {
        var forgotten = Mono.defer(() -> {
            runs.remove(plugin);
            return executor.forget(plugin);
        });
        return delete(plugin)
                .then(Limit.on(forgotten, "removing its log", limits.delete(), threads.timers()));
    }

    void exited(ExitSignal signal) {
        Run run = runs.get(signal.plugin());
        if (run != null) {
            run.exited(signal);
        }
        report(new Command.ContainerExited(
                signal.plugin(), signal.generation(), signal.status(), signal.lastErrorLines()));
    }

    private void report(Command.Reported news) {
        mailbox.report(new Letter.Report(news));
    }

    private Mono<Void> mail(Command.Reported news) {
        return Mono.fromRunnable(() -> report(news));
    }
}
