package dev.patchbay.thread;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;

/**
 * Threads for work that may hang until a limit ends it. Work that has taken longer than a while is not counted any more:
 * for as long as it lasts the pool has one thread more, so that what hangs does not hold up the rest.
 *
 * <p>Work may be handed over, and alarms may ring, on threads that must not block: neither takes a lock. That is why this
 * is no {@link java.util.concurrent.ThreadPoolExecutor}.
 *
 * <p><b>States:</b> those of {@link PoolCounts}; what runs when it is stopped is interrupted.
 *
 * <p><b>Invariants:</b> threads are counted from before they start until they have taken their last task, what waits from
 * before it joins the queue until it has left, and nothing is raised but by who sees {@code RUNNING}, or that a task waits.
 * Whoever counted a thread that does not come looks again whether one is needed, at once or, if the system has none, after a
 * while: somebody may have relied on it. So no task is accepted by a pool that ends, none is left in the queue without a
 * thread to come, and all is over when both are 0.
 */
public final class PatientPool extends AbstractExecutorService {
    private static final Logger LOG = LoggerFactory.getLogger(PatientPool.class);

    private static final int IDLE_SECONDS = 60;

    /** After which a thread that the system did not have is asked for again. */
    private static final Duration ANOTHER_LOOK = Duration.ofSeconds(1);

    private final int threads;
    private final Alarm alarm;
    private final Overtime overtime;
    private final ThreadFactory factory;
    private final LinkedTransferQueue<Runnable> queue = new LinkedTransferQueue<>();
    private final PoolCounts counts = new PoolCounts();
    private final Set<Thread> live = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean looksAgain = new AtomicBoolean();

    /** Runs a task after a delay, on any thread. */
    @FunctionalInterface
    public interface Alarm {
        /** Disposing takes it back. An alarm that has ended drops the task. */
        Disposable after(Duration delay, Runnable task);
    }

    /** Wakes who waits for work. */
    private enum Signal implements Runnable {
        WAKE;

        @Override
        public void run() {
            // there is nothing to do but to look around
        }
    }

    /**
     * Makes one without threads: they begin with the work, and end some time after it.
     *
     * @param name how the names of its threads begin
     * @param threads how many pieces of work may be under way that are not overdue
     * @param mostOverdue how many may be overdue before the others do have to wait for them
     * @param patience after what time work is overdue
     */
    public PatientPool(String name, int threads, int mostOverdue, Duration patience, Alarm alarm) {
        this(threads, mostOverdue, patience, alarm,
                Thread.ofPlatform().daemon().name(name + "-", 1).factory());
    }

    PatientPool(int threads, int mostOverdue, Duration patience, Alarm alarm, ThreadFactory factory) {
        this.threads = threads;
        this.alarm = alarm;
        this.overtime = new Overtime(mostOverdue, patience, alarm);
        this.factory = factory;
    }

    /**
     * Has a task done, by the first thread that has time for it; if the system has no more threads, by one of those that
     * there are. Takes no lock.
     *
     * @throws RejectedExecutionException if the pool has ended, or very many tasks wait already
     * @throws OutOfMemoryError if the system has no more threads, and there are none here
     */
    @Override
    public void execute(Runnable task) {
        if (!queue.hasWaitingConsumer() && beginWith(task)) {
            return;
        }
        counts.addWaiting();
        queue.add(task);
        try {
            beginIfOneWaits();
        } catch (Throwable e) { // the system has no more threads
            if (live.stream().noneMatch(Thread::isAlive) && takeBack(task)) { // else one of those takes it
                throw e;
            }
        }
        // When all that waits has just been dropped, no thread would come for it.
        if (counts.isStopped() && takeBack(task)) {
            throw new RejectedExecutionException("these threads have ended");
        }
    }

    private boolean beginWith(Runnable task) {
        try {
            return counts.addWorker(mostThreads()) && start(task);
        } catch (Throwable e) { // the system has no more threads, but there may be some here
            LOG.debug("no thread could be made for a task", e);
            return false;
        }
    }

    private boolean takeBack(Runnable task) {
        boolean mine = queue.remove(task);
        if (mine) {
            counts.removeWaiting();
        }
        return mine;
    }

    /** Starts one more thread if there is something to do for it, and there are not enough. */
    private void beginIfOneWaits() {
        boolean enough = false;
        while (!enough && oneWaits() && counts.addWorkerForOneThatWaits(mostThreads())) {
            enough = start(null);
        }
    }

    private boolean oneWaits() {
        return counts.oneWaits() && !queue.isEmpty();
    }

    /** The same, on a timer's thread. */
    private void beginIfOneStillWaits() {
        try {
            beginIfOneWaits();
        } catch (Throwable e) { // the system still has no more threads
            LOG.debug("no thread could be made for what waits", e);
        }
    }

    private void lookAgainLater() {
        if (looksAgain.compareAndSet(false, true)) {
            try {
                var _ = alarm.after(ANOTHER_LOOK, () -> {
                    looksAgain.set(false);
                    beginIfOneStillWaits();
                });
            } catch (Throwable e) { // nor one for a timer
                looksAgain.set(false);
                LOG.warn("the system has no more threads: some work waits for more of it", e);
            }
        }
    }

    /** Starts a thread that is counted; it is not any more if there are enough: what was overdue may be over by now. */
    private boolean start(@Nullable Runnable first) {
        try {
            if (counts.workers() <= mostThreads()) {
                launch(factory.newThread(() -> work(first)));
                return true;
            }
        } catch (Throwable e) { // the system has no more threads
            leave();
            if (oneWaits()) {
                lookAgainLater();
            }
            throw e;
        }
        leave();
        return false;
    }

    private void launch(Thread thread) {
        live.add(thread);
        boolean started = false;
        try {
            thread.start();
            started = true;
        } finally {
            if (!started) {
                live.remove(thread);
            }
        }
    }

    private void work(@Nullable Runnable first) {
        Runnable task = first;
        do {
            try {
                serve(task);
            } finally {
                live.remove(Thread.currentThread());
                leave();
            }
            task = null;
        } while (goesOn());
    }

    private void serve(@Nullable Runnable first) {
        Runnable task = first == null ? next() : first;
        while (task != null) {
            run(task);
            task = next();
        }
    }

    /** What came while this thread thought that nothing would is another one's, or its own if the system has no more. */
    private boolean goesOn() {
        try {
            beginIfOneWaits();
            return false;
        } catch (Throwable e) {
            LOG.debug("no thread could be made for what waits", e);
        }
        boolean counted = counts.addWorkerForOneThatWaits(mostThreads());
        if (counted) {
            live.add(Thread.currentThread());
        }
        return counted;
    }

    private void leave() {
        if (counts.removeWorker()) {
            queue.add(Signal.WAKE); // from one to the next
        }
    }

    /** Null if this thread is one too many, had nothing to do for long, or all is over. */
    private @Nullable Runnable next() {
        while (!counts.isStopped() && counts.workers() <= mostThreads()) {
            Runnable task;
            try {
                task = counts.isRunning() ? queue.poll(IDLE_SECONDS, TimeUnit.SECONDS) : queue.poll();
            } catch (InterruptedException _) {
                continue; // it was meant for the task before, or this is the end: the state tells
            }
            if (!(task instanceof Signal)) {
                if (task != null) {
                    counts.removeWaiting();
                }
                return task;
            }
        }
        return null;
    }

    private void run(Runnable task) {
        Thread thread = Thread.currentThread();
        try (var _ = overtime.begin(this::beginIfOneStillWaits)) {
            Thread.interrupted(); // whatever was meant for the task before
            if (counts.isStopped()) {
                thread.interrupt();
            }
            task.run();
        } catch (Throwable e) { // as any executor's thread does with what a task lets go
            tell(thread, e);
        }
    }

    private static void tell(Thread thread, Throwable failure) {
        try {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
        } catch (Throwable e) { // ignored by the JVM as well
            LOG.debug("a handler of uncaught exceptions failed", e);
        }
    }

    /** How many threads there may be at most, as things are. */
    int mostThreads() {
        return threads + overtime.count();
    }

    /** How many threads there are. */
    int threads() {
        return counts.workers();
    }

    /** Takes no more tasks, and ends when those that it has are done. */
    @Override
    public void shutdown() {
        counts.end();
        queue.add(Signal.WAKE);
    }

    /**
     * Takes no more tasks, interrupts those that run, and does none of those that wait.
     *
     * @return those that waited
     */
    @Override
    public List<Runnable> shutdownNow() {
        counts.stop();
        var dropped = new ArrayList<Runnable>();
        for (Runnable task = queue.poll(); task != null; task = queue.poll()) {
            if (!(task instanceof Signal)) {
                counts.removeWaiting();
                dropped.add(task);
            }
        }
        live.forEach(Thread::interrupt);
        return dropped;
    }

    @Override
    public boolean isShutdown() {
        return !counts.isRunning();
    }

    @Override
    public boolean isTerminated() {
        return counts.isOver();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return counts.awaitOver(timeout, unit);
    }
}
