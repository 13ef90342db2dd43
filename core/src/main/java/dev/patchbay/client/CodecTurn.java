package dev.patchbay.client;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.scheduler.Scheduler;

/**
 * One plugin's turn with the threads that read and write JSON: of its pieces of work, one at a time is with them, so that
 * those of other plugins wait for one and not for all. Each call has at most one piece here, which is {@link #withdraw taken
 * away} when the call is over, so there are never more than there may be calls.
 */
final class CodecTurn {
    private final Scheduler threads;
    private final Queue<Work> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger places = new AtomicInteger(); // of those that wait, work, or were taken away

    /** A piece of work. */
    interface Work {
        /** Does it. Throws nothing. */
        void work();

        /** There is nobody to do it. */
        void refused(RejectedExecutionException reason);
    }

    CodecTurn(Scheduler threads) {
        this.threads = threads;
    }

    /** Has a piece of work done, or refused. */
    void offer(Work work) {
        waiting.add(work);
        if (places.getAndIncrement() == 0) {
            next();
        }
    }

    /** Takes a piece of work away, if it has not begun. */
    void withdraw(Work work) {
        waiting.remove(work);
    }

    private void next() {
        try {
            var _ = threads.schedule(this::workOnce);
        } catch (RejectedExecutionException e) {
            do {
                Work work = waiting.poll();
                if (work != null) {
                    work.refused(e);
                }
            } while (places.decrementAndGet() > 0);
        }
    }

    private void workOnce() {
        Work work = waiting.poll();
        if (work != null) {
            work.work();
        }
        if (places.decrementAndGet() > 0) {
            next(); // behind what other plugins have
        }
    }
}
