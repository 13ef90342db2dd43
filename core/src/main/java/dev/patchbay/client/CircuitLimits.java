package dev.patchbay.client;

import java.time.Duration;

/**
 * When a plugin is left alone.
 *
 * @param failures how many of the last calls must have got no answer; positive
 * @param window how many of the last calls are looked at; not fewer, at most {@value #WIDEST}
 * @param pause how long it is left alone before one call tries; positive
 * @param patience how long a call must have been with the plugin, without an answer, for giving it up to count as a failure:
 *     a caller with a time limit of its own cancels; not negative
 */
public record CircuitLimits(int failures, int window, Duration pause, Duration patience) {
    /** How many calls can be looked at. */
    public static final int WIDEST = 64;
    /** Callers that give a call up sooner may have reasons of their own. */
    public static final Duration PATIENCE = Duration.ofSeconds(5);
    /** Ten of twenty; then a call every ten seconds until one is answered. */
    public static final CircuitLimits DEFAULT = new CircuitLimits(10, 20, Duration.ofSeconds(10));

    /** Checks. @throws IllegalArgumentException if a value is out of its range */
    public CircuitLimits {
        if (failures < 1 || window < failures || window > WIDEST || !pause.isPositive()
                || patience.isNegative()) {
            throw new IllegalArgumentException("a circuit breaker looks at some failures within 1 to "
                    + WIDEST + " calls, and waits: " + failures + ", " + window + ", " + pause + ", "
                    + patience);
        }
    }

    /** With the patience of the default. @throws IllegalArgumentException if a value is out of its range */
    public CircuitLimits(int failures, int window, Duration pause) {
        this(failures, window, pause, PATIENCE);
    }

    long pauseNanos() {
        return CallClock.nanos(pause);
    }

    long patienceNanos() {
        return CallClock.nanos(patience);
    }

    /** Whether outcomes, the newest as the lowest bit and failures as ones, are too bad. */
    boolean tooBad(long outcomes) {
        long mask = window == WIDEST ? -1L : (1L << window) - 1;
        return Long.bitCount(outcomes & mask) >= failures;
    }
}
