package dev.patchbay.engine;

import dev.patchbay.Health;
import dev.patchbay.PluginView;
import dev.patchbay.Status;
import dev.patchbay.Status.State;
import dev.patchbay.executor.RuntimeExecutor;
import dev.patchbay.plugin.PluginFilter;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.store.Loaded;
import dev.patchbay.store.RuntimeRecord;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The first round after opening: every plugin that is wanted is taken over or started, whatever is left of others is
 * removed. Fanned out; nobody waits for it, and one bad plugin costs itself only.
 */
final class Restoration {
    private static final Logger LOG = LoggerFactory.getLogger(Restoration.class);

    /** Rails of the round. Not as many as there are processors: the order of a round would depend on the machine. */
    private static final int RAILS = 4;

    private final RuntimeExecutor executor;
    private final Mailbox mailbox;
    private final Chronicle chronicle;
    private final Limits limits;
    private final EngineThreads threads;

    /** Plugins that were wanted and have not run yet since. */
    private final Set<PluginId> missing = ConcurrentHashMap.newKeySet();

    /** Those of them for which the first round is not over. */
    private final Set<PluginId> awaited = ConcurrentHashMap.newKeySet();
    private final FirstRound outcome = new FirstRound();
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private final Disposable.Composite pipelines = Disposables.composite();

    Restoration(RuntimeExecutor executor, Mailbox mailbox, Chronicle chronicle, Limits limits,
            EngineThreads threads) {
        this.limits = limits;
        this.executor = executor;
        this.mailbox = mailbox;
        this.chronicle = chronicle;
        this.threads = threads;
    }

    /** Takes over what was found in one folder of the plugin directory. */
    void adopt(Loaded loaded, StateOwner owner) {
        switch (loaded) {
            case Loaded.Intact(var record, Optional<RuntimeRecord> runtime, var previous) -> {
                Instant since = runtime.map(RuntimeRecord::changed).orElseGet(threads.clock()::instant);
                int generation = runtime.map(RuntimeRecord::generation).orElse(0);
                int restarts = runtime.map(RuntimeRecord::restarts).orElse(0);
                Life life = Life.found(record, previous, generation, since).started(generation, restarts);
                owner.adopt(life.wanted() ? new PluginState.Restoring(life) : new PluginState.Stopped(life));
            }
            case Loaded.Damaged(_, var folder, String reason) -> {
                LOG.warn("{} is not a plugin and is left as it is: {}", folder, reason);
                problems.add(folder + " is not a plugin and is left as it is: " + reason);
            }
            case Loaded.Notice(_, String problem) -> {
                LOG.warn("{}", problem);
                problems.add(problem);
            }
        }
    }

    void begin() {
        List<PluginView> views = chronicle.snapshot().list(PluginFilter.ALL);
        views.forEach(outcome::found);
        views.stream()
                .filter(view -> view.plugin().enabled())
                .forEach(view -> awaited.add(view.plugin().id()));
        missing.addAll(awaited);
        Flux<Void> round = Flux.fromIterable(List.copyOf(awaited))
                .parallel(RAILS)
                .runOn(threads.work())
                .flatMap(this::restore)
                .sequential()
                .thenMany(unwanted());
        if (awaited.isEmpty()) {
            LOG.info("{}", outcome.summary());
        }
        pipelines.add(chronicle.bus()
                .events()
                .subscribe(
                        event -> settled(event.plugin()),
                        e -> LOG.error("restoring cannot follow the events", e)));
        pipelines.add(round.subscribe(_ -> {}, e -> LOG.error("restoring ended early", e)));
        pipelines.add(Limit
                .on(executor.check(), "asking the runtime for its version", limits.look(), threads.timers())
                .subscribe(
                        version -> LOG.info("containers run on {}", version),
                        e -> unusable(String.valueOf(e.getMessage()))));
    }

    private Mono<Void> restore(PluginId plugin) {
        var order = new Command.Restore(plugin);
        return Mono.fromRunnable(() -> mailbox.report(new Letter.Report(order)));
    }

    /** What an earlier process left of plugins that are not wanted, or of none. */
    private Flux<Void> unwanted() {
        return reported(executor.present(), Letter.LeftOver::new)
                .concatWith(reported(executor.logged(), Letter.LogLeft::new))
                .onErrorResume(e -> {
                    LOG.warn("what earlier processes left cannot be listed: {}", Sentences.of(e));
                    return Flux.empty();
                });
    }

    private Flux<Void> reported(Flux<PluginId> plugins, Function<PluginId, Letter> news) {
        return plugins.timeout(Mono.delay(limits.look(), threads.timers()))
                .concatMap(plugin -> Mono.<Void>fromRunnable(() -> mailbox.report(news.apply(plugin))));
    }

    private void settled(PluginId plugin) {
        if (missing.contains(plugin)
                && chronicle.snapshot().find(plugin).map(Restoration::found).orElse(true)) {
            missing.remove(plugin);
        }
        if (awaited.contains(plugin)
                && chronicle.snapshot().find(plugin).map(Restoration::settled).orElse(true)) {
            awaited.remove(plugin);
            chronicle.snapshot().find(plugin).ifPresent(outcome::ended);
            if (awaited.isEmpty()) {
                LOG.info("{}", outcome.summary());
            }
        }
    }

    private static boolean settled(PluginView view) {
        Status status = view.status();
        return switch (status.state()) {
            case STARTING -> false;
            // It could not be restored or started; the round is over for it. Until a next try is planned it is not.
            case RESTORING, BACKING_OFF -> status.nextTry().isPresent();
            case STOPPED, RUNNING, STOPPING, STUCK -> true;
        };
    }

    private static boolean found(PluginView view) {
        return !view.plugin().enabled() || view.status().state() == State.RUNNING;
    }

    /** Why those that should run since the beginning do not. */
    private Stream<String> reasons() {
        Snapshot now = chronicle.snapshot();
        return missing.stream()
                .flatMap(plugin -> now.find(plugin).stream())
                .filter(view -> !found(view))
                .sorted(Comparator.comparing(view -> view.plugin().name().familiar()))
                .flatMap(view -> view.status().reason().stream().map(reason -> reason(view, reason)));
    }

    private static String reason(PluginView view, String reason) {
        String plugin = "plugin " + view.plugin().name().familiar();
        return reason.startsWith(plugin) ? reason : plugin + " does not run yet: " + reason;
    }

    private void unusable(String reason) {
        LOG.error("plugins cannot be started: {}", reason);
        problems.add(reason);
    }

    Health health() {
        Stream<String> waiting = awaited.isEmpty()
                ? Stream.empty()
                : Stream.of(awaited.size() == 1
                        ? "1 plugin is still being started for the first time"
                        : awaited.size() + " plugins are still being started for the first time");
        return new Health(
                true,
                awaited.isEmpty() && problems.isEmpty(),
                Stream.of(problems.stream(), waiting, reasons()).flatMap(sentences -> sentences).toList());
    }

    List<String> stillRunning() {
        return chronicle.snapshot()
                .list(PluginFilter.ALL)
                .stream()
                .filter(view -> view.status().state() != State.STOPPED)
                .map(view -> view.plugin().name().familiar())
                .toList();
    }

    void close() {
        pipelines.dispose();
    }
}
