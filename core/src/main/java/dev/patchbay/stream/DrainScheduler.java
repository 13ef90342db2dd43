package dev.patchbay.stream;

import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.concurrent.Queues;

/**
 * A thread that takes all that waits for it in one go. A scheduler with one thread takes a lock, sorts by time and wakes that
 * thread for each task; here that is done once for however many come while it works.
 *
 * <p>Tasks without a delay are run in the order in which they came, from whatever worker, and on the thread, unless it ends
 * gracefully just while one is scheduled: that one, and what comes beside it, is run by whoever schedules it. Tasks with a
 * delay are run when the scheduler below says. A task that is disposed of before its turn is not run; one that is running is
 * not interrupted. As with the scheduler below there is no limit to what waits: whoever schedules has to have one.
 */
public final class DrainScheduler implements Scheduler {
    private static final Logger LOG = LoggerFactory.getLogger(DrainScheduler.class);

    private final Scheduler single;
    private final Queue<Task> queue = Queues.<Task>unboundedMultiproducer().get();
    private final Drain drain;

    private static final class Task implements Disposable {
        private final Runnable work;
        private volatile boolean over; // one thread runs it, so it needs no more than that

        Task(Runnable work) {
            this.work = work;
        }

        void run() {
            if (!over) {
                over = true;
                work.run();
            }
        }

        @Override
        public void dispose() {
            over = true;
        }

        @Override
        public boolean isDisposed() {
            return over;
        }
    }

    private DrainScheduler(Scheduler single) {
        this.single = single;
        this.drain = new Drain(this::onThread, this::runAll);
    }

    /** Makes one of a scheduler with a single thread, which is disposed of with it. */
    public static DrainScheduler of(Scheduler single) {
        return new DrainScheduler(single);
    }

    /**
     * If the thread has ended since it was asked whether it had, here: what was taken meanwhile is run, and by one thread at a
     * time still. Whoever scheduled it was told that it was taken.
     */
    private void onThread(Runnable all) {
        try {
            single.schedule(all);
        } catch (RejectedExecutionException _) {
            all.run();
        }
    }

    private void runAll() {
        for (Task task = queue.poll(); task != null; task = queue.poll()) {
            try {
                task.run();
            } catch (Throwable e) { // whatever it is, the next task is somebody else's
                handOver(e);
            }
        }
    }

    /** Fails a task of the scheduler below with it: it has hooks for that, which nobody else can call. */
    private void handOver(Throwable failure) {
        try {
            single.schedule(() -> {
                throw Exceptions.propagate(failure);
            });
        } catch (RejectedExecutionException e) {
            LOG.warn("a task failed while its scheduler was closed", failure);
        }
    }

    @Override
    public Disposable schedule(Runnable task) {
        if (single.isDisposed()) {
            throw Exceptions.failWithRejected();
        }
        var queued = new Task(Schedulers.onSchedule(task)); // a host may carry what belongs to the thread along
        queue.add(queued);
        drain.wake();
        return queued;
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return delay <= 0 ? schedule(task) : single.schedule(task, delay, unit);
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
        return single.schedulePeriodically(task, initialDelay, period, unit);
    }

    @Override
    public Worker createWorker() {
        return new DrainWorker(single.createWorker());
    }

    @Override
    public boolean isDisposed() {
        return single.isDisposed();
    }

    @Override
    public void dispose() {
        single.dispose();
    }

    @Override
    public Mono<Void> disposeGracefully() {
        return single.disposeGracefully();
    }

    private final class DrainWorker implements Worker {
        private final Worker later;

        DrainWorker(Worker later) {
            this.later = later;
        }

        @Override
        public Disposable schedule(Runnable task) {
            if (later.isDisposed()) {
                throw Exceptions.failWithRejected();
            }
            return DrainScheduler.this.schedule(() -> {
                if (!later.isDisposed()) {
                    task.run();
                }
            });
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return delay <= 0 ? schedule(task) : later.schedule(task, delay, unit);
        }

        @Override
        public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
            return later.schedulePeriodically(task, initialDelay, period, unit);
        }

        @Override
        public void dispose() {
            later.dispose();
        }

        @Override
        public boolean isDisposed() {
            return later.isDisposed();
        }
    }
}
