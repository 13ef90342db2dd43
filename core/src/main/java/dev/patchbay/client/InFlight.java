package dev.patchbay.client;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The exchanges of one client that are under way: ends those that are too late, and all of them when the client ends.
 *
 * <p>A timer for each exchange would cost more than the exchange: one timer is set for the earliest deadline, and looks
 * through all of them when it fires. Invariants: whoever is in the set and not late has {@code wakeAt} at or before its
 * deadline, or an {@link #look} yet to begin; who enters after the end stops at once. A timer that an earlier one overtook
 * does nothing when it fires, so that only one sets the next.
 */
final class InFlight {
    private static final long NEVER = Long.MAX_VALUE;

    private final Set<Exchange> exchanges = ConcurrentHashMap.newKeySet();
    private final AtomicLong wakeAt = new AtomicLong(NEVER);
    private final CallClock clock;
    private volatile boolean ended;

    InFlight(CallClock clock) {
        this.clock = clock;
    }

    /** Watches an exchange until it {@link #leave leaves}. One that comes too late is stopped. */
    void enter(Exchange exchange) {
        exchanges.add(exchange);
        if (ended) {
            exchange.end();
        } else {
            wakeBy(exchange.deadlineNanos());
        }
    }

    void leave(Exchange exchange) {
        exchanges.remove(exchange);
    }

    /** Lets nothing in any more. */
    void refuse() {
        ended = true;
    }

    /** Stops all that is under way, and whatever enters later. */
    void end() {
        refuse();
        exchanges.forEach(Exchange::endUnsent); // first: they would get the connections of the others
        exchanges.forEach(Exchange::end);
    }

    boolean hasEnded() {
        return ended;
    }

    /** How many are under way. */
    int size() {
        return exchanges.size();
    }

    private void wakeBy(long nanos) {
        long before = wakeAt.getAndAccumulate(nanos, Math::min);
        if (nanos >= before) {
            return;
        }
        try {
            var _ = clock.scheduler()
                    .schedule(() -> look(nanos), Math.max(0, nanos - clock.nanos()), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException _) {
            // The timer ends after all clients have: this one has stopped what there was.
        }
    }

    private void look(long at) {
        if (!wakeAt.compareAndSet(at, NEVER)) {
            return;
        }
        long now = clock.nanos();
        long earliest = NEVER;
        for (Exchange exchange : exchanges) {
            long deadline = exchange.deadlineNanos();
            if (deadline <= now) {
                exchange.timeOut();
            } else {
                earliest = Math.min(earliest, deadline);
            }
        }
        if (earliest != NEVER) {
            wakeBy(earliest);
        }
    }
}
