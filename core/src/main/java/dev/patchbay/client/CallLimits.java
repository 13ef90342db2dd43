package dev.patchbay.client;

import java.time.Duration;

/**
 * How much may be asked of one plugin at a time; what goes beyond is refused at once.
 *
 * @param connections calls on their way, each with a connection to itself; positive. As many that are idle there may be for
 *     each event loop, for a moment
 * @param waiting calls that wait for a connection; not negative
 * @param streams answers that are streams, each on a connection of its own; not negative
 * @param keepIdle how long a connection is kept that nobody uses; from 1 ms to an hour. Shorter than the plugin keeps it: a
 *     call on a connection that the plugin is about to close fails, and is made again only if it is repeatable
 */
public record CallLimits(int connections, int waiting, int streams, Duration keepIdle) {
    private static final Duration SHORTEST_IDLE = Duration.ofMillis(1);
    private static final Duration LONGEST_IDLE = Duration.ofHours(1);

    /** Less than what servers are known to keep an idle connection for: gunicorn 2 s, Node 5 s. */
    public static final Duration KEEP_IDLE = Duration.ofSeconds(1);
    /**
     * Enough for a busy volume driver. A plugin that serves fewer at a time lets them wait in its socket; if that is full,
     * they come again in a moment, until their time is up.
     */
    public static final CallLimits DEFAULT = new CallLimits(32, 256, 64);

    /** Checks. @throws IllegalArgumentException if a value is out of its range */
    public CallLimits {
        if (connections < 1 || waiting < 0 || streams < 0) {
            throw new IllegalArgumentException("limits of calls must be positive: " + connections + ", "
                    + waiting + ", " + streams);
        }
        if (keepIdle.compareTo(SHORTEST_IDLE) < 0 || keepIdle.compareTo(LONGEST_IDLE) > 0) {
            throw new IllegalArgumentException("keepIdle must be from 1 ms to 1 h, not " + keepIdle);
        }
    }

    /** With idle connections as by default. @throws IllegalArgumentException if a value is out of its range */
    public CallLimits(int connections, int waiting, int streams) {
        this(connections, waiting, streams, KEEP_IDLE);
    }

    /** How many calls there may be in all. */
    int calls() {
        return connections + waiting;
    }
}
