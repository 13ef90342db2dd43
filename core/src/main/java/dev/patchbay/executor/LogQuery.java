package dev.patchbay.executor;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which lines of a log are wanted.
 *
 * @param tail only so many of the newest lines, 0 or more; absent means all
 * @param since only lines written at this time or later
 * @param follow whether to go on with new lines until cancelled
 */
public record LogQuery(OptionalInt tail, Optional<Instant> since, boolean follow) {
    /** Everything there is, then the end. */
    public static final LogQuery ALL = new LogQuery(OptionalInt.empty(), Optional.empty(), false);

    /** Checks the tail. */
    public LogQuery {
        if (tail.isPresent() && tail.getAsInt() < 0) {
            throw new IllegalArgumentException("tail must be 0 or more, not " + tail.getAsInt());
        }
    }
}
