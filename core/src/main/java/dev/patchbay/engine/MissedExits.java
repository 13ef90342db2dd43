package dev.patchbay.engine;

import dev.patchbay.executor.ExitSignal;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.executor.RunningContainer;
import dev.patchbay.executor.RuntimeExecutor;
import dev.patchbay.plugin.PluginId;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Finds ends that were never told. An executor tells of each one; but if one is lost all the same, its plugin would count
 * as running for ever. So there is a look at what runs once a minute, and what should run and did not at two of them, one
 * after the other, has ended: the first may have come between an end and the news of it.
 */
final class MissedExits {
    static final Duration PAUSE = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(MissedExits.class);

    private final RuntimeExecutor executor;
    private final Map<PluginId, Run> runs;
    private final Consumer<ExitSignal> exits;
    private final Limits limits;
    private final EngineThreads threads;
    private Set<Run> absent = Set.of(); // of one look after the other

    /**
     * Makes one.
     *
     * @param runs what should run, or is to be
     * @param exits told of what ended
     */
    MissedExits(RuntimeExecutor executor, Map<PluginId, Run> runs, Consumer<ExitSignal> exits, Limits limits,
            EngineThreads threads) {
        this.executor = executor;
        this.runs = runs;
        this.exits = exits;
        this.limits = limits;
        this.threads = threads;
    }

    /** Looks until cancelled. */
    Flux<Void> looking() {
        return Mono.delay(PAUSE, threads.timers()).then(look()).repeat();
    }

    private Mono<Void> look() {
        return Mono.defer(() -> {
            // Before the executor is asked: what is started after this is not missed.
            Map<PluginId, Run> alive = new HashMap<>(runs);
            alive.values().removeIf(run -> !run.isAlive());
            return alive.isEmpty() ? Mono.empty() : look(alive);
        });
    }

    private Mono<Void> look(Map<PluginId, Run> alive) {
        Mono<List<RunningContainer>> running = executor.running().collectList();
        return Limit.on(running, "looking which containers run", limits.look(), threads.timers())
                .flatMap(found -> Mono.<Void>fromRunnable(() -> compare(alive, found)))
                .onErrorResume(e -> {
                    LOG.warn("it cannot be told which plugins run: {}", Sentences.of(e));
                    return Mono.empty();
                });
    }

    private void compare(Map<PluginId, Run> alive, List<RunningContainer> found) {
        found.forEach(container -> alive.computeIfPresent(container.plugin(),
                (_, run) -> run.mayBe(container.generation()) ? null : run));
        Set<Run> before = absent;
        absent = new HashSet<>(alive.values());
        alive.forEach((plugin, run) -> {
            if (before.contains(run) && run.isAlive()) {
                tell(plugin, run);
            }
        });
    }

    private void tell(PluginId plugin, Run run) {
        int generation = run.generation().orElseThrow();
        LOG.warn("plugin {} does not run any more as generation {}, and nobody was told", plugin.shortHex(),
                generation);
        var status = new ExitStatus.Unknown("its end was not told");
        exits.accept(new ExitSignal(plugin, generation, status, threads.clock().instant(), List.of()));
    }
}
