package dev.patchbay.engine;

import dev.patchbay.metrics.Metric;
import dev.patchbay.metrics.Reading;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Counts the orders of a lane that are under way. */
final class CountedLane {
    private final String kind;
    private final AtomicInteger underWay = new AtomicInteger();

    /** @param kind what its orders are called among the metrics */
    CountedLane(String kind) {
        this.kind = kind;
    }

    /** An order that is counted, from when it begins until it ends, however. */
    Mono<Void> counted(Mono<Void> order) {
        return Mono.using(() -> {
            underWay.incrementAndGet();
            return underWay;
        }, _ -> order, AtomicInteger::decrementAndGet);
    }

    /** Orders as they come, so many at once. */
    Flux<Void> run(Flux<Mono<Void>> orders, int many) {
        return orders.flatMap(this::counted, many);
    }

    Reading read() {
        return Reading.of(Metric.EFFECTS, underWay.get(), kind);
    }
}
