package dev.patchbay.benchmarks.report;

import dev.patchbay.benchmarks.measure.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * Ratios beside what they were to be: a dot for each, a line for how far chance may have moved it, an upright mark where its
 * limit is, and a line down the whole plot at 1, where both are alike.
 */
final class RatioPlot {
    private static final String TIMES = "times";
    private static final int ROW = 40;
    private static final int NAME_ABOVE = 10;
    private static final int MARK = 8;
    private static final int GOOD = 2;
    private static final int BAD = 1;

    private RatioPlot() {}

    /**
     * One of them.
     *
     * @param name as it is to be called
     * @param verdict the ratio
     */
    record Row(String name, Verdict verdict) {}

    /** Whether a figure is a ratio that can be drawn beside others. */
    static boolean isRatio(Verdict verdict) {
        return verdict.unit().equals(TIMES) && verdict.value() > 0;
    }

    /** Draws them; empty if there are none. */
    static Optional<Chart> of(String title, List<Row> rows) {
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        int bottom = Chart.TOP + ROW * rows.size();
        Axis x = Axis.over(
                DoubleStream.concat(DoubleStream.of(1), rows.stream().flatMapToDouble(RatioPlot::values)),
                Chart.LEFT, Chart.RIGHT);
        var chart = new Chart(title, bottom).along(x, "ratio; upright marks: at most so much was wanted");
        chart.line("one", x.at(1), Chart.TOP, x.at(1), bottom);
        for (int i = 0; i < rows.size(); i++) {
            draw(chart, x, Chart.TOP + ROW * (i + 0.7), rows.get(i));
        }
        return Optional.of(chart);
    }

    private static DoubleStream values(Row row) {
        Verdict verdict = row.verdict();
        return DoubleStream.concat(DoubleStream.of(verdict.value(), verdict.limit()),
                verdict.interval().stream().flatMapToDouble(it -> DoubleStream.of(it.from(), it.to())));
    }

    private static void draw(Chart chart, Axis x, double y, Row row) {
        Verdict verdict = row.verdict();
        int colour = verdict.met() ? GOOD : BAD;
        String ratio = Axis.text(verdict.value());
        chart.text("name", Chart.LEFT, y - NAME_ABOVE, "start",
                row.name() + ": " + ratio + (verdict.met() ? "" : ", missed"));
        chart.line("limit", x.at(verdict.limit()), y - MARK, x.at(verdict.limit()), y + MARK);
        verdict.interval()
                .ifPresent(it -> chart.line("spread c" + colour, x.at(it.from()), y, x.at(it.to()), y));
        chart.dot(colour, x.at(verdict.value()), y, 5, ratio + " times");
    }
}
