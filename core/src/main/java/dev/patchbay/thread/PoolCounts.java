package dev.patchbay.thread;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The state of a pool, how many threads it has, and how many tasks wait in it: one number, so that each step sees all of them.
 * Takes no lock.
 *
 * <p><b>States:</b> {@code RUNNING}, then {@code ENDING} (nothing new; what waits is done) or {@code STOPPED} (what waits is
 * dropped). It is over when both counts are 0 after that.
 */
final class PoolCounts {
    private static final int QUEUED_TASKS = 100_000;

    // What the number is made of: workers in the lower half, what waits above them, and then the state.
    private static final long WORKER = 1;
    private static final long WAITING = 1L << 32;
    private static final long ENDING = 1L << 61;
    private static final long STOPPED = 1L << 62;

    private final AtomicLong counts = new AtomicLong();
    private final CountDownLatch over = new CountDownLatch(1);

    private static boolean isRunning(long counts) {
        return counts < ENDING;
    }

    private static int waiting(long counts) {
        return (int) ((counts & (ENDING - 1)) >>> 32);
    }

    private static int workers(long counts) {
        return (int) counts;
    }

    boolean isRunning() {
        return isRunning(counts.get());
    }

    boolean isStopped() {
        return counts.get() >= STOPPED;
    }

    int workers() {
        return workers(counts.get());
    }

    boolean oneWaits() {
        return waiting(counts.get()) > 0;
    }

    /** One more task is about to wait. @throws RejectedExecutionException if it may not */
    void addWaiting() {
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

    /** One has left the queue. */
    void removeWaiting() {
        look(counts.addAndGet(-WAITING));
    }

    /** One more thread is about to be, for a new task. False if there are so many already, or nothing new is taken. */
    boolean addWorker(int most) {
        return addWorker(most, false);
    }

    /** The same for a task that waits. False if there is none, or what waits is dropped. */
    boolean addWorkerForOneThatWaits(int most) {
        return addWorker(most, true);
    }

    private boolean addWorker(int most, boolean forOneThatWaits) {
        long now = counts.get();
        while (workers(now) < most
                && (forOneThatWaits ? now < STOPPED && waiting(now) > 0 : isRunning(now))) {
            long found = counts.compareAndExchange(now, now + WORKER);
            if (found == now) {
                return true;
            }
            now = found;
        }
        return false;
    }

    /** A thread takes no more tasks. Answers whether there are others who have to hear of an end. */
    boolean removeWorker() {
        long left = counts.addAndGet(-WORKER);
        look(left);
        return workers(left) > 0 && !isRunning(left);
    }

    /** Nothing new is taken. */
    void end() {
        end(ENDING);
    }

    /** What waits is dropped as well. */
    void stop() {
        end(STOPPED);
    }

    private void end(long state) {
        look(counts.updateAndGet(was -> was >= state ? was : (was & (ENDING - 1)) | state));
    }

    private void look(long now) {
        if (now == ENDING || now == STOPPED) {
            over.countDown();
        }
    }

    boolean isOver() {
        return over.getCount() == 0;
    }

    boolean awaitOver(long timeout, TimeUnit unit) throws InterruptedException {
        return over.await(timeout, unit);
    }
}
