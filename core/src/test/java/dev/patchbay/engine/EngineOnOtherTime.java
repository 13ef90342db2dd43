package dev.patchbay.engine;

import dev.patchbay.Plugins;
import dev.patchbay.event.EventJournal;
import dev.patchbay.executor.RuntimeExecutor;
import dev.patchbay.oci.HostFacts;
import dev.patchbay.registry.Registry;
import dev.patchbay.store.PluginStore;
import java.time.Clock;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The door through which tests of other packages open an engine on schedulers, a clock and a chance of their own.
 *
 * @param state the state thread
 * @param events where events are written and told
 * @param replies where callers hear
 * @param work where what was fetched is read
 * @param looks where the host is looked at
 * @param timers where timers fire
 * @param clock wall time
 * @param chance what ids are drawn from
 * @param host the machine
 */
public record EngineOnOtherTime(Scheduler state, Scheduler events, Scheduler replies, Scheduler work,
        Scheduler looks, Scheduler timers, Clock clock, RandomGenerator chance, HostFacts host) {
    /** Opens the engine, as {@link PluginEngine#open} does. */
    public Mono<Plugins> open(EngineConfig config, PluginStore store, RuntimeExecutor executor,
            Registry registry, EventJournal journal) {
        return PluginEngine.open(config, new EngineParts(store, executor, registry, journal),
                new EngineThreads(state, events, replies, work, looks, timers, clock, chance, host));
    }
}
