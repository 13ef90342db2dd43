package dev.patchbay.client;

import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;

/** Time, counted from when it was made, and where it fires. Whoever puts a virtual one in place decides it. */
final class CallClock {
    private final Scheduler scheduler;
    private final long origin;

    CallClock(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.origin = scheduler.now(TimeUnit.NANOSECONDS);
    }

    long nanos() {
        return scheduler.now(TimeUnit.NANOSECONDS) - origin;
    }

    /** Where pauses end and deadlines pass. */
    Scheduler scheduler() {
        return scheduler;
    }
}
