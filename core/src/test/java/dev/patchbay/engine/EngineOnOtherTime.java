package dev.patchbay.engine;

import dev.patchbay.Plugins;
import dev.patchbay.executor.RuntimeExecutor;
import dev.patchbay.oci.DeviceNode;
import dev.patchbay.oci.HostFacts;
import dev.patchbay.registry.Registry;
import dev.patchbay.store.PluginStore;
import java.time.Clock;
import java.util.List;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The door through which tests of other packages open an engine on schedulers, a clock and a chance of their own.
 *
 * @param state the state thread
 * @param replies where callers hear
 * @param work where requests are prepared
 * @param timers where timers fire
 * @param clock wall time
 * @param chance what ids are drawn from
 */
public record EngineOnOtherTime(Scheduler state, Scheduler replies, Scheduler work, Scheduler timers,
        Clock clock,
        RandomGenerator chance) {
    /** Opens the engine, as {@link PluginEngine#open} does, on a machine without devices. */
    public Mono<Plugins> open(EngineConfig config, PluginStore store, RuntimeExecutor executor,
            Registry registry) {
        return PluginEngine.open(config, store, executor, registry,
                new EngineThreads(state, replies, work, timers, clock, chance, new BareHost()));
    }

    private static final class BareHost implements HostFacts {
        @Override
        public List<DeviceNode> devices(String path) {
            return List.of();
        }

        @Override
        public List<String> thermalThrottlePaths() {
            return List.of();
        }
    }
}
