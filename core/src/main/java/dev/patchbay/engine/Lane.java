package dev.patchbay.engine;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Sinks;

/** Feeds standing pipelines. */
final class Lane {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    private Lane() {}

    /** Puts an order in. Losing one while the lane is open is a bug that must not pass quietly. */
    static <T> void put(Sinks.Many<T> lane, T order) {
        switch (lane.tryEmitNext(order)) {
            case OK -> {
            }
            case FAIL_CANCELLED, FAIL_TERMINATED -> LOG.debug("ordered after the end: {}", order);
            case FAIL_NON_SERIALIZED, FAIL_OVERFLOW, FAIL_ZERO_SUBSCRIBER ->
                throw new IllegalStateException("an order was lost: " + order);
        }
    }
}
