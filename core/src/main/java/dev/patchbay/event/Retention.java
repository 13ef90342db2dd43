package dev.patchbay.event;

import java.time.Duration;

/**
 * How much of the past a journal on disk keeps. Whatever is exceeded first lets the oldest events go; the newest one is
 * kept whatever it exceeds.
 *
 * @param maxEvents how many events
 * @param maxAge how long; by the clock of the machine
 * @param maxBytes how much room they take on the disk, without what is on its way there, some 16 MB at most
 */
public record Retention(long maxEvents, Duration maxAge, long maxBytes) {
    /** One million events of a quarter of a year at most, in 1 GB at most: replayed, that is seconds. */
    public static final Retention USUAL = new Retention(1_000_000, Duration.ofDays(90), 1L << 30);

    /** Less room than this is too little for the file itself. */
    public static final long LEAST_BYTES = 1L << 20;

    /** Checks all three. */
    public Retention {
        if (maxEvents < 1) {
            throw new IllegalArgumentException("a journal keeps 1 event or more, not " + maxEvents);
        }
        if (maxAge.isNegative() || maxAge.isZero()) {
            throw new IllegalArgumentException("a journal keeps events for some time, not " + maxAge);
        }
        if (maxBytes < LEAST_BYTES) {
            throw new IllegalArgumentException(
                    "a journal has " + LEAST_BYTES + " bytes or more, not " + maxBytes);
        }
    }
}
