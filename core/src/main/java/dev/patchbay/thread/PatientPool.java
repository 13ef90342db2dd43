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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
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
 * <p><b>Invariants:</b> {@code workers} counts threads from before they start until they have taken their last task;
 * {@code waiting} is raised before a task joins the queue and lowered after it has left. Whoever raises one of them looks
 * at the state afterwards, and whoever changes the state looks at both afterwards: so no task is accepted by a pool that
 * has ended, and none is left in the queue without a thread to come.
 */
public final class PatientPool extends AbstractExecutorService {
    private static final int QUEUED_TASKS = 100_000;
    private static final int IDLE_SECONDS = 60;

    private final int threads;
    private final int mostOverdue;
    private final Duration patience;
    private final Alarm alarm;
    private final ThreadFactory factory;
    private final LinkedTransferQueue<Runnable> queue = new LinkedTransferQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger workers = new AtomicInteger();
    private final AtomicInteger overdue = new AtomicInteger();
    private final Set<Thread> live = ConcurrentHashMap.newKeySet();
    private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
    private final CountDownLatch terminated = new CountDownLatch(1);

    /** Runs a task after a delay, on any thread. */
    @FunctionalInterface
    public interface Alarm {
        /** Disposing takes it back. */
        Disposable after(Duration delay, Runnable task);
    }

    private enum State {
        RUNNING, ENDING, STOPPED
    }

    /** Wakes who waits for work. */
    private enum Signal implements Runnable {
        WAKE;

        @Override
        public void run() {
            // there is nothing to do but to look around
        }
    }

    private enum Course {
        IN_TIME, OVERDUE, OVER
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
        this.threads = threads;
        this.mostOverdue = mostOverdue;
        this.patience = patience;
        this.alarm = alarm;
        this.factory = Thread.ofPlatform().daemon().name(name + "-", 1).factory();
    }

    /**
     * Has a task done, by the first thread that has time for it. Takes no lock.
     *
     * @throws RejectedExecutionException if the pool has ended, or very many tasks wait already
     */
    @Override
    public void execute(Runnable task) {
        if (queue.hasWaitingConsumer() || !begin(task)) {
            enqueue(task);
        }
    }

    private void enqueue(Runnable task) {
        if (waiting.incrementAndGet() > QUEUED_TASKS) {
            waiting.decrementAndGet();
            throw new RejectedExecutionException(QUEUED_TASKS + " tasks wait already");
        }
        queue.add(task);
        if (state.get() != State.RUNNING && queue.remove(task)) {
            waiting.decrementAndGet();
            endIfOver();
            throw new RejectedExecutionException("these threads have ended");
        }
        beginIfOneWaits();
    }

    private void beginIfOneWaits() {
        if (waiting.get() > 0 && !queue.isEmpty()) {
            begin(null);
        }
    }

    /** Starts one more thread, with its first task if there is one, unless there are enough or all is over. */
    private boolean begin(@Nullable Runnable first) {
        if (!raise(workers, mostThreads())) {
            return false;
        }
        State now = state.get();
        if (now == State.STOPPED || (now == State.ENDING && first != null)) {
            leave();
            return false;
        }
        Thread thread = factory.newThread(() -> work(first));
        live.add(thread);
        boolean started = false;
        try {
            thread.start();
            started = true;
        } finally {
            if (!started) { // the system has no more threads
                live.remove(thread);
                leave();
            }
        }
        return true;
    }

    private static boolean raise(AtomicInteger count, int most) {
        int now = count.get();
        while (now < most) {
            int found = count.compareAndExchange(now, now + 1);
            if (found == now) {
                return true;
            }
            now = found;
        }
        return false;
    }

    private void work(@Nullable Runnable first) {
        try {
            Runnable task = first == null ? next() : first;
            while (task != null) {
                run(task);
                task = next();
            }
        } finally {
            live.remove(Thread.currentThread());
            leave();
            beginIfOneWaits(); // it came while this one thought that nothing would
        }
    }

    private void leave() {
        if (workers.decrementAndGet() > 0 && state.get() == State.ENDING) {
            queue.add(Signal.WAKE); // from one to the next
        }
        endIfOver();
    }

    private void endIfOver() {
        if (state.get() != State.RUNNING && workers.get() == 0 && waiting.get() == 0) {
            terminated.countDown();
        }
    }

    /** Null if this thread is one too many, had nothing to do for long, or all is over. */
    private @Nullable Runnable next() {
        while (state.get() != State.STOPPED && workers.get() <= mostThreads()) {
            Runnable task;
            try {
                task = state.get() == State.ENDING
                        ? queue.poll()
                        : queue.poll(IDLE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException _) {
                continue; // it was meant for the task before, or this is the end: the state tells
            }
            if (!(task instanceof Signal)) {
                if (task != null) {
                    waiting.decrementAndGet();
                }
                return task;
            }
        }
        return null;
    }

    private void run(Runnable task) {
        var course = new AtomicReference<>(Course.IN_TIME);
        Disposable timer = alarm.after(patience, () -> tooLong(course));
        Thread thread = Thread.currentThread();
        Thread.interrupted(); // whatever was meant for the task before
        if (state.get() == State.STOPPED) {
            thread.interrupt();
        }
        try {
            task.run();
        } catch (Throwable e) { // as any executor's thread does with what a task lets go
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        } finally {
            timer.dispose();
            if (course.getAndSet(Course.OVER) == Course.OVERDUE) {
                overdue.decrementAndGet();
            }
        }
    }

    private void tooLong(AtomicReference<Course> course) {
        if (raise(overdue, mostOverdue)) {
            if (course.compareAndSet(Course.IN_TIME, Course.OVERDUE)) {
                beginIfOneWaits();
            } else {
                overdue.decrementAndGet();
            }
        }
    }

    /** How many threads there may be at most, as things are. */
    int mostThreads() {
        return threads + overdue.get();
    }

    /** How many threads there are. */
    int threads() {
        return workers.get();
    }

    /** Takes no more tasks, and ends when those that it has are done. */
    @Override
    public void shutdown() {
        state.compareAndSet(State.RUNNING, State.ENDING);
        queue.add(Signal.WAKE);
        endIfOver();
    }

    /**
     * Takes no more tasks, interrupts those that run, and does none of those that wait.
     *
     * @return those that waited
     */
    @Override
    public List<Runnable> shutdownNow() {
        state.set(State.STOPPED);
        var dropped = new ArrayList<Runnable>();
        for (Runnable task = queue.poll(); task != null; task = queue.poll()) {
            if (!(task instanceof Signal)) {
                waiting.decrementAndGet();
                dropped.add(task);
            }
        }
        live.forEach(Thread::interrupt);
        endIfOver();
        return dropped;
    }

    @Override
    public boolean isShutdown() {
        return state.get() != State.RUNNING;
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
