package dev.patchbay.store;

import dev.patchbay.image.Descriptor;
import dev.patchbay.store.StageFactory.Fetching;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Exceptions;

/**
 * The layers of one image that are being fetched, a few side by side. The failure of one ends all, and the reading of all.
 *
 * <p>Belongs to the thread that unpacks, which starts it and closes it; the fetches have threads of their own.
 */
final class LayerFetches implements AutoCloseable {
    private final Map<Descriptor, LayerFetch> fetches = new LinkedHashMap<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Queue<LayerFetch> waiting = new ConcurrentLinkedQueue<>();
    private final Disposable.Composite running = Disposables.composite();

    /** Adds a layer that has to be fetched. Only before the start. */
    void add(Descriptor layer, LayerFetch fetch) {
        fetches.put(layer, fetch);
    }

    void start(Fetching fetching) {
        waiting.addAll(fetches.values());
        int threads = Math.min(fetching.sideBySide(), fetches.size());
        for (int i = 0; i < threads; i++) {
            running.add(fetching.threads().schedule(this::fetch));
        }
    }

    /** What has come of a layer so far, if it is one that has to be fetched. */
    Optional<GrowingData> data(Descriptor layer) {
        return Optional.ofNullable(fetches.get(layer)).map(LayerFetch::data);
    }

    /** Why the first fetch that failed did. */
    Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** Makes all layers blobs. Only after the data of each were read to their end. */
    void commit(BlobLeases.Lease lease) {
        await();
        failure().ifPresent(e -> {
            throw Exceptions.propagate(e);
        });
        fetches.values().forEach(fetch -> fetch.commit(lease));
    }

    /** Ends the fetches, waits until their threads have left them, and removes what they wrote. */
    @Override
    public void close() {
        stop();
        await();
        fetches.values().forEach(LayerFetch::close);
    }

    /** Waits for the threads, also when interrupted: what they write must not be pulled away under them. */
    private void await() {
        fetches.values().forEach(fetch -> fetch.ended().toFuture().join());
    }

    /** Fetches one layer after the other until there is none left. */
    private void fetch() {
        for (LayerFetch fetch = waiting.poll(); fetch != null; fetch = waiting.poll()) {
            if (fetch.begin()) {
                carryOut(fetch);
            }
        }
    }

    private void carryOut(LayerFetch fetch) {
        try {
            fetch.work();
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, Exceptions.unwrap(e)); // a later one follows from the first
            stop();
        } finally {
            fetch.end();
        }
    }

    private void stop() {
        fetches.values().forEach(fetch -> fetch.data().fail());
        fetches.values().forEach(Attempt::giveUp);
        running.dispose();
    }
}
