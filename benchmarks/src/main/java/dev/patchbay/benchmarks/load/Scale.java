package dev.patchbay.benchmarks.load;

import java.time.Duration;

/**
 * How much of its load a run puts on: all, or, to see that it works, a part, as the system property
 * {@value #PROPERTY} says. Figures of a part say nothing about what is promised.
 */
public final class Scale {
    private static final String PROPERTY = "patchbay.bench.part";

    private Scale() {}

    /** A part of a number, at least as much as everybody gets before the next {@code passed}, and a multiple of it. */
    public static int events(int all) {
        return Math.max(1, all / part() / Arrivals.STEP) * Arrivals.STEP;
    }

    /** A part of a number of connections. */
    public static int of(int all) {
        return Math.max(1, all / part());
    }

    /** A part of a time, at least a second. */
    public static Duration of(Duration all) {
        Duration some = all.dividedBy(part());
        return some.toSeconds() == 0 ? Duration.ofSeconds(1) : some;
    }

    /** What a reader must know; nothing if it is all. */
    public static String remark() {
        return part() == 1 ? "" : "; THIS IS A " + part() + "TH OF THE LOAD";
    }

    private static int part() {
        return Integer.getInteger(PROPERTY, 1);
    }
}
