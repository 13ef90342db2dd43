package dev.patchbay.stress;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.scheduler.Scheduler;

/**
 * A scheduler without a thread and without a clock: its tasks are run by who calls {@link #work}, so that an actor can be its
 * thread. As with Reactor's own, what it has taken is dropped when it is disposed of. One worker.
 */
public final class ManualScheduler implements Scheduler {
    private final Queue<Task> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicBoolean crossed = new AtomicBoolean();
    private volatile long nanos;
    private volatile boolean disposed;

    private static final class Task implements Disposable {
        private final Runnable work;
        private final long dueNanos;
        private final AtomicBoolean over = new AtomicBoolean();

        Task(Runnable work, long dueNanos) {
            this.work = work;
            this.dueNanos = dueNanos;
        }

        @Override
        public void dispose() {
            over.set(true);
        }

        @Override
        public boolean isDisposed() {
            return over.get();
        }
    }

    /** Runs what is due, and what comes meanwhile. One thread at a time. */
    public void work() {
        for (Task due = due(); due != null; due = due()) {
            if (tasks.remove(due) && !disposed && due.over.compareAndSet(false, true)) {
                due.work.run();
            }
        }
    }

    private @Nullable Task due() {
        for (Task task : tasks) {
            if (task.dueNanos <= nanos) {
                return task;
            }
        }
        return null;
    }

    /** Has it be later. */
    public void passTo(long laterNanos) {
        nanos = laterNanos;
    }

    /** Whether somebody was in it when it was disposed of, or came after. */
    public boolean hasEndedTooEarly() {
        return crossed.get();
    }

    @Override
    public Disposable schedule(Runnable work) {
        return schedule(work, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable work, long delay, TimeUnit unit) {
        inside.incrementAndGet();
        try {
            if (disposed) {
                crossed.set(true);
                throw Exceptions.failWithRejected();
            }
            var task = new Task(work, nanos + unit.toNanos(delay));
            tasks.add(task);
            return task;
        } finally {
            inside.decrementAndGet();
        }
    }

    @Override
    public long now(TimeUnit unit) {
        return unit.convert(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void dispose() {
        disposed = true;
        if (inside.get() != 0) {
            crossed.set(true);
        }
        tasks.clear();
    }

    @Override
    public boolean isDisposed() {
        return disposed;
    }

    @Override
    public Worker createWorker() {
        return new Worker() {
            @Override
            public Disposable schedule(Runnable work) {
                return ManualScheduler.this.schedule(work);
            }

            @Override
            public void dispose() {
                ManualScheduler.this.dispose();
            }

            @Override
            public boolean isDisposed() {
                return disposed;
            }
        };
    }
}
