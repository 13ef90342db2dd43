package dev.patchbay.executor.runc;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A system that has no threads left for a while, and then runs what it is given at once. */
final class NoThreads extends AbstractExecutorService {
    private final int failures;
    private final AtomicInteger tried = new AtomicInteger();

    /** One that fails so many times. */
    NoThreads(int failures) {
        this.failures = failures;
    }

    @Override
    public void execute(Runnable task) {
        if (tried.incrementAndGet() <= failures) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        task.run();
    }

    /** How often it was given something. */
    int tried() {
        return tried.get();
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }
}
