package dev.patchbay.engine;

import dev.patchbay.PluginStorageException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import reactor.core.publisher.Mono;

/**
 * Ends the waiting for the store: when it has been its turn for too long. For as long as it is somebody else's, time
 * stands still.
 */
final class Patience {
    private final String what;
    private final Duration limit;
    private final BooleanSupplier storesTurn;
    private final EngineThreads threads;
    private volatile long sinceNanos;

    /**
     * Makes one.
     *
     * @param what what is tried, as the subject of a sentence
     */
    Patience(String what, Duration limit, BooleanSupplier storesTurn, EngineThreads threads) {
        this.what = what;
        this.limit = limit;
        this.storesTurn = storesTurn;
        this.threads = threads;
        moved();
    }

    /** Something went on: time begins anew. */
    void moved() {
        sinceNanos = nowNanos();
    }

    private long nowNanos() {
        return threads.timers().now(TimeUnit.NANOSECONDS);
    }

    /** Never ends but in a {@link PluginStorageException}. */
    <T> Mono<T> end() {
        return Mono.defer(this::waitOn).repeat().then(Mono.never());
    }

    private Mono<Long> waitOn() {
        long left = limit.toNanos() - (storesTurn.getAsBoolean() ? nowNanos() - sinceNanos : 0);
        return left > 0
                ? Mono.delay(Duration.ofNanos(left), threads.timers())
                // Whoever waited may do whatever he likes now, which is not for the thread of the timers.
                : Mono.<Long>error(() -> new PluginStorageException(
                        what + " took longer than " + Sentences.duration(limit)
                                + ": the disk does not answer",
                        null)).subscribeOn(threads.replies());
    }
}
