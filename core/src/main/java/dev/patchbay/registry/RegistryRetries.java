package dev.patchbay.registry;

import java.time.Duration;

/**
 * When and how often something is tried again. The pause doubles from {@code firstPause} to {@code longestPause}; a
 * random half of it is left out, so that clients that failed together do not come back together.
 *
 * @param attempts how often in a row something is tried, the first time included; at least 1. A blob that came further
 *     begins to count anew, {@value #RESUMES_PER_ATTEMPT} times as often in all
 * @param firstPause after the first failure; positive
 * @param longestPause between two attempts; not shorter than the first
 * @param longestWait how long a registry may ask us to wait ({@code Retry-After}); if it asks for more, that is the end
 */
public record RegistryRetries(int attempts, Duration firstPause, Duration longestPause,
        Duration longestWait) {
    /** Five attempts as containerd, within about 4 s; a registry may ask for a minute. */
    public static final RegistryRetries DEFAULT = new RegistryRetries(5, Duration.ofMillis(250),
            Duration.ofSeconds(10), Duration.ofSeconds(60));

    static final int RESUMES_PER_ATTEMPT = 20;

    /** Checks. @throws IllegalArgumentException if a value is out of its range */
    public RegistryRetries {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be at least 1, not " + attempts);
        }
        if (!firstPause.isPositive() || longestPause.compareTo(firstPause) < 0
                || longestWait.isNegative()) {
            throw new IllegalArgumentException("pauses must be positive and grow: " + firstPause + ", "
                    + longestPause + ", " + longestWait);
        }
    }
}
