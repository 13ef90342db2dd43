package dev.patchbay.client;

import java.time.Duration;
import java.util.Optional;

/**
 * When a call is made again. The pause doubles from {@code firstPause} to {@code longestPause}, without chance: it is one
 * plugin on this machine, and whoever calls it has its own turn.
 *
 * @param budget from the first attempt on, after which no other begins; not negative, zero for none
 * @param firstPause after the first failure; positive
 * @param longestPause between two attempts; not shorter than the first
 */
public record CallRetries(Duration budget, Duration firstPause, Duration longestPause) {
    /** As Docker: after 1, 2, 4, 8 s and so on while less than 30 s have passed. */
    public static final CallRetries DEFAULT = new CallRetries(Duration.ofSeconds(30), Duration.ofSeconds(1),
            Duration.ofSeconds(30));

    private static final int MOST_DOUBLINGS = 30;

    /** Checks. @throws IllegalArgumentException if a value is out of its range */
    public CallRetries {
        if (budget.isNegative() || !firstPause.isPositive() || longestPause.compareTo(firstPause) < 0) {
            throw new IllegalArgumentException("pauses must be positive and grow, and their budget not be "
                    + "negative: " + budget + ", " + firstPause + ", " + longestPause);
        }
    }

    /** How long to wait after so many failures, so long after the first attempt; empty if that would be too late. */
    Optional<Duration> pause(int failures, Duration elapsed) {
        long factor = 1L << Math.min(failures - 1, MOST_DOUBLINGS);
        Duration pause = firstPause.compareTo(longestPause.dividedBy(factor)) < 0
                ? firstPause.multipliedBy(factor)
                : longestPause;
        return pause.compareTo(budget.minus(elapsed)) < 0 ? Optional.of(pause) : Optional.empty();
    }
}
