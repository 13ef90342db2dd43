package dev.patchbay.store;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import reactor.core.Exceptions;

/**
 * Sends what is being unpacked to the disk while there is more to come, so that little is left to wait for at the end. Syncs
 * again each time that another {@value #STEP_BYTES} bytes of layers or a context were read, but one sync at a time.
 *
 * <p>Its failures count: the kernel tells each descriptor of a write that went wrong once (syncfs(2)), so the sync at the
 * end, which goes over the same one, is told nothing. Thread-safe; told by the thread that reads, ended by the stage's.
 */
final class EarlySync implements AutoCloseable {
    static final long STEP_BYTES = 8 << 20;

    private final Executor threads;
    private final Runnable sync;
    private CompletableFuture<Void> latest = CompletableFuture.completedFuture(null); // guarded by this
    private long unsynced; // guarded by this

    /**
     * Begins without a sync.
     *
     * @param threads where syncs run; may block
     * @param sync waits until all that was written is on the disk
     */
    EarlySync(Executor threads, Runnable sync) {
        this.threads = threads;
        this.sync = sync;
    }

    /** Says that more bytes were read. Never waits. */
    synchronized void read(int bytes) {
        unsynced += bytes;
        if (unsynced >= STEP_BYTES && latest.isDone() && !latest.isCompletedExceptionally()) {
            unsynced = 0;
            latest = CompletableFuture.runAsync(sync, threads);
        }
    }

    /** Waits for the sync under way and throws what one of them failed with. */
    void check() {
        try {
            current().join();
        } catch (CompletionException e) {
            throw Exceptions.propagate(Optional.ofNullable(e.getCause()).orElse(e));
        }
    }

    /** Waits until no thread syncs any more: on a disk that hangs, for as long as it does. */
    @Override
    public void close() {
        current().exceptionally(_ -> null).join(); // whoever closes without a check has failed already
    }

    private synchronized CompletableFuture<Void> current() {
        return latest;
    }
}
