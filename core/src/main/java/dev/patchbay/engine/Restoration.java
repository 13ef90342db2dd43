package dev.patchbay.engine;

import dev.patchbay.Health;
import dev.patchbay.PluginView;
import dev.patchbay.Status.State;
import dev.patchbay.executor.RuntimeExecutor;
import dev.patchbay.plugin.PluginFilter;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.store.Loaded;
import dev.patchbay.store.RuntimeRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The first round after opening: every plugin that is wanted is started, whatever runs unwanted is removed. Fanned out;
 * nobody waits for it, and one bad plugin costs itself only.
 */
final class Restoration {
    private static final Logger LOG = LoggerFactory.getLogger(Restoration.class);

    /** Left-over containers removed at once: few, so that none is judged long before its turn comes. */
    private static final int REMOVALS = 4;

    private final RuntimeExecutor executor;
    private final Mailbox mailbox;
    private final Chronicle chronicle;
    private final EngineThreads threads;

    /** Plugins whose first start after opening has not ended yet. */
    private final Set<PluginId> awaited = ConcurrentHashMap.newKeySet();
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private final Disposable.Composite pipelines = Disposables.composite();

    Restoration(RuntimeExecutor executor, Mailbox mailbox, Chronicle chronicle, EngineThreads threads) {
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
                owner.adopt(new PluginState.Stopped(Life.found(record, previous, generation, since)));
            }
            case Loaded.Damaged(var folder, String reason) -> {
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
        views.stream()
                .filter(view -> view.plugin().enabled())
                .forEach(view -> awaited.add(view.plugin().id()));
        Flux<Void> round = Flux.fromIterable(List.copyOf(awaited))
                .parallel()
                .runOn(threads.work())
                .flatMap(this::restore)
                .sequential()
                .thenMany(unwanted());
        pipelines.add(chronicle.bus()
                .events()
                .subscribe(
                        event -> settled(event.plugin()),
                        e -> LOG.error("restoring cannot follow the events", e)));
        pipelines.add(round.subscribe(_ -> {}, e -> LOG.error("restoring ended early", e)));
        pipelines.add(executor.check()
                .subscribe(
                        version -> LOG.info("containers run on {}", version),
                        e -> unusable(String.valueOf(e.getMessage()))));
    }

    private Mono<Void> restore(PluginId plugin) {
        var order = new Command.Restore(plugin, PluginLifecycle.RESTART_TIMEOUT);
        return Mono.fromRunnable(() -> mailbox.report(new Letter.Report(order)));
    }

    /** Containers of plugins that are not wanted, left by an engine that died. */
    private Flux<Void> unwanted() {
        return executor.present()
                .filter(this::isNobodys)
                .flatMap(plugin -> executor.delete(plugin)
                        .onErrorResume(e -> {
                            LOG.warn("the left-over container of {} stays: {}", plugin, e.getMessage());
                            return Mono.empty();
                        }), REMOVALS);
    }

    // One that its user enables right now is not wanted yet either; its start removes what was left.
    private boolean isNobodys(PluginId plugin) {
        return chronicle.snapshot()
                .find(plugin)
                .map(view -> !view.plugin().enabled() && view.status().state() == State.STOPPED)
                .orElse(true);
    }

    private void settled(PluginId plugin) {
        if (awaited.contains(plugin) && chronicle.snapshot()
                .find(plugin)
                .map(view -> view.status().state() != State.STARTING)
                .orElse(true)) {
            awaited.remove(plugin);
        }
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
                Stream.concat(problems.stream(), waiting).toList());
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
