package dev.patchbay.client;

/**
 * How much may be asked of one plugin at a time; what goes beyond is refused at once.
 *
 * @param connections for calls; positive
 * @param waiting calls that wait for a connection; not negative
 * @param streams answers that are streams, each on a connection of its own; not negative
 */
public record CallLimits(int connections, int waiting, int streams) {
    /** Enough for a busy volume driver; a plugin that serves fewer at a time lets them wait in its socket. */
    public static final CallLimits DEFAULT = new CallLimits(32, 256, 64);

    /** Checks. @throws IllegalArgumentException if a value is out of its range */
    public CallLimits {
        if (connections < 1 || waiting < 0 || streams < 0) {
            throw new IllegalArgumentException("limits of calls must be positive: " + connections + ", "
                    + waiting + ", " + streams);
        }
    }

    /** How many calls there may be in all. */
    int calls() {
        return connections + waiting;
    }
}
