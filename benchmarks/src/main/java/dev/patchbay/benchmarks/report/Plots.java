package dev.patchbay.benchmarks.report;

import dev.patchbay.benchmarks.measure.Samples;
import dev.patchbay.benchmarks.measure.Series;
import dev.patchbay.benchmarks.measure.Unit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * The plots of a run: points of curves over what was varied; series of many samples as curves of percentiles, as
 * HdrHistogram shows them; those of few samples as one dot each.
 */
final class Plots {
    /** From so many samples on, percentiles say more than dots. */
    private static final int MANY = 40;

    private static final int BOTTOM = 300;
    private static final int ROW = 26;
    private static final double[] SHARES = {0, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999};
    private static final int STEPS = 160;

    private Plots() {}

    /** All of them, as figures of a page. */
    static List<String> of(List<Series> all) {
        var figures = new ArrayList<String>();
        groups(all.stream().filter(it -> it.along().isPresent()).toList(), Plots::curve)
                .forEach((_, points) -> drawings(points).forEach(lines -> figures.add(curves(lines))));
        List<Series> others = all.stream().filter(it -> it.along().isEmpty()).toList();
        groups(others.stream().filter(it -> it.samples().count() >= MANY).toList(), Series::unit)
                .forEach((unit, series) -> chunks(series)
                        .forEach(some -> figures.add(percentiles(unit, some))));
        groups(others.stream().filter(it -> it.samples().count() < MANY).toList(), Series::unit)
                .forEach((unit, series) -> chunks(series).forEach(some -> figures.add(dots(unit, some))));
        return figures;
    }

    private static <K> Map<K, List<Series>> groups(List<Series> all, Function<Series, K> by) {
        return all.stream().collect(Collectors.groupingBy(by, LinkedHashMap::new, Collectors.toList()));
    }

    private record Curve(String parameter, Unit unit) {}

    private static Curve curve(Series point) {
        return new Curve(along(point).parameter(), point.unit());
    }

    private static Series.Along along(Series point) {
        return point.along().orElseThrow();
    }

    /** Lines of the same thing, such as {@code list: patchbay} and {@code list: dockerd}, on the same drawing. */
    private static List<List<List<Series>>> drawings(List<Series> points) {
        Map<String, List<List<Series>>> things = groups(points, point -> along(point).line()).values()
                .stream()
                .collect(Collectors.groupingBy(
                        line -> along(line.getFirst()).line().replaceFirst(": [^:]*$", ""),
                        LinkedHashMap::new, Collectors.toList()));
        var drawings = new ArrayList<List<List<Series>>>();
        for (List<List<Series>> thing : things.values()) {
            if (drawings.isEmpty() || drawings.getLast().size() + thing.size() > Chart.COLOURS) {
                chunks(thing).forEach(some -> drawings.add(new ArrayList<>(some)));
            } else {
                drawings.getLast().addAll(thing);
            }
        }
        return drawings;
    }

    /** As many in each as there are colours. */
    private static <T> List<List<T>> chunks(List<T> all) {
        var chunks = new ArrayList<List<T>>();
        for (int from = 0; from < all.size(); from += Chart.COLOURS) {
            chunks.add(all.subList(from, Math.min(all.size(), from + Chart.COLOURS)));
        }
        return chunks;
    }

    /** Medians over what was varied, with lines from p5 to p95. */
    private static String curves(List<List<Series>> lines) {
        List<Series> points = lines.stream().flatMap(List::stream).toList();
        Curve what = curve(points.getFirst());
        Axis x = Axis.over(points.stream().mapToDouble(point -> along(point).value()), Chart.LEFT,
                Chart.RIGHT);
        Axis y = Axis.over(points.stream().flatMapToDouble(point -> spread(point.samples())), BOTTOM,
                Chart.TOP);
        var chart = new Chart(what.unit().name() + " over " + what.parameter(), BOTTOM)
                .up(y, what.unit().name())
                .along(x, what.parameter());
        int colour = 0;
        for (List<Series> line : lines) {
            line(chart, colour++, line, x, y);
        }
        return chart.legend(lines.stream().map(line -> along(line.getFirst()).line()).toList()).toString();
    }

    private static void line(Chart chart, int colour, List<Series> line, Axis x, Axis y) {
        var path = new ArrayList<double[]>();
        line.stream().sorted(Comparator.comparingDouble(point -> along(point).value())).forEach(point -> {
            Samples samples = point.samples();
            double at = x.at(along(point).value());
            chart.line("spread c" + colour, at, y.at(samples.quantile(0.05)), at,
                    y.at(samples.quantile(0.95)));
            chart.dot(colour, at, y.at(samples.median()), 3.5,
                    point.name() + ": " + Axis.text(samples.median()) + " " + point.unit().name());
            path.add(new double[]{at, y.at(samples.median())});
        });
        chart.path(colour, path);
    }

    private static DoubleStream spread(Samples samples) {
        return DoubleStream.of(samples.quantile(0.05), samples.median(), samples.quantile(0.95));
    }

    /** Which value is not passed by which share, where each step to the right leaves a tenth of the rest. */
    private static String percentiles(Unit unit, List<Series> all) {
        Axis y = Axis.over(all.stream()
                .flatMap(it -> it.samples().values().stream())
                .mapToDouble(Double::doubleValue), BOTTOM, Chart.TOP);
        long most = all.stream().mapToLong(it -> it.samples().count()).max().orElse(1);
        double rarest = Math.min((double) most, 1e5);
        Axis x = new Axis(1, rarest, true, Chart.LEFT, Chart.RIGHT);
        var chart = new Chart("percentiles, " + unit.name(), BOTTOM).up(y, unit.name());
        for (double share : SHARES) {
            if (1 / (1 - share) <= rarest) {
                chart.tickAlong(x.at(1 / (1 - share)), Axis.text(share * 100) + " %");
            }
        }
        chart.label("share of the samples that are not above");
        int colour = 0;
        for (Series series : all) {
            Samples sorted = series.samples().sorted();
            double last = Math.min((double) sorted.count(), rarest);
            var path = new ArrayList<double[]>();
            for (int step = 0; step <= STEPS; step++) {
                double rarity = Math.pow(last, (double) step / STEPS);
                path.add(new double[]{x.at(rarity), y.at(sorted.quantile(1 - 1 / rarity))});
            }
            chart.path(colour++, path);
        }
        return chart.legend(all.stream().map(Series::name).toList()).toString();
    }

    /** A line for each series with a dot for each sample, and a larger one for the median. */
    private static String dots(Unit unit, List<Series> all) {
        int bottom = Chart.TOP + ROW * 2 * all.size();
        Axis x = Axis.over(all.stream()
                .flatMap(it -> it.samples().values().stream())
                .mapToDouble(Double::doubleValue), Chart.LEFT, Chart.RIGHT);
        var chart = new Chart("samples, " + unit.name(), bottom).along(x, unit.name());
        for (int i = 0; i < all.size(); i++) {
            Series series = all.get(i);
            double y = Chart.TOP + ROW * (2 * i + 1.5);
            chart.text("name", Chart.LEFT, y - 14, "start", series.name() + ": "
                    + Axis.text(series.samples().median()) + " " + unit.name() + beside(series, all));
            for (double value : series.samples().values()) {
                chart.dot(i, x.at(value), y, 3, Axis.text(value) + " " + unit.name());
            }
            chart.dot(i, x.at(series.samples().median()), y, 6, "median");
        }
        return chart.toString();
    }

    private static String beside(Series series, List<Series> all) {
        Optional<Series> baseline = series.baseline()
                .flatMap(name -> all.stream().filter(it -> it.name().equals(name)).findFirst());
        return baseline
                .map(it -> ", " + Axis.text(series.samples().median() / it.samples().median()) + " times "
                        + it.name())
                .orElse("");
    }
}
