package dev.patchbay.legacy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Work that may hang, as on a file system that does: each is waited for only so long, and while one hangs no other is begun,
 * so that it holds one thread and no more.
 */
final class MayHang {
    private final Executor threads;
    private final Runnable answered;
    private final Duration limit;
    private volatile CompletableFuture<?> hanging = CompletableFuture.completedFuture(true); // one asks at a time

    /**
     * Does nothing yet.
     *
     * @param threads may block, and hang
     * @param answered is called when what hung is over after all
     * @param limit how long each is waited for
     */
    MayHang(Executor threads, Runnable answered, Duration limit) {
        this.threads = threads;
        this.answered = answered;
        this.limit = limit;
    }

    /** What comes of some work; nothing, if it hangs or an earlier one does. Blocks, up to the limit; one at a time. */
    <T> Optional<T> waitedFor(Supplier<T> work) throws InterruptedException {
        if (hangs()) {
            return Optional.empty();
        }
        CompletableFuture<T> begun = CompletableFuture.supplyAsync(work, threads);
        try {
            return Optional.of(begun.get(limit.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException _) {
            hanging = begun;
            var _ = begun.whenComplete((_, _) -> answered.run());
            return Optional.empty();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException why ? why : new IllegalStateException(e);
        }
    }

    boolean hangs() {
        return !hanging.isDone();
    }
}
