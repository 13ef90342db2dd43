package dev.patchbay.benchmarks.docker;

import dev.patchbay.benchmarks.measure.Timings;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One median to another, and how far chance may have moved it.
 *
 * @param value the median of the first to that of the second
 * @param low where the interval begins that holds the ratio with 95 %
 * @param high where it ends
 */
record Ratio(double value, double low, double high) {
    private static final int RESAMPLES = 2000;
    private static final double TAIL = 0.025;
    private static final long SEED = 42;

    /**
     * Compares figures that were taken in turn. The interval is a percentile bootstrap: rounds are drawn with replacement,
     * each with both of its figures, so that what hit a whole round does not pass for a difference. The same figures give
     * the same interval.
     *
     * @throws IllegalArgumentException if they were not taken in the same rounds, or not at all
     */
    static Ratio of(List<Double> ours, List<Double> theirs) {
        if (ours.size() != theirs.size()) {
            throw new IllegalArgumentException(
                    ours.size() + " figures cannot be compared with " + theirs.size());
        }
        var random = new SplittableRandom(SEED);
        var drawn = new ArrayList<Double>();
        for (int resample = 0; resample < RESAMPLES; resample++) {
            int[] rounds = random.ints(ours.size(), 0, ours.size()).toArray();
            drawn.add(median(pick(ours, rounds)) / median(pick(theirs, rounds)));
        }
        var spread = new Timings(drawn);
        return new Ratio(median(ours) / median(theirs), spread.quantile(TAIL), spread.quantile(1 - TAIL));
    }

    private static List<Double> pick(List<Double> figures, int[] rounds) {
        var picked = new ArrayList<Double>();
        for (int round : rounds) {
            picked.add(figures.get(round));
        }
        return picked;
    }

    private static double median(List<Double> figures) {
        return new Timings(figures).median();
    }

    /** Whether chance may decide if this is below a limit. */
    boolean isOpen(double limit) {
        return low <= limit && limit < high;
    }
}
