package dev.patchbay.registry;

import dev.patchbay.stream.UntilFailure;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Ends a stream in which nothing moves for some time though somebody wants more. Unlike a plain timeout, the time in which
 * the subscriber asks for nothing does not count: a layer that waits its turn to be unpacked is not a dead connection.
 */
final class IdleWatch {
    private final Duration limit;
    private final Timers timers;
    private final AtomicLong wanted = new AtomicLong();
    private volatile long lastMove;

    /** For one subscription. */
    IdleWatch(Duration limit, Timers timers) {
        this.limit = limit;
        this.timers = timers;
    }

    /** The stream; fails with {@link TimeoutException} when it has been idle for too long. */
    Flux<ByteBuffer> over(Flux<ByteBuffer> stream) {
        return Flux.defer(() -> {
            lastMove = now();
            return UntilFailure.of(stream, idle()).doOnNext(_ -> moved(-1)).doOnRequest(this::moved);
        });
    }

    /** Fails when the limit has passed since the last move and something is wanted. One timer for the whole stream. */
    private Mono<Void> idle() {
        return Mono.defer(() -> Mono.delay(rest(), timers.scheduler()))
                .filter(_ -> isIdle())
                .repeatWhenEmpty(Integer.MAX_VALUE, again -> again)
                .then(Mono.error(() -> new TimeoutException("idle")));
    }

    private Duration rest() {
        long rest = limit.toNanos() - (now() - lastMove);
        // Nothing is wanted: look again after a whole limit; what is wanted meanwhile has moved the beginning.
        return rest > 0 ? Duration.ofNanos(rest) : limit;
    }

    private boolean isIdle() {
        return wanted.get() > 0 && now() - lastMove >= limit.toNanos();
    }

    private void moved(long more) {
        lastMove = now();
        wanted.accumulateAndGet(more, IdleWatch::added);
    }

    private static long added(long sum, long more) {
        boolean endless = sum == Long.MAX_VALUE || more == Long.MAX_VALUE || (sum + more < 0 && more > 0);
        return endless ? Long.MAX_VALUE : sum + more;
    }

    private long now() {
        return timers.scheduler().now(TimeUnit.NANOSECONDS);
    }
}
