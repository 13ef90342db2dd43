package dev.patchbay.benchmarks.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Measured durations of one thing, in the order in which they were taken.
 *
 * @param millis the durations, in milliseconds
 */
public record Timings(List<Double> millis) {
    private static final double NANOS_PER_MILLI = 1e6;

    /** Copies. @throws IllegalArgumentException if nothing was measured */
    public Timings {
        millis = List.copyOf(millis);
        if (millis.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured");
        }
    }

    /** Work to be timed. */
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    /** How long work takes, in milliseconds on the monotonic clock. */
    public static double millisOf(Work work) throws Exception {
        long begin = System.nanoTime();
        work.run();
        return (System.nanoTime() - begin) / NANOS_PER_MILLI;
    }

    /** How much longer each of these took than the one of the same round. */
    public Timings beyond(Timings baseline) {
        return new Timings(IntStream.range(0, millis.size())
                .mapToObj(round -> millis.get(round) - baseline.millis().get(round))
                .toList());
    }

    /** The middle one. */
    public double median() {
        List<Double> sorted = sorted();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    /** The one that a share of all, 0 to 1, does not pass. */
    public double quantile(double share) {
        List<Double> sorted = sorted();
        return sorted.get((int) Math.round(share * (sorted.size() - 1)));
    }

    /** How far the median may be off by chance, to about 95 %: the notch of a box plot, 1.57 IQR / sqrt(n). */
    public double medianError() {
        return 1.57 * (quantile(0.75) - quantile(0.25)) / Math.sqrt(millis.size());
    }

    private List<Double> sorted() {
        return millis.stream().sorted().toList();
    }

    /** Median and spread, as the cells of a table with {@link #HEADS}. */
    public List<String> cells() {
        return List.of(text(median()), text(quantile(0.05)), text(quantile(0.95)), text(quantile(0)),
                text(quantile(1)), Integer.toString(millis.size()));
    }

    /** The heads of the columns that {@link #cells} fills. */
    public static final List<String> HEADS = List.of("median ms", "p5", "p95", "min", "max", "n");

    /** Milliseconds as the tables show them. */
    public static String text(double millis) {
        return String.format(Locale.ROOT, "%.2f", millis);
    }

    /** Collects durations. */
    public static final class Builder {
        private final List<Double> taken = new ArrayList<>();

        public void add(double millis) {
            taken.add(millis);
        }

        public void add(Duration duration) {
            taken.add(duration.toNanos() / NANOS_PER_MILLI);
        }

        public Timings build() {
            return new Timings(taken);
        }
    }
}
