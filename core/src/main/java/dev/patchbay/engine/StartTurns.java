package dev.patchbay.engine;

import dev.patchbay.engine.Limit.OverdueException;
import java.time.Duration;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Limits starts in an executor that takes a few of them at a time, in their order, and does not tell when: the time of one
 * begins anew whenever one that was ordered before it ends. So those who wait in a long queue that moves are not overdue,
 * and all are if nothing moves. A start that ends because it was overdue is no sign that anything moves.
 */
final class StartTurns {
    private final Duration limit;
    private final Scheduler timers;
    private final AtomicLong ordered = new AtomicLong();
    private final ConcurrentSkipListMap<Long, Turn> underWay = new ConcurrentSkipListMap<>();

    /** One start, and since when its time runs. */
    private static final class Turn {
        private final long number;
        private volatile long sinceNanos;
        private volatile boolean overdue;

        Turn(long number, long nowNanos) {
            this.number = number;
            this.sinceNanos = nowNanos;
        }
    }

    StartTurns(Duration limit, Scheduler timers) {
        this.limit = limit;
        this.timers = timers;
    }

    /** A start that is cancelled, and fails, when its time is over. */
    <T> Mono<T> of(Mono<T> start) {
        return Mono.using(this::begin, turn -> Mono.firstWithSignal(start, overdue(turn)), this::end);
    }

    private Turn begin() {
        var turn = new Turn(ordered.incrementAndGet(), timers.now(TimeUnit.NANOSECONDS));
        underWay.put(turn.number, turn);
        return turn;
    }

    private void end(Turn turn) {
        underWay.remove(turn.number);
        if (!turn.overdue) {
            long now = timers.now(TimeUnit.NANOSECONDS);
            underWay.tailMap(turn.number).values().forEach(later -> later.sinceNanos = now);
        }
    }

    private <T> Mono<T> overdue(Turn turn) {
        return Mono.defer(() -> {
            long left = limit.toNanos() - (timers.now(TimeUnit.NANOSECONDS) - turn.sinceNanos);
            if (left > 0) {
                return Mono.delay(Duration.ofNanos(left), timers).then(overdue(turn));
            }
            turn.overdue = true;
            return Mono.error(new OverdueException("starting its container", limit));
        });
    }
}
