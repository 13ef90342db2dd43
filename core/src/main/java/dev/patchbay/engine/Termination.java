package dev.patchbay.engine;

import dev.patchbay.executor.ExecutorException;
import dev.patchbay.executor.RuntimeExecutor;
import dev.patchbay.executor.Signal;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.stream.TimeLimit;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Ends a container's process: TERM, a grace, KILL, a grace, an error. Over as soon as the process is. */
final class Termination {
    private final RuntimeExecutor executor;
    private final EngineConfig config;
    private final Scheduler timers;

    Termination(RuntimeExecutor executor, EngineConfig config, Scheduler timers) {
        this.executor = executor;
        this.config = config;
        this.timers = timers;
    }

    Mono<Void> of(PluginId plugin, Run run) {
        return attempt(plugin, run, Signal.TERM, config.stopGrace())
                .onErrorResume(TimeoutException.class,
                        _ -> attempt(plugin, run, Signal.KILL, config.killGrace()))
                // What cannot be asked to end can still be killed.
                .onErrorResume(ExecutorException.class,
                        _ -> attempt(plugin, run, Signal.KILL, config.killGrace()))
                .onErrorMap(TimeoutException.class,
                        _ -> new StopTimeoutException(config.stopGrace(), config.killGrace()));
    }

    private Mono<Void> attempt(PluginId plugin, Run run, Signal signal, Duration grace) {
        return TimeLimit.on(
                Mono.defer(() -> executor.signal(plugin, run.generation().orElseThrow(), signal))
                        .then(run.exit().then()),
                grace, timers);
    }

    /** A process that outlived both graces. */
    static final class StopTimeoutException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StopTimeoutException(Duration stopGrace, Duration killGrace) {
            super("its process did not end within " + Sentences.duration(stopGrace) + " after TERM and "
                    + Sentences.duration(killGrace) + " after KILL");
        }
    }
}
