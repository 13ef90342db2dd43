package dev.patchbay.thread;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * A scheduler that knows by itself when what it was given is done. Those of Reactor's wait for that in a pool which the whole
 * process shares, and whose threads are no daemons and live for ten seconds more: a host whose {@code main} returns after it has
 * closed an engine would end that much later.
 *
 * <p>After {@link #disposeGracefully} nothing is taken any more, what was scheduled without a delay is run, what is not yet due
 * is dropped, and then the scheduler below is disposed of. {@link #dispose} does that at once, and interrupts what runs.
 *
 * <p><b>Invariants:</b> {@code open} counts what was taken and is neither over nor given up, and who is about to hand
 * something to the scheduler below; it is negative once nothing more is taken. Whoever raises it looks at its sign, and
 * whoever lowers it to {@link #ENDED} has the end begin. So nothing that was taken is dropped, nothing is taken that would be, and
 * the scheduler below does not end while somebody is in it, who would have to wait for its lock.
 */
public final class GracefulScheduler implements Scheduler {
    /** What {@code open} is when nothing is taken any more and all is done. */
    private static final long ENDED = Long.MIN_VALUE;

    private static final Logger LOG = LoggerFactory.getLogger(GracefulScheduler.class);

    private final Scheduler below;
    private final AtomicLong open = new AtomicLong();
    private final AtomicBoolean ending = new AtomicBoolean();
    private final Sinks.Empty<Void> over = Sinks.empty();

    private enum Course {
        WAITING, RUNNING, OVER
    }

    private GracefulScheduler(Scheduler below) {
        this.below = below;
    }

    /** Makes one of another one, which is disposed of with it and must not be used otherwise. */
    public static GracefulScheduler of(Scheduler below) {
        return new GracefulScheduler(below);
    }

    /**
     * Ends several gracefully. <b>Cold</b>; completes where the last of them ends, which is {@code scheduler-end} for those of this
     * class, or where patience does. Cancelling does not keep them from ending.
     *
     * @param patience how long that may take: after it nobody waits any longer
     * @param late what is done then, on a thread that may block
     */
    public static Mono<Void> endAll(Duration patience, Runnable late, Scheduler... schedulers) {
        return Mono.defer(() -> {
            var over = new CountDownLatch(1);
            Sinks.Empty<Void> ended = Sinks.empty();
            Mono.whenDelayError(Stream.of(schedulers).map(Scheduler::disposeGracefully).toList())
                    .onErrorComplete()
                    .doOnTerminate(over::countDown)
                    .subscribe(_ -> {}, _ -> {}, ended::tryEmitEmpty);
            if (over.getCount() > 0) {
                watch(over, patience, () -> {
                    try {
                        late.run();
                    } finally {
                        boolean _ = ended.tryEmitEmpty().isSuccess(); // once: it may just have come to its end
                    }
                });
            }
            return ended.asMono();
        });
    }

    /** Not by Reactor's timers: their threads are the host's, and stay. */
    private static void watch(CountDownLatch over, Duration patience, Runnable late) {
        try {
            FreshThread.start("scheduler-end-watch", () -> {
                try {
                    if (!over.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                        late.run();
                    }
                } catch (InterruptedException _) {
                    late.run(); // whoever does that wants an end
                }
            });
        } catch (OutOfMemoryError e) {
            LOG.warn("nobody will notice if threads do not end: {}", e.getMessage());
        }
    }

    private boolean begin() {
        if (open.incrementAndGet() > 0) {
            return true;
        }
        leave();
        return false;
    }

    private void enter() {
        if (!begin()) {
            throw Exceptions.failWithRejected();
        }
    }

    private void leave() {
        if (open.decrementAndGet() == ENDED) {
            end();
        }
    }

    /** Elsewhere, if the system has a thread: whoever ends threads may wait for a lock of theirs. */
    private void end() {
        if (ending.compareAndSet(false, true)) {
            try {
                FreshThread.start("scheduler-end", this::endNow);
            } catch (OutOfMemoryError _) {
                endNow();
            }
        }
    }

    private void endNow() {
        below.dispose();
        boolean _ = over.tryEmitEmpty().isSuccess(); // once: somebody may have had no patience
    }

    @Override
    public Mono<Void> disposeGracefully() {
        return Mono.defer(() -> {
            if (open.getAndUpdate(count -> count | ENDED) == 0) {
                end();
            }
            return over.asMono();
        });
    }

    @Override
    public void dispose() {
        open.getAndUpdate(count -> count | ENDED);
        endNow();
    }

    @Override
    public boolean isDisposed() {
        return open.get() < 0;
    }

    @Override
    public long now(TimeUnit unit) {
        return below.now(unit);
    }

    @Override
    public Disposable schedule(Runnable work) {
        return give(new Task(work, null), below::schedule);
    }

    @Override
    public Disposable schedule(Runnable work, long delay, TimeUnit unit) {
        return delay <= 0 ? schedule(work) : later(work, due -> below.schedule(due, delay, unit));
    }

    @Override
    public Disposable schedulePeriodically(Runnable work, long initialDelay, long period, TimeUnit unit) {
        return later(work, due -> below.schedulePeriodically(due, initialDelay, period, unit));
    }

    @Override
    public Worker createWorker() {
        return new GracefulWorker(below.createWorker());
    }

    /** Nobody waits for it before it runs. */
    private Disposable later(Runnable work, Function<Runnable, Disposable> to) {
        enter();
        try {
            return to.apply(() -> {
                if (begin()) {
                    try {
                        work.run();
                    } finally {
                        leave();
                    }
                }
            });
        } finally {
            leave();
        }
    }

    private Disposable give(Task task, Function<Runnable, Disposable> to) {
        enter();
        boolean given = false;
        try {
            task.begun();
            task.handle = to.apply(task);
            given = true;
            return task;
        } finally {
            if (!given) {
                task.giveUp();
            }
            leave();
        }
    }

    private final class Task implements Runnable, Disposable {
        private final Runnable work;
        private final @Nullable Set<Task> siblings;
        private final AtomicReference<Course> course = new AtomicReference<>(Course.OVER);
        private volatile @Nullable Disposable handle; // once it is scheduled, which may be after it has run

        Task(Runnable work, @Nullable Set<Task> siblings) {
            this.work = work;
            this.siblings = siblings;
        }

        /** It is counted from here on. Whoever says so has entered. */
        void begun() {
            open.incrementAndGet();
            course.set(Course.WAITING);
            if (siblings != null) {
                siblings.add(this);
            }
        }

        @Override
        public void run() {
            if (course.compareAndSet(Course.WAITING, Course.RUNNING)) {
                try {
                    work.run();
                } finally {
                    finish();
                }
            }
        }

        /** It will not be run, if it has not begun. */
        void giveUp() {
            if (course.compareAndSet(Course.WAITING, Course.OVER)) {
                finish();
            }
        }

        private void finish() {
            course.set(Course.OVER);
            if (siblings != null) {
                siblings.remove(this);
            }
            leave();
        }

        @Override
        public void dispose() {
            giveUp();
            Disposable scheduled = handle;
            if (scheduled != null) {
                scheduled.dispose(); // interrupts it if it runs
            }
        }

        @Override
        public boolean isDisposed() {
            return course.get() == Course.OVER;
        }
    }

    private final class GracefulWorker implements Worker {
        private final Worker worker;
        private final Set<Task> tasks = ConcurrentHashMap.newKeySet();

        GracefulWorker(Worker worker) {
            this.worker = worker;
        }

        @Override
        public Disposable schedule(Runnable work) {
            return give(new Task(work, tasks), worker::schedule);
        }

        @Override
        public Disposable schedule(Runnable work, long delay, TimeUnit unit) {
            return delay <= 0 ? schedule(work) : later(work, due -> worker.schedule(due, delay, unit));
        }

        @Override
        public Disposable schedulePeriodically(Runnable work, long initialDelay, long period, TimeUnit unit) {
            return later(work, due -> worker.schedulePeriodically(due, initialDelay, period, unit));
        }

        /** From here on the worker refuses. What it has taken, it will not run, and tells nobody so. */
        @Override
        public void dispose() {
            worker.dispose();
            tasks.forEach(Task::giveUp);
        }

        @Override
        public boolean isDisposed() {
            return worker.isDisposed();
        }
    }
}
