package dev.patchbay.web.daemon;

import dev.patchbay.event.Durability;
import dev.patchbay.event.EventJournal;
import dev.patchbay.event.Retention;
import dev.patchbay.event.RingJournal;
import dev.patchbay.event.SqliteJournal;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;

/**
 * What the user says about events.
 *
 * @param keeping what keeps them
 * @param retention how much is kept
 * @param heartbeat how often quiet subscribers are pinged
 * @param slowTimeout how long a subscriber may take nothing
 */
record Events(Keeping keeping, Retention retention, Duration heartbeat, Duration slowTimeout) {
    /** The file with them, in the root. */
    static final String FILE = "events.db";

    /** More are not kept in memory. */
    private static final int MAX_IN_MEMORY = 1 << 20;

    /** What keeps events, and so what loses them. */
    enum Keeping {
        /** The process. */
        MEMORY,
        /** A file, which may lose its end when the power goes. */
        BATCH,
        /** A file that loses nothing. */
        SYNC
    }

    /** A journal that does what the user says. */
    EventJournal journal(Path root) {
        return switch (keeping) {
            case MEMORY -> new RingJournal((int) Math.min(MAX_IN_MEMORY, retention.maxEvents()),
                    Math.min(RingJournal.MAX_BYTES, retention.maxBytes()), new SecureRandom());
            case BATCH -> onDisk(root, Durability.BATCH);
            case SYNC -> onDisk(root, Durability.SYNC);
        };
    }

    private EventJournal onDisk(Path root, Durability durability) {
        var settings = new SqliteJournal.Settings(root.resolve(FILE), durability, retention);
        return new SqliteJournal(settings, new SecureRandom(), Clock.systemUTC());
    }
}
