package dev.patchbay.engine;

import dev.patchbay.PluginStorageException;
import dev.patchbay.event.EventRecorder;
import dev.patchbay.event.RecorderSetup;
import dev.patchbay.store.Loaded;
import dev.patchbay.store.StoreException;
import java.util.List;
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

    /** The journal is opened, and beside it the plugins are read. Nothing happens before both are there. */
    private Mono<Works> open() {
        var setup = RecorderSetup.usual(
                new RecorderSetup.Threads(threads.events(), threads.replies(), threads.timers()),
                threads.chance());
        Mono<Works> journaled = EventRecorder.open(parts.journal(), setup).map(recorder -> {
            var made = new Works(config, parts, recorder, threads);
            works = made;
            return made;
        });
        Mono<List<Loaded>> found = parts.store()
                .load()
                .collectList()
                .onErrorMap(StoreException.class,
                        e -> new PluginStorageException(String.valueOf(e.getMessage()), e));
        // Delayed, so that a journal is open, or not, when what there is has to be closed.
        return Mono.zipDelayError(journaled, found)
                .publishOn(threads.work())
                .map(both -> both.getT1().begin(both.getT2()));
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
