package dev.patchbay.benchmarks.docker;

import dev.patchbay.benchmarks.measure.Timings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One median to another, and how far chance may have moved it.
 *
 * @param value the median of the first to that of the second
 * @param low where the interval begins
 * @param high where it ends
 * @param interval what it holds
 */
record Ratio(double value, double low, double high, Interval interval) {
    /** With fewer rounds, even the least and the largest hold the true median with less than 95 % (1 - 2^(1 - n)). */
    static final int FEWEST = 6;

    private static final int RESAMPLES = 2000;
    private static final double TAIL = 0.025;
    private static final long SEED = 42;

    /** What an interval holds. */
    enum Interval {
        /** The true ratio, with 95 %. */
        LIKELY,

        /** The ratios of all rounds, which were too few to say more. */
        SEEN
    }

    /**
     * Compares figures that were taken in turn. The interval is a percentile bootstrap: rounds are drawn with replacement,
     * each with all of its figures of both, so that what hit a whole round does not pass for a difference, and several
     * figures of one round not for several rounds. The same figures give the same interval. Of fewer than {@value #FEWEST}
     * rounds it is the least and the largest ratio of a round.
     *
     * @param rounds in how many rounds they were taken, as many in each
     * @throws IllegalArgumentException if they were not taken in the same rounds, or not at all
     */
    static Ratio of(List<Double> ours, List<Double> theirs, int rounds) {
        if (ours.size() != theirs.size() || rounds < 1 || ours.size() % rounds != 0) {
            throw new IllegalArgumentException(ours.size() + " figures cannot be compared with "
                    + theirs.size() + ", of " + rounds + " rounds");
        }
        double ratio = median(ours) / median(theirs);
        if (rounds < FEWEST) {
            var seen = new Timings(IntStream.range(0, rounds)
                    .mapToObj(round -> ratio(ours, theirs, rounds, new int[]{round}))
                    .toList());
            return new Ratio(ratio, seen.quantile(0), seen.quantile(1), Interval.SEEN);
        }
        var random = new SplittableRandom(SEED);
        var drawn = new Timings(Stream.generate(() -> random.ints(rounds, 0, rounds).toArray())
                .limit(RESAMPLES)
                .map(some -> ratio(ours, theirs, rounds, some))
                .toList());
        return new Ratio(ratio, drawn.quantile(TAIL), drawn.quantile(1 - TAIL), Interval.LIKELY);
    }

    /** Of some rounds. */
    private static double ratio(List<Double> ours, List<Double> theirs, int rounds, int[] some) {
        int each = ours.size() / rounds;
        return median(pick(ours, each, some)) / median(pick(theirs, each, some));
    }

    private static List<Double> pick(List<Double> figures, int each, int[] rounds) {
        var picked = new ArrayList<Double>();
        for (int round : rounds) {
            picked.addAll(figures.subList(round * each, (round + 1) * each));
        }
        return picked;
    }

    private static double median(List<Double> figures) {
        return new Timings(figures).median();
    }

    /** The interval, in brackets if it is of few rounds. */
    String text() {
        String text = number(low) + ".." + number(high);
        return switch (interval) {
            case LIKELY -> text;
            case SEEN -> "(" + text + ")";
        };
    }

    /** The same in words. */
    String words() {
        return switch (interval) {
            case LIKELY -> "95 % between " + number(low) + " and " + number(high);
            case SEEN -> "its rounds between " + number(low) + " and " + number(high);
        };
    }

    /** A ratio as tables show it. */
    static String number(double ratio) {
        return String.format(Locale.ROOT, "%.3f", ratio);
    }

    /** Whether chance may decide if this is below a limit. */
    boolean isOpen(double limit) {
        return low <= limit && limit < high;
    }
}
