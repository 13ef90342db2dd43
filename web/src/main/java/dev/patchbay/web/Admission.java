package dev.patchbay.web;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The count of requests under way and of the bytes that they hold: not more than a limit, and none of them new once the
 * server closes. A stream does not count against the limits once it goes on: it does next to nothing, and connections have a
 * limit of their own. Thread-safe.
 */
final class Admission {
    /** How many requests of those who may get past a full server are taken besides. */
    static final int RESERVE = 8;

    private final int limit;
    private final long heldLimit;
    private final AtomicLong held = new AtomicLong(); // bytes
    private final AtomicInteger underWay = new AtomicInteger(); // streams included
    private final AtomicInteger limited = new AtomicInteger();
    private final Sinks.Empty<Void> closing = Sinks.empty();
    private final Sinks.Empty<Void> drained = Sinks.empty();
    private volatile boolean closed;

    Admission(int limit, long heldBytes) {
        this.limit = limit;
        this.heldLimit = heldBytes;
    }

    /** Counts a request in; nothing if there are too many. */
    Optional<Place> enter() {
        return enter(limit, false);
    }

    /** Counts a request in although there are too many; nothing if there are more of these than {@value #RESERVE}. */
    Optional<Place> enterReserve() {
        return enter(limit + RESERVE, true);
    }

    private Optional<Place> enter(int most, boolean reserve) {
        underWay.incrementAndGet();
        var place = new Place(reserve);
        if (limited.incrementAndGet() <= most && !closed) {
            return Optional.of(place);
        }
        place.leave();
        return Optional.empty();
    }

    /** That of one request. */
    final class Place {
        private static final long GIVEN_BACK = -1;

        private final AtomicBoolean counts = new AtomicBoolean(true);
        private final AtomicLong own = new AtomicLong(); // bytes, or GIVEN_BACK
        private final boolean reserve;

        private Place(boolean reserve) {
            this.reserve = reserve;
        }

        /** Whether it is beyond the limit. */
        boolean isReserve() {
            return reserve;
        }

        /** Holds so many bytes more until it goes on or is over. @throws HttpFailure 503 if all hold too many together */
        void hold(int bytes) {
            if (held.addAndGet(bytes) > heldLimit) {
                held.addAndGet(-bytes);
                throw new HttpFailure(503,
                        "all requests together have sent as much as can be held until plugins have"
                                + " agreed to it; try again in a moment");
            }
            if (own.getAndUpdate(now -> now == GIVEN_BACK ? now : now + bytes) == GIVEN_BACK) {
                held.addAndGet(-bytes); // it was over while a chunk was on its way
            }
        }

        /** It is a stream, and goes on. */
        void goesOn() {
            if (counts.compareAndSet(true, false)) {
                limited.decrementAndGet();
                held.addAndGet(-own.getAndSet(GIVEN_BACK));
            }
        }

        /** It is over; once. */
        void leave() {
            goesOn();
            if (underWay.decrementAndGet() == 0 && closed) {
                drained.tryEmitEmpty();
            }
        }
    }

    /** How many bytes requests hold now. */
    long heldBytes() {
        return held.get();
    }

    /** Tells streams to end; completes when the last request has left. */
    Mono<Void> close() {
        return Mono.defer(() -> {
            closed = true;
            closing.tryEmitEmpty();
            if (underWay.get() == 0) {
                drained.tryEmitEmpty();
            }
            return drained.asMono();
        });
    }

    /** Completes when the server closes. */
    Mono<Void> closing() {
        return closing.asMono();
    }
}
