package dev.patchbay.metrics;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** How often something was done, and how long that took in all. Thread-safe, and never waits. */
public final class Timing {
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final LongAdder count = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    /** It was done once more. */
    public void add(long durationNanos) {
        nanos.add(Math.max(0, durationNanos)); // wall clocks go back
        count.increment();
    }

    /** All of it until now. */
    public Reading read(Metric metric, String... tags) {
        return new Reading(metric, List.of(tags), nanos.sum() / NANOS_PER_SECOND, count.sum());
    }
}
