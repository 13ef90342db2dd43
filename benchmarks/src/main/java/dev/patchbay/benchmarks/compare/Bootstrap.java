package dev.patchbay.benchmarks.compare;

import dev.patchbay.benchmarks.measure.Samples;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The ratio of two medians, and how far chance may have moved it: both sets of samples are drawn anew from themselves, with
 * replacement, many times; 95 of 100 of the ratios that come out lie in the interval (the percentile bootstrap; B. Efron and
 * R. Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13). Samples must be independent of each other: it knows
 * nothing of a machine that was slower for one of the two. The same samples give the same interval.
 *
 * @param ratio the median of the second by that of the first
 * @param from the interval's begin
 * @param to its end
 */
record Bootstrap(double ratio, double from, double to) {
    private static final int ROUNDS = 2000;
    private static final double LEFT_OUT = 0.025; // on each side
    private static final long SEED = 42;

    /** As many as are drawn at a time: what many samples say too much is not believed, as they seldom are independent. */
    private static final int MOST_DRAWN = 2000;

    /** Compares. @throws IllegalArgumentException if the median of the first is not above zero */
    static Bootstrap of(Samples first, Samples second) {
        if (first.median() <= 0) {
            throw new IllegalArgumentException("there is no ratio to a median of " + first.median());
        }
        var random = new SplittableRandom(SEED);
        var one = Drawn.from(first);
        var other = Drawn.from(second);
        var ratios = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            double below = one.median(random);
            ratios[round] = below > 0 ? other.median(random) / below : Double.MAX_VALUE;
        }
        Arrays.sort(ratios);
        int cut = (int) (LEFT_OUT * ROUNDS);
        return new Bootstrap(second.median() / first.median(), ratios[cut], ratios[ROUNDS - 1 - cut]);
    }

    /** Whether chance alone would hardly bring about a ratio as far from 1. */
    boolean evident() {
        return from > 1 || to < 1;
    }

    /**
     * Samples to draw from.
     *
     * @param values sorted
     * @param through how many samples there are up to each value, itself included
     */
    @SuppressWarnings("ArrayRecordComponent") // private, never compared
    private record Drawn(double[] values, long[] through) {
        static Drawn from(Samples samples) {
            Samples sorted = samples.sorted();
            double[] values = sorted.values().stream().mapToDouble(Double::doubleValue).toArray();
            long[] through = new long[values.length];
            long all = 0;
            for (int i = 0; i < values.length; i++) {
                all += sorted.counts().isEmpty() ? 1 : sorted.counts().get(i);
                through[i] = all;
            }
            return new Drawn(values, through);
        }

        /** The median of as many as there are, drawn with replacement. */
        double median(SplittableRandom random) {
            long all = through[through.length - 1];
            int draws = (int) Math.min(all, MOST_DRAWN);
            double[] drawn = new double[draws];
            for (int i = 0; i < draws; i++) {
                int found = Arrays.binarySearch(through, random.nextLong(all) + 1);
                drawn[i] = values[found >= 0 ? found : -found - 1];
            }
            Arrays.sort(drawn);
            return (drawn[(draws - 1) / 2] + drawn[draws / 2]) / 2;
        }
    }
}
