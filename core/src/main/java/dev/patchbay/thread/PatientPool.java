package dev.patchbay.thread;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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
 * <p><b>States:</b> {@code RUNNING}, then {@code ENDING} (nothing new; what waits is done) or {@code STOPPED} (what waits is
 * dropped, what runs is interrupted).
 *
 * <p><b>Invariants:</b> the state and both counts are one number, so that each step sees all of them: {@code workers} counts
 * threads from before they start until they have taken their last task, {@code waiting} is raised before a task joins the queue
 * and lowered after it has left, and nothing is raised but by who sees {@code RUNNING}, or that a task waits. So no task is
 * accepted by a pool that ends, none is left in the queue without a thread to come, and all is over when both are 0.
 */
public final class PatientPool extends AbstractExecutorService {
    private static final Logger LOG = LoggerFactory.getLogger(PatientPool.class);

    private static final int QUEUED_TASKS = 100_000;
    private static final int IDLE_SECONDS = 60;

    // What counts are made of: workers in the lower half, what waits above them, and then the state.
    private static final long WORKER = 1;
    private static final long WAITING = 1L << 32;
    private static final long ENDING = 1L << 61;
    private static final long STOPPED = 1L << 62;

    private final int threads;
    private final Overtime overtime;
    private final ThreadFactory factory;
    private final LinkedTransferQueue<Runnable> queue = new LinkedTransferQueue<>();
    private final AtomicLong counts = new AtomicLong();
    private final Set<Thread> live = ConcurrentHashMap.newKeySet();
    private final CountDownLatch terminated = new CountDownLatch(1);

    /** Runs a task after a delay, on any thread. */
    @FunctionalInterface
    public interface Alarm {
        /** Disposing takes it back. */
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
        countWaiting();
        queue.add(task);
        try {
            beginIfOneWaits();
        } catch (Throwable e) { // the system has no more threads
            if (live.stream().noneMatch(Thread::isAlive) && takeBack(task)) { // else one of those takes it
                throw e;
            }
        }
        // When all that waits has just been dropped, no thread would come for it.
        if (isStopped() && takeBack(task)) {
            throw new RejectedExecutionException("these threads have ended");
        }
    }

    private boolean beginWith(Runnable task) {
        try {
            return begin(task);
        } catch (Throwable e) { // the system has no more threads, but there may be some here
            LOG.debug("no thread could be made for a task", e);
            return false;
        }
    }

    private boolean takeBack(Runnable task) {
        boolean mine = queue.remove(task);
        if (mine) {
            lowerWaiting();
        }
        return mine;
    }

    private void countWaiting() {
        long now = counts.get();
        while (isRunning(now) && waiting(now) < QUEUED_TASKS) {
            long found = counts.compareAndExchange(now, now + WAITING);
            if (found == now) {
                return;
            }
            now = found;
        }
        throw new RejectedExecutionException(isRunning(now)
                ? QUEUED_TASKS + " tasks wait already"
                : "these threads have ended");
    }

    private void lowerWaiting() {
        if (isOver(counts.addAndGet(-WAITING))) {
            terminated.countDown();
        }
    }

    private static boolean isRunning(long counts) {
        return counts < ENDING;
    }

    private static boolean isOver(long counts) {
        return counts == ENDING || counts == STOPPED;
    }

    private static int waiting(long counts) {
        return (int) ((counts & (ENDING - 1)) >>> 32);
    }

    private static int workers(long counts) {
        return (int) counts;
    }

    private boolean isStopped() {
        return counts.get() >= STOPPED;
    }

    private void beginIfOneWaits() {
        if (waiting(counts.get()) > 0 && !queue.isEmpty()) {
            begin(null);
        }
    }

    /**
     * Starts one more thread, unless there are enough or all is over.
     *
     * @param first its first task; null if there is one in the queue
     */
    private boolean begin(@Nullable Runnable first) {
        return count(first) && start(first);
    }

    private boolean count(@Nullable Runnable first) {
        long now = counts.get();
        while (workers(now) < mostThreads()
                && (first == null ? now < STOPPED && waiting(now) > 0 : isRunning(now))) {
            long found = counts.compareAndExchange(now, now + WORKER);
            if (found == now) {
                return true;
            }
            now = found;
        }
        return false;
    }

    private boolean start(@Nullable Runnable first) {
        boolean started = false;
        Thread thread = factory.newThread(() -> work(first));
        try {
            if (workers(counts.get()) <= mostThreads()) { // what was overdue may be over by now
                live.add(thread);
                thread.start();
                started = true;
            }
        } finally {
            if (!started) { // or the system has no more threads
                live.remove(thread);
                leave();
            }
        }
        return started;
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
        boolean counted = count(null);
        if (counted) {
            live.add(Thread.currentThread());
        }
        return counted;
    }

    private void leave() {
        long left = counts.addAndGet(-WORKER);
        if (workers(left) > 0 && !isRunning(left)) {
            queue.add(Signal.WAKE); // from one to the next
        }
        if (isOver(left)) {
            terminated.countDown();
        }
    }

    /** Null if this thread is one too many, had nothing to do for long, or all is over. */
    private @Nullable Runnable next() {
        while (!isStopped() && workers(counts.get()) <= mostThreads()) {
            Runnable task;
            try {
                task = isRunning(counts.get()) ? queue.poll(IDLE_SECONDS, TimeUnit.SECONDS) : queue.poll();
            } catch (InterruptedException _) {
                continue; // it was meant for the task before, or this is the end: the state tells
            }
            if (!(task instanceof Signal)) {
                if (task != null) {
                    lowerWaiting();
                }
                return task;
            }
        }
        return null;
    }

    private void run(Runnable task) {
        Thread thread = Thread.currentThread();
        try (var _ = overtime.begin(this::beginIfOneWaits)) {
            Thread.interrupted(); // whatever was meant for the task before
            if (isStopped()) {
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
        return workers(counts.get());
    }

    /** Takes no more tasks, and ends when those that it has are done. */
    @Override
    public void shutdown() {
        end(ENDING);
        queue.add(Signal.WAKE);
    }

    /**
     * Takes no more tasks, interrupts those that run, and does none of those that wait.
     *
     * @return those that waited
     */
    @Override
    public List<Runnable> shutdownNow() {
        end(STOPPED);
        var dropped = new ArrayList<Runnable>();
        for (Runnable task = queue.poll(); task != null; task = queue.poll()) {
            if (!(task instanceof Signal)) {
                lowerWaiting();
                dropped.add(task);
            }
        }
        live.forEach(Thread::interrupt);
        return dropped;
    }

    private void end(long state) {
        long now = counts.updateAndGet(was -> was >= state ? was : (was & (ENDING - 1)) | state);
        if (isOver(now)) {
            terminated.countDown();
        }
    }

    @Override
    public boolean isShutdown() {
        return !isRunning(counts.get());
    }

    @Override
    public boolean isTerminated() {
        return terminated.getCount() == 0;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return terminated.await(timeout, unit);
    }
}
