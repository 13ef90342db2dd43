package dev.patchbay.store;

import dev.patchbay.image.LayerProgress;
import dev.patchbay.image.PluginImage;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.reference.Digest;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The stages under way, and the staged plugins that are neither installed nor discarded yet.
 *
 * <p>A stage that fails or is cancelled is cleaned up by {@code store-sweep}, after its own thread has left it: that
 * one may still be writing, or be interrupted.
 */
final class Staging {
    private static final Logger LOG = LoggerFactory.getLogger(Staging.class);

    private final StageFactory factory;
    private final PluginFolders folders;
    private final GarbageCollector garbage;
    private final BlockingWork sweeps;
    private final BlockingWork threads;
    // By staged root file system. A staged plugin stays until it is installed or discarded.
    private final Map<Path, Stage> attempts = new ConcurrentHashMap<>();
    private final Set<LayoutImport> imports = ConcurrentHashMap.newKeySet();
    private final Sinks.Empty<Void> closing = Sinks.empty();

    Staging(StageFactory factory, PluginFolders folders, GarbageCollector garbage, BlockingWork sweeps,
            BlockingWork threads) {
        this.factory = factory;
        this.folders = folders;
        this.garbage = garbage;
        this.sweeps = sweeps;
        this.threads = threads;
    }

    Mono<StagedPlugin> stage(PluginName name, Publisher<ByteBuffer> context) {
        return carryOut(() -> factory.attempt(name, context));
    }

    Mono<StagedPlugin> stage(PluginImage image, BlobSource source, Consumer<LayerProgress> progress) {
        return carryOut(() -> factory.attempt(image, source, progress));
    }

    private Mono<StagedPlugin> carryOut(Supplier<Stage> stage) {
        return untilClosed(Mono.usingWhen(
                Mono.fromSupplier(() -> begin(stage.get())),
                threads::interruptible,
                _ -> Mono.empty(),
                (attempt, _) -> cleanUp(attempt),
                this::cleanUp));
    }

    Mono<ImportedLayout> readLayout(Publisher<ByteBuffer> layout) {
        return untilClosed(Mono.usingWhen(
                Mono.fromSupplier(() -> begin(factory.layoutImport(layout))),
                threads::interruptible,
                attempt -> Mono.fromRunnable(() -> imports.remove(attempt)),
                (attempt, _) -> cleanUp(attempt),
                this::cleanUp));
    }

    private <T> Mono<T> untilClosed(Mono<T> work) {
        Mono<T> closed = closing.asMono()
                .then(Mono.error(() -> new StoreException("the plugin store was closed", null)));
        return Mono.firstWithSignal(work, closed);
    }

    /** Whether a folder in the staging area is in use by this process. */
    boolean contains(Path rootfs) {
        return attempts.containsKey(rootfs);
    }

    /** Called when a staged plugin was installed: its record protects its blobs from now on. */
    void forget(StagedPlugin staged) {
        Stage attempt = attempts.remove(staged.rootfs());
        if (attempt != null) {
            attempt.lease().release();
        }
    }

    Mono<Void> discard(StagedPlugin staged) {
        return sweeps.toTheEnd(() -> drop(staged.rootfs()));
    }

    /** Cancels the stages under way and waits until no thread works at one. */
    Mono<Void> close() {
        return Mono.defer(() -> {
            closing.tryEmitEmpty(); // a second close finds it emitted, which is as good
            return Flux.<Attempt<?>>fromIterable(attempts.values())
                    .concatWith(Flux.fromIterable(imports))
                    .concatMap(Attempt::ended)
                    .then(threads.close())
                    .then(factory.fetching().threads().close());
        });
    }

    private Stage begin(Stage attempt) {
        attempts.put(attempt.rootfs(), attempt);
        return attempt;
    }

    private LayoutImport begin(LayoutImport attempt) {
        imports.add(attempt);
        return attempt;
    }

    private Mono<Void> cleanUp(LayoutImport attempt) {
        return cleanUp(attempt, () -> {
            imports.remove(attempt);
            garbage.collect(attempt.lease().release());
        });
    }

    private Mono<Void> cleanUp(Stage attempt) {
        return cleanUp(attempt, () -> drop(attempt.rootfs()));
    }

    private Mono<Void> cleanUp(Attempt<?> attempt, Runnable removal) {
        return attempt.ended()
                .then(sweeps.toTheEnd(removal))
                .onErrorResume(StoreException.class, e -> {
                    // The caller is told why staging failed; this is for whoever finds the rest.
                    LOG.warn("what a failed create, pull or import left stays until the next start: {}",
                            e.getMessage());
                    return Mono.empty();
                });
    }

    private void drop(Path rootfs) {
        Stage attempt = attempts.get(rootfs);
        if (attempt == null) {
            return; // installed, or discarded before
        }
        folders.deleteTree(rootfs);
        attempts.remove(rootfs);
        Set<Digest> blobs = attempt.lease().release();
        garbage.collect(blobs);
    }
}
