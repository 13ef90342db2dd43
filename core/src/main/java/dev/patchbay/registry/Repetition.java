package dev.patchbay.registry;

import java.time.Duration;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Tries one thing again, a limited number of times and never without a pause (D22: moby spins when a download has
 * failed). For one subscription.
 */
final class Repetition {
    private static final double LEAST_PART = 0.5;

    private final RegistryRetries retries;
    private final Timers timers;
    private int inRow;
    private int inAll;
    private boolean begun;

    Repetition(RegistryRetries retries, Timers timers) {
        this.retries = retries;
        this.timers = timers;
    }

    /** It came further: the next failure counts as the first, and a server that refuses connections may be back soon. */
    void progressed() {
        inRow = 0;
        begun = true;
    }

    /** For {@code retryWhen}: signals come one after the other. */
    Retry asRetry() {
        return Retry.from(failures -> failures.concatMap(signal -> pause(signal.failure())));
    }

    private Publisher<Long> pause(Throwable failure) {
        if (!(failure instanceof RegistryException.Unavailable unavailable)) {
            return Mono.error(failure);
        }
        inRow++;
        inAll++;
        boolean over = inRow >= retries.attempts()
                || inAll >= retries.attempts() * RegistryRetries.RESUMES_PER_ATTEMPT;
        // What lasts is tried again only in the middle: a registry that answered before may be starting anew.
        boolean pointless = unavailable.lasting() && (unavailable.answered() || !begun);
        return over || pointless ? Mono.error(failure) : Mono.delay(length(unavailable), timers.scheduler());
    }

    private Duration length(RegistryException.Unavailable failure) {
        double factor = Math.pow(2, Math.min(inRow - 1, 30));
        double nanos = Math.min((double) retries.firstPause().toNanos() * factor,
                (double) retries.longestPause().toNanos());
        double part = LEAST_PART + (1 - LEAST_PART) * timers.chance().nextDouble();
        var own = Duration.ofNanos((long) (nanos * part));
        return failure.pause().compareTo(own) > 0 ? failure.pause() : own;
    }
}
