package dev.patchbay.client;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;

/** Time, counted from when it was made, and where it fires. Whoever puts a virtual one in place decides it. */
final class CallClock {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final Scheduler scheduler;
    private final long origin;

    CallClock(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.origin = scheduler.now(TimeUnit.NANOSECONDS);
    }

    long nanos() {
        return scheduler.now(TimeUnit.NANOSECONDS) - origin;
    }

    /** A time as nanoseconds, those that nobody lives to see end as a hundred years: later can be added to it. */
    static long nanos(Duration time) {
        return time.compareTo(LONGEST) < 0 ? time.toNanos() : LONGEST.toNanos();
    }

    /** Where pauses end and deadlines pass. */
    Scheduler scheduler() {
        return scheduler;
    }
}
