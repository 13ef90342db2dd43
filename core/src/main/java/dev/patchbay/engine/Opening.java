package dev.patchbay.engine;

import dev.patchbay.event.EventJournal;
import dev.patchbay.event.EventRecorder;
import dev.patchbay.event.RecorderSetup;
import dev.patchbay.executor.RuntimeExecutor;
import dev.patchbay.registry.Registry;
import dev.patchbay.store.PluginStore;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * An engine that is being opened. Whoever is told that it cannot be, or does not wait for it, has nothing to close: what
 * there is of it by then is closed with all that was handed over.
 */
final class Opening {
    private final EngineConfig config;
    private final PluginStore store;
    private final RuntimeExecutor executor;
    private final Registry registry;
    private final EventJournal journal;
    private final EngineThreads threads;
    private volatile @Nullable Works works;

    private Opening(
            EngineConfig config,
            PluginStore store,
            RuntimeExecutor executor,
            Registry registry,
            EventJournal journal,
            EngineThreads threads) {
        this.config = config;
        this.store = store;
        this.executor = executor;
        this.registry = registry;
        this.journal = journal;
        this.threads = threads;
    }

    static Mono<Works> of(
            EngineConfig config,
            PluginStore store,
            RuntimeExecutor executor,
            Registry registry,
            EventJournal journal,
            EngineThreads threads) {
        return Mono.usingWhen(
                Mono.fromSupplier(() -> new Opening(config, store, executor, registry, journal, threads)),
                Opening::open,
                _ -> Mono.empty(),
                (opening, _) -> opening.close(),
                Opening::close);
    }

    /** The journal first: what happens from the beginning on has its place there. */
    private Mono<Works> open() {
        var setup = new RecorderSetup(threads.events(), threads.replies(), threads.timers(), threads.chance(),
                RecorderSetup.PATIENCE, RecorderSetup.PAUSE, RecorderSetup.KEPT);
        return EventRecorder.open(journal, setup).flatMap(recorder -> {
            var made = new Works(config, store, executor, registry, recorder, threads);
            works = made;
            return made.load();
        });
    }

    private Mono<Void> close() {
        return Mono.defer(() -> {
            Works made = works;
            return made != null
                    ? made.closeParts()
                    : Works.bounded("the event journal", journal.close(), threads)
                            .then(Works.release(executor, store, threads));
        });
    }
}
