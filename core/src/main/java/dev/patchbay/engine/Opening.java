package dev.patchbay.engine;

import dev.patchbay.PluginStorageException;
import dev.patchbay.UncleanCloseException;
import dev.patchbay.event.EventRecorder;
import dev.patchbay.event.RecorderSetup;
import dev.patchbay.executor.ExecutorException;
import dev.patchbay.store.Loaded;
import dev.patchbay.store.StoreException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * An engine that is being opened. Whoever is told that it cannot be, or does not wait for it, has nothing to close: what
 * there is of it by then is closed with all that was handed over.
 */
final class Opening {
    private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

    private final EngineConfig config;
    private final EngineParts parts;
    private final EngineThreads threads;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.OPENING);
    private final Sinks.Empty<Void> begun = Sinks.empty();
    private volatile @Nullable Works works;

    /** How far it has come. Who gives it up races with its beginning: what has begun is closed as any engine is. */
    private enum Phase {
        OPENING, BEGINNING, BEGUN, GIVEN_UP
    }

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

    /** Nothing is looked at that another engine may be at work on. */
    private Mono<Works> open() {
        return parts.executor()
                .claim()
                .onErrorMap(ExecutorException.class,
                        e -> new PluginStorageException(String.valueOf(e.getMessage()), e))
                .then(Mono.defer(this::read));
    }

    /** The journal is opened, and beside it the plugins are read. Nothing happens before both are there. */
    private Mono<Works> read() {
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
                .map(both -> begin(both.getT1(), both.getT2()));
    }

    private Works begin(Works made, List<Loaded> found) {
        if (!phase.compareAndSet(Phase.OPENING, Phase.BEGINNING)) {
            return made; // nobody hears of it any more
        }
        try {
            made.begin(found);
            phase.set(Phase.BEGUN);
            return made;
        } finally {
            boolean _ = begun.tryEmitEmpty().isSuccess(); // begun once
        }
    }

    private Mono<Void> close() {
        return Mono.defer(() -> phase.compareAndSet(Phase.OPENING, Phase.GIVEN_UP)
                ? closeParts()
                : begun.asMono().then(Mono.defer(this::closeBegun)));
    }

    private Mono<Void> closeBegun() {
        Works made = works;
        return made == null || phase.get() != Phase.BEGUN
                ? closeParts()
                : made.close()
                        .onErrorResume(UncleanCloseException.class,
                                e -> Mono.fromRunnable(() -> LOG.warn("{}", e.getMessage())));
    }

    private Mono<Void> closeParts() {
        Works made = works;
        return made != null
                ? made.closeParts()
                : Closing.bounded("the event journal", parts.journal().close(), threads)
                        .then(Closing.release(parts, threads));
    }
}
