package dev.patchbay.store;

import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * One piece of interruptible work, of which others need to know when its thread has really left it.
 *
 * <p>States: waiting, then running, then ended; or waiting, then ended, if it was given up before it began.
 */
abstract class Attempt<T> {
    private final AtomicReference<Progress> progress = new AtomicReference<>(Progress.WAITING);
    private final Sinks.Empty<Void> ended = Sinks.empty();
    private volatile boolean givenUp;

    private enum Progress {
        WAITING, RUNNING
    }

    /** Does it, on a thread that may block. An interrupt means: stop. */
    abstract T work();

    /** Completes when no thread works at it, nor ever will. */
    final Mono<Void> ended() {
        return ended.asMono();
    }

    /** Tells whether its thread may go on: false if it was given up before. */
    final boolean begin() {
        return progress.compareAndSet(Progress.WAITING, Progress.RUNNING);
    }

    final void giveUp() {
        givenUp = true;
        whenGivenUp();
        if (begin()) {
            end(); // no thread will
        }
    }

    /** Called by {@link #giveUp}, on any thread, perhaps more than once. Must not wait. */
    void whenGivenUp() {}

    final boolean givenUp() {
        return givenUp;
    }

    final void end() {
        ended.tryEmitEmpty().orThrow();
    }
}
