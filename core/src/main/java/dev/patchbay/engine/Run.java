package dev.patchbay.engine;

import dev.patchbay.executor.ExitSignal;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * One start of a container, from its order to its end: how the effects of one generation find each other. Its signals
 * are one-way and may come from any thread.
 */
final class Run {
    private final int generation;
    private final Sinks.Empty<Void> given = Sinks.empty();
    private final Sinks.One<ExitSignal> exit = Sinks.one();
    private volatile boolean started;
    private volatile boolean ended;

    Run(int generation) {
        this.generation = generation;
    }

    int generation() {
        return generation;
    }

    /** The container's process runs, or ran. */
    void started() {
        started = true;
    }

    /** Whether there is a process to stop. */
    boolean isAlive() {
        return started && !ended;
    }

    /** The start is not wanted any more. */
    void giveUp() {
        var _ = given.tryEmitEmpty(); // once is enough
    }

    Mono<Void> givenUp() {
        return given.asMono();
    }

    void exited(ExitSignal signal) {
        ended = true;
        var _ = exit.tryEmitValue(signal); // once is enough
    }

    Mono<ExitSignal> exit() {
        return exit.asMono();
    }
}
