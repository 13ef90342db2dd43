package dev.patchbay.benchmarks.measure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.HdrHistogram.AbstractHistogram;

/**
 * What was measured of one thing.
 *
 * @param values in the order in which they were taken; those of a histogram rise
 * @param counts how often each was seen; empty if each was once
 */
public record Samples(List<Double> values, List<Long> counts) {
    /** As many values as one series may have. */
    public static final int MOST = 1_000_000;

    /** Copies and checks. @throws IllegalArgumentException if there are none, too many, or no numbers among them */
    public Samples {
        values = List.copyOf(values);
        counts = List.copyOf(counts);
        if (values.isEmpty() || values.size() > MOST) {
            throw new IllegalArgumentException(
                    "a series has 1 to " + MOST + " samples, not " + values.size());
        }
        if (!counts.isEmpty() && counts.size() != values.size()) {
            throw new IllegalArgumentException(
                    counts.size() + " counts for " + values.size() + " values");
        }
        if (values.stream().anyMatch(value -> !Double.isFinite(value))
                || counts.stream().anyMatch(count -> count < 1)) {
            throw new IllegalArgumentException("a sample is a number that was seen at least once");
        }
    }

    /** Values that were each seen once. */
    public static Samples of(List<Double> values) {
        return new Samples(values, List.of());
    }

    /**
     * What a histogram has counted.
     *
     * @param perUnit how many of what it counts make one of the series' unit: 1e6 if nanoseconds are to be milliseconds
     */
    public static Samples of(AbstractHistogram histogram, double perUnit) {
        var values = new ArrayList<Double>();
        var counts = new ArrayList<Long>();
        histogram.recordedValues().forEach(recorded -> {
            values.add(recorded.getValueIteratedTo() / perUnit);
            counts.add(recorded.getCountAtValueIteratedTo());
        });
        return new Samples(values, counts);
    }

    /** How many there are, each as often as it was seen. */
    public long count() {
        return counts.isEmpty() ? values.size() : counts.stream().mapToLong(Long::longValue).sum();
    }

    /** The middle one; the mean of the middle two if there is none. */
    public double median() {
        long all = count();
        Samples sorted = sorted();
        return (sorted.at((all - 1) / 2) + sorted.at(all / 2)) / 2;
    }

    /** The one that a share of all, 0 to 1, does not pass. */
    public double quantile(double share) {
        return sorted().at(Math.round(share * (count() - 1)));
    }

    /** The same ones, from the smallest to the largest. */
    public Samples sorted() {
        List<Integer> order = IntStream.range(0, values.size())
                .boxed()
                .sorted(Comparator.comparing(values::get))
                .toList();
        return new Samples(order.stream().map(values::get).toList(),
                counts.isEmpty() ? counts : order.stream().map(counts::get).toList());
    }

    /** The one at a rank, from 0 on, of samples that are sorted. */
    private double at(long rank) {
        if (counts.isEmpty()) {
            return values.get(Math.toIntExact(rank));
        }
        long passed = 0;
        for (int i = 0; i < values.size(); i++) {
            passed += counts.get(i);
            if (passed > rank) {
                return values.get(i);
            }
        }
        throw new IllegalArgumentException("no sample has rank " + rank);
    }
}
