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

    /** Some work that was begun, unless an earlier one hangs. */
    @FunctionalInterface
    interface Begun<T> {
        /** What comes of it; nothing, if it hangs. Blocks, until the limit has passed since it was begun. */
        Optional<T> result() throws InterruptedException;
    }

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

    /** Begins some work. Does not block; one at a time, whose result is waited for. */
    <T> Begun<T> begin(Supplier<T> work) {
        if (hangs()) {
            return Optional::empty;
        }
        long deadline = System.nanoTime() + limit.toNanos();
        CompletableFuture<T> begun = CompletableFuture.supplyAsync(work, threads);
        return () -> waitedFor(begun, deadline);
    }

    private <T> Optional<T> waitedFor(CompletableFuture<T> begun, long deadline) throws InterruptedException {
        try {
            return Optional.of(begun.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
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
