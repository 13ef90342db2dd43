package dev.patchbay.simulation;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** A pool of threads that are none. Which of them a task goes to is the seed's choice. */
final class Lanes implements Scheduler {
    private final Chance chance;
    private final List<Lane> lanes;

    Lanes(int count, VirtualTime time, BooleanSupplier alive, Chance chance) {
        this.chance = chance;
        this.lanes = Stream.generate(() -> new Lane(time, alive)).limit(count).toList();
    }

    Lane any() {
        return chance.oneOf(lanes);
    }

    @Override
    public Disposable schedule(Runnable action) {
        return any().schedule(action);
    }

    @Override
    public Disposable schedule(Runnable action, long delay, TimeUnit unit) {
        return any().schedule(action, delay, unit);
    }

    @Override
    public Worker createWorker() {
        return any().createWorker();
    }

    @Override
    public long now(TimeUnit unit) {
        return lanes.getFirst().now(unit);
    }

    @Override
    public void dispose() {
        lanes.forEach(Lane::dispose);
    }

    @Override
    public boolean isDisposed() {
        return lanes.getFirst().isDisposed();
    }
}
