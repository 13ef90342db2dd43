package dev.patchbay.stress;

import java.time.Duration;

/**
 * How long an arbiter waits for what should come: the first time far longer than a thread needs to begin or end, afterwards hardly.
 * What fails once has failed, and thousands of rounds would take all day.
 */
public final class Patience {
    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration LATER = Duration.ofMillis(10);
    private static volatile boolean lost;

    private Patience() {}

    /** How much is left. */
    public static Duration left() {
        return lost ? LATER : FIRST;
    }

    /** Notes that something did not come. */
    public static void lose() {
        lost = true;
    }
}
