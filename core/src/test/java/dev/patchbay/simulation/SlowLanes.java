package dev.patchbay.simulation;

import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** Threads that look at the host, each for as long as that takes to answer. */
final class SlowLanes implements Scheduler {
    private final Lanes threads;
    private final Surroundings around;

    SlowLanes(Lanes threads, Surroundings around) {
        this.threads = threads;
        this.around = around;
    }

    @Override
    public Disposable schedule(Runnable look) {
        return threads.any().after(around.hostPause(), look);
    }

    @Override
    public Worker createWorker() {
        throw new UnsupportedOperationException("each look is on its own");
    }

    @Override
    public long now(TimeUnit unit) {
        return threads.now(unit);
    }

    @Override
    public void dispose() {
        threads.dispose();
    }
}
