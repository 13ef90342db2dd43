package dev.patchbay.engine;

import dev.patchbay.event.EventRecorder;
import dev.patchbay.event.RecorderSetup;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * An engine that is being opened. Whoever is told that it cannot be, or does not wait for it, has nothing to close: what
 * there is of it by then is closed with all that was handed over.
 */
final class Opening {
    private final EngineConfig config;
    private final EngineParts parts;
    private final EngineThreads threads;
    private volatile @Nullable Works works;

    private Opening(EngineConfig config, EngineParts parts, EngineThreads threads) {
        this.config = config;
        this.parts = parts;
        this.threads = threads;
    }

    static Mono<Works> of(EngineConfig config, EngineParts parts, EngineThreads threads) {
        return Mono.usingWhen(
                Mono.fromSupplier(() -> new Opening(config, parts, threads)),
                Opening::open,
                _ -> Mono.empty(),
                (opening, _) -> opening.close(),
                Opening::close);
    }

    /** The journal first: what happens from the beginning on has its place there. */
    private Mono<Works> open() {
        var setup = RecorderSetup.usual(
                new RecorderSetup.Threads(threads.events(), threads.replies(), threads.timers()),
                threads.chance());
        return EventRecorder.open(parts.journal(), setup).flatMap(recorder -> {
            var made = new Works(config, parts, recorder, threads);
            works = made;
            return made.load();
        });
    }

    private Mono<Void> close() {
        return Mono.defer(() -> {
            Works made = works;
            return made != null
                    ? made.closeParts()
                    : Works.bounded("the event journal", parts.journal().close(), threads)
                            .then(Works.release(parts, threads));
        });
    }
}
