package dev.patchbay.engine;

import dev.patchbay.stream.TimeLimit;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Gives up waiting for a part of the engine that does not answer. */
final class Limit {
    private Limit() {}

    /**
     * Some work that is cancelled, and fails, when it takes too long.
     *
     * @param what what is tried, as the subject of a sentence
     */
    static <T> Mono<T> on(Mono<T> work, String what, Duration limit, Scheduler timers) {
        return TimeLimit.on(work, limit, timers, Mono.error(() -> new OverdueException(what, limit)));
    }

    /** It took too long. */
    static final class OverdueException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OverdueException(String what, Duration limit) {
            super(what + " took longer than " + Sentences.duration(limit));
        }
    }
}
