package dev.patchbay.client;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * So many may do something at a time; others wait, first come, first served. Each has at most one permit, or waits for one.
 * Who {@link #acquire asks} is {@link Waiting#granted told}, once, unless it {@link #withdraw withdraws} before; and whoever was
 * told {@link #release gives it back}, once.
 *
 * <p>Nobody is forgotten: who waits is in the queue before it looks for a permit, and who gives one back adds it before it
 * looks into the queue. One thread at a time hands out to those who wait, so that one who gives back at once what it got does
 * not call itself ever deeper.
 */
final class Permits {
    private final AtomicInteger free;
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger handing = new AtomicInteger(); // how often that is to be looked at

    /** Who asks. */
    interface Waiting {
        /** It has one now. Throws nothing. On the thread that asked, or on that of somebody who gave one back. */
        void granted();
    }

    Permits(int count) {
        this.free = new AtomicInteger(count);
    }

    void acquire(Waiting one) {
        if (waiting.isEmpty() && take()) {
            one.granted(); // here: it need not change its thread
        } else {
            waiting.add(one);
            handOut();
        }
    }

    /** Waits no longer. Means nothing to one that does not wait. */
    void withdraw(Waiting one) {
        waiting.remove(one);
    }

    void release() {
        free.incrementAndGet();
        if (!waiting.isEmpty()) {
            handOut();
        }
    }

    private void handOut() {
        if (handing.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            while (!waiting.isEmpty() && take()) {
                Waiting next = waiting.poll();
                if (next == null) {
                    free.incrementAndGet(); // it withdrew
                } else {
                    next.granted();
                }
            }
            seen = handing.addAndGet(-seen);
        } while (seen != 0);
    }

    private boolean take() {
        int now;
        do {
            now = free.get();
            if (now == 0) {
                return false;
            }
        } while (!free.compareAndSet(now, now - 1));
        return true;
    }
}
