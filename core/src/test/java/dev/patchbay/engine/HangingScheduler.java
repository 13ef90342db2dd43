package dev.patchbay.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** A scheduler whose tasks hang, if it is told so, until it is told otherwise; nothing but time frees them. */
final class HangingScheduler implements Scheduler {
    private final Scheduler threads;
    private final List<Runnable> hanging = new ArrayList<>();
    private boolean hangs;

    HangingScheduler(Scheduler threads) {
        this.threads = threads;
    }

    /** From now on tasks hang, as on a file system that does not answer. */
    void hang() {
        hangs = true;
    }

    /** The file system answers again: those that hang go on, and no more do. */
    void goOn() {
        hangs = false;
        hanging.forEach(threads::schedule);
        hanging.clear();
    }

    /** How many tasks hang. */
    int hanging() {
        return hanging.size();
    }

    @Override
    public Disposable schedule(Runnable task) {
        return threads.schedule(() -> {
            if (hangs) {
                hanging.add(task);
            } else {
                task.run();
            }
        });
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException("nothing is looked at later");
    }

    @Override
    public Worker createWorker() {
        throw new UnsupportedOperationException("each look is on its own");
    }

    @Override
    public long now(TimeUnit unit) {
        return threads.now(unit);
    }
}
