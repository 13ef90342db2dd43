package dev.patchbay.engine;

import dev.patchbay.stream.TimeLimit;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** The end of an engine's parts. */
final class Closing {
    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    /** How long closing waits for each part, once the plugins are at rest. */
    private static final Duration PART_LIMIT = Duration.ofSeconds(15); // longer than the journal may hang

    private Closing() {}

    /** Closes what an engine owns beside its events. */
    static Mono<Void> release(EngineParts parts, EngineThreads threads) {
        return Mono.defer(() -> bounded("the executor", parts.executor().close(), threads))
                .then(Mono.defer(() -> bounded("the store", parts.store().close(), threads)))
                .then(threads.stop());
    }

    /** One part that does not close must not keep the others from it. */
    static Mono<Void> bounded(String part, Mono<Void> closing, EngineThreads threads) {
        return TimeLimit.on(closing, PART_LIMIT, threads.timers()).onErrorResume(e -> {
            LOG.warn("{} did not close cleanly", part, e);
            return Mono.empty();
        });
    }
}
