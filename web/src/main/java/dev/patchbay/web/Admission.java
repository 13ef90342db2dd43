package dev.patchbay.web;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The count of requests under way: not more than a limit, and none of them new once the server closes. A stream does not
 * count against the limit once it goes on: it does next to nothing, and connections have a limit of their own.
 * Thread-safe.
 */
final class Admission {
    private final int limit;
    private final AtomicInteger underWay = new AtomicInteger(); // streams included
    private final AtomicInteger limited = new AtomicInteger();
    private final Sinks.Empty<Void> closing = Sinks.empty();
    private final Sinks.Empty<Void> drained = Sinks.empty();
    private volatile boolean closed;

    Admission(int limit) {
        this.limit = limit;
    }

    /** Counts a request in; nothing if there are too many. */
    Optional<Place> enter() {
        underWay.incrementAndGet();
        var place = new Place();
        if (limited.incrementAndGet() <= limit && !closed) {
            return Optional.of(place);
        }
        place.leave();
        return Optional.empty();
    }

    /** That of one request. */
    final class Place {
        private final AtomicBoolean counts = new AtomicBoolean(true);

        /** It is a stream, and goes on. */
        void goesOn() {
            if (counts.compareAndSet(true, false)) {
                limited.decrementAndGet();
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
