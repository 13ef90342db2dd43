package dev.patchbay.web;

import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The count of requests under way: not more than a limit, and none of them new once the server closes. Thread-safe.
 */
final class Admission {
    private final int limit;
    private final AtomicInteger underWay = new AtomicInteger();
    private final Sinks.Empty<Void> closing = Sinks.empty();
    private final Sinks.Empty<Void> drained = Sinks.empty();
    private volatile boolean closed;

    Admission(int limit) {
        this.limit = limit;
    }

    /** Counts a request in; if that worked it must {@link #leave} again. */
    boolean enter() {
        if (underWay.incrementAndGet() <= limit && !closed) {
            return true;
        }
        leave();
        return false;
    }

    void leave() {
        if (underWay.decrementAndGet() == 0 && closed) {
            drained.tryEmitEmpty();
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
