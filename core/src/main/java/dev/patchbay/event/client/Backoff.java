package dev.patchbay.event.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Pauses that double, each shortened by chance to as little as the half: those who lost the same daemon do not come back
 * together.
 */
record Backoff(Duration first, Duration longest, RandomGenerator random) {
    /** The pause after so many failures in a row, 1 or more. */
    Duration after(int failures) {
        long most = longest.toNanos();
        long full = first.toNanos();
        for (int i = 1; i < failures && full < most; i++) {
            full = full > most / 2 ? most : full * 2;
        }
        long half = Math.min(full, most) / 2;
        return Duration.ofNanos(half + random.nextLong(half + 1));
    }
}
