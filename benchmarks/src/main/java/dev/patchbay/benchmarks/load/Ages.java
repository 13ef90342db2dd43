package dev.patchbay.benchmarks.load;

import java.util.Arrays;

/** How old things were, to a tenth of a millisecond, up to a minute; older counts as a minute. */
final class Ages {
    private static final int NANOS = 100_000;
    private static final int SLOTS = 600_000;
    private static final double PER_MILLI = 10;

    private final int[] counts = new int[SLOTS];
    private long all;

    void add(long nanos) {
        counts[Math.clamp(nanos / NANOS, 0, SLOTS - 1)]++;
        all++;
    }

    void reset() {
        Arrays.fill(counts, 0);
        all = 0;
    }

    /** What a share of all, 0 to 1, does not pass, in milliseconds; 0 if there were none. */
    double quantile(double share) {
        long wanted = (long) Math.ceil(share * all);
        long seen = 0;
        for (int slot = 0; slot < SLOTS; slot++) {
            seen += counts[slot];
            if (counts[slot] != 0 && seen >= wanted) {
                return (slot + 1) / PER_MILLI;
            }
        }
        return 0;
    }
}
