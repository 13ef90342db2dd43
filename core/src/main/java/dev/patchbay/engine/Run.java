package dev.patchbay.engine;

import dev.patchbay.executor.ExitSignal;
import dev.patchbay.executor.TakeOver;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * One container, from the order to start or to find it to its end: how the effects on it find each other. Its signals
 * are one-way and may come from any thread.
 *
 * <p>The exit of one that is being taken over may be told before it is known which it is: whoever comes second, the
 * exit or the generation, sees the first.
 */
final class Run {
    private final Sinks.Empty<Void> known = Sinks.empty();
    private final Sinks.Empty<Void> recorded = Sinks.empty();
    private final Sinks.Empty<Void> given = Sinks.empty();
    private final Sinks.One<ExitSignal> exit = Sinks.one();
    private volatile OptionalInt generation;
    private volatile @Nullable ExitSignal told;
    private volatile boolean started;
    private volatile boolean ended;
    private volatile boolean all;

    private Run(OptionalInt generation) {
        this.generation = generation;
    }

    /** To be started. */
    static Run ordered(int generation) {
        var run = new Run(OptionalInt.of(generation));
        run.known();
        return run;
    }

    /** Of an earlier process, and it is not known yet what of it there is. */
    static Run sought() {
        return new Run(OptionalInt.empty());
    }

    /** The start that this is, as far as that is known. */
    OptionalInt generation() {
        return generation;
    }

    /** Whether this may be what that start made. */
    boolean mayBe(int start) {
        return generation.isEmpty() || generation.getAsInt() == start;
    }

    /** The container's process runs, or ran. */
    void started() {
        started = true;
    }

    void found(TakeOver what) {
        switch (what) {
            case TakeOver.Running(var container, _) -> {
                started = true;
                generation = OptionalInt.of(container.generation());
                meet();
            }
            // No process to stop. What is left is deleted, by the number that the plugin now has.
            case TakeOver.Ended(ExitSignal signal) -> generation = OptionalInt.of(signal.generation());
            case TakeOver.Nothing(int latest) -> generation = OptionalInt.of(latest);
        }
    }

    /** All that can be known is. */
    void known() {
        all = true;
        var _ = known.tryEmitEmpty(); // once is enough
    }

    /** Whether it was looked for, and it could not be told what there is of it. */
    boolean isLost() {
        return all && generation.isEmpty();
    }

    Mono<Void> whenKnown() {
        return known.asMono();
    }

    /** Its number is on disk, or cannot be: it is used once at most, also if the engine dies now. */
    void recorded() {
        var _ = recorded.tryEmitEmpty(); // once is enough
    }

    Mono<Void> whenRecorded() {
        return recorded.asMono();
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
        told = signal;
        meet();
    }

    private void meet() {
        var signal = told;
        var start = generation;
        if (signal != null && start.isPresent() && start.getAsInt() == signal.generation()) {
            ended = true;
            var _ = exit.tryEmitValue(signal); // once is enough
        }
    }

    Mono<ExitSignal> exit() {
        return exit.asMono();
    }
}
