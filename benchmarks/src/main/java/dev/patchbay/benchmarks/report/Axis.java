package dev.patchbay.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * One direction of a plot: from values to places on the paper.
 *
 * @param least the value at the begin
 * @param most the value at the end, larger
 * @param log whether each step multiplies
 * @param begin where it begins on the paper
 * @param end where it ends
 */
record Axis(double least, double most, boolean log, double begin, double end) {
    private static final double LOG_FROM = 20;
    private static final int TICKS = 6;
    private static final double ROOM = 0.05;

    /** An axis for all of these values; logarithmic if they are positive and far apart. */
    static Axis over(DoubleStream values, double begin, double end) {
        var all = values.summaryStatistics();
        double least = all.getMin();
        double most = all.getMax();
        if (least > 0 && most / least >= LOG_FROM) {
            return new Axis(least / 1.1, most * 1.1, true, begin, end);
        }
        double least0 = least > 0 && least < (most - least) * 2 ? 0 : least;
        double room = most > least0 ? (most - least0) * ROOM : Math.max(Math.abs(most) * ROOM, 1e-9);
        return new Axis(least0 == 0 ? 0 : least0 - room, most + room, false, begin, end);
    }

    /** Where a value is. */
    double at(double value) {
        double share = log
                ? (Math.log(value) - Math.log(least)) / (Math.log(most) - Math.log(least))
                : (value - least) / (most - least);
        return begin + Math.clamp(share, 0, 1) * (end - begin);
    }

    /** Round values to be written beside it. */
    List<Double> ticks() {
        return log ? powers() : steps();
    }

    private List<Double> powers() {
        var ticks = new ArrayList<Double>();
        boolean fine = most / least < 100;
        for (double power = Math.pow(10, Math.floor(Math.log10(least))); power <= most; power *= 10) {
            for (double factor : fine ? new double[]{1, 2, 5} : new double[]{1}) {
                if (power * factor >= least && power * factor <= most) {
                    ticks.add(power * factor);
                }
            }
        }
        return ticks;
    }

    private List<Double> steps() {
        double rough = (most - least) / TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = DoubleStream.of(1, 2, 5, 10)
                .map(factor -> factor * power)
                .filter(it -> it >= rough)
                .findFirst()
                .orElse(10 * power);
        var ticks = new ArrayList<Double>();
        for (long number = (long) Math.ceil(least / step); number * step <= most; number++) {
            ticks.add(number * step);
        }
        return ticks;
    }

    /** A number with as many digits as a reader needs: {@code 1.5k}, {@code 20M}, {@code 0.05}. */
    static String text(double value) {
        double size = Math.abs(value);
        if (size >= 1e9) {
            return digits(value / 1e9) + "G";
        }
        if (size >= 1e6) {
            return digits(value / 1e6) + "M";
        }
        return size >= 1e4 ? digits(value / 1e3) + "k" : digits(value);
    }

    private static String digits(double value) {
        double size = Math.abs(value);
        String text = String.format(Locale.ROOT, size >= 100 ? "%.0f" : size >= 1 ? "%.2f" : "%.4f", value);
        return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
    }
}
