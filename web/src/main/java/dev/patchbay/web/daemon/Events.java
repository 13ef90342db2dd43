package dev.patchbay.web.daemon;

import java.time.Duration;

/**
 * What the user says about events.
 *
 * @param durability what keeps them
 * @param maxCount how many are kept at most
 * @param maxAge how old they may become
 * @param maxBytes how much room they may take
 * @param heartbeat how often quiet subscribers are pinged
 * @param slowTimeout how long a subscriber may take nothing
 */
record Events(Durability durability, long maxCount, Duration maxAge, long maxBytes, Duration heartbeat,
        Duration slowTimeout) {
    static final long DEFAULT_MAX_COUNT = 1_000_000;
    static final long DEFAULT_MAX_AGE_HOURS = 30 * 24;
    static final long DEFAULT_MAX_BYTES = 512L << 20;

    /** What keeps events, and so what loses them. */
    enum Durability {
        /** The process. */
        MEMORY,
        /** A file, which loses its end when the power goes, perhaps. */
        BATCH,
        /** A file that loses nothing. */
        SYNC
    }
}
