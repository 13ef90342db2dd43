package dev.patchbay.benchmarks.micro;

import dev.patchbay.benchmarks.measure.Better;
import dev.patchbay.benchmarks.measure.Remark;
import dev.patchbay.benchmarks.measure.Row;
import dev.patchbay.benchmarks.measure.Samples;
import dev.patchbay.benchmarks.measure.Series;
import dev.patchbay.benchmarks.measure.Table;
import dev.patchbay.benchmarks.measure.Unit;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;

/**
 * What came of one way of a benchmark.
 *
 * @param method the way
 * @param with what it was run with, by name
 * @param beside the method of the way that it is to be seen beside
 * @param samples the score of each iteration
 * @param unit of the scores
 */
record Score(String method, Map<String, String> with, Optional<String> beside, Samples samples, Unit unit) {
    static final List<String> HEADS = List.of("way", "median", "min", "max", "unit", "n", "times", "beside");

    private static final String THREADS = "threads";
    private static final double AHEAD = 1;

    /** Copies. */
    Score {
        with = new TreeMap<>(with);
    }

    /** The score that JMH found; with the number of threads, if it was asked with several. */
    static Score of(Class<?> benchmark, RunResult result, boolean severalThreads) {
        BenchmarkParams params = result.getParams();
        var with = new TreeMap<String, String>();
        params.getParamsKeys().forEach(key -> with.put(key, params.getParam(key)));
        if (severalThreads) {
            with.put(THREADS, Integer.toString(params.getThreads()));
        }
        String method = params.getBenchmark().substring(params.getBenchmark().lastIndexOf('.') + 1);
        String unit = result.getPrimaryResult().getScoreUnit();
        return new Score(method, with, beside(benchmark, method), samples(result),
                new Unit(unit, unit.startsWith("ops/") ? Better.HIGHER : Better.LOWER));
    }

    private static Samples samples(RunResult result) {
        return Samples.of(result.getBenchmarkResults()
                .stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .map(iteration -> iteration.getPrimaryResult().getScore())
                .toList());
    }

    private static Optional<String> beside(Class<?> benchmark, String method) {
        return Stream.of(benchmark.getMethods())
                .filter(it -> it.getName().equals(method) && it.isAnnotationPresent(Beside.class))
                .map(it -> it.getAnnotation(Beside.class).value())
                .findFirst();
    }

    /** What was promised of the ways of a class, beside what came of it. */
    static List<Remark> verdicts(Class<?> benchmark, List<Score> all) {
        var verdicts = new ArrayList<Remark>();
        for (Method method : benchmark.getMethods()) {
            Wanted wanted = method.getAnnotation(Wanted.class);
            if (wanted != null) {
                all.stream()
                        .filter(it -> it.method.equals(method.getName()) && it.hasThreads(wanted.threads()))
                        .forEach(it -> verdicts.addAll(it.verdicts(wanted, all)));
            }
        }
        return verdicts;
    }

    private boolean hasThreads(int threads) {
        return Integer.toString(threads).equals(with.get(THREADS));
    }

    private List<Remark> verdicts(Wanted wanted, List<Score> all) {
        double median = samples.median();
        var verdicts = new ArrayList<>(
                List.of(Table.verdictAtLeast(name(), median, wanted.atLeast(), unit.name())));
        other(all).ifPresent(it -> verdicts.add(Table.verdictAtLeast(name() + ", to " + it.method,
                median / it.samples.median(), AHEAD, "times")));
        return verdicts;
    }

    private Optional<Score> other(List<Score> all) {
        return beside.flatMap(
                name -> all.stream().filter(it -> it.method.equals(name) && it.isLike(this)).findFirst());
    }

    /** The row of a table, with its samples; ratios are to what is among all others. */
    Row row(List<Score> all) {
        Optional<Score> other = other(all);
        var series = Series.of(name(), unit, samples);
        var along = along();
        if (along.isPresent()) {
            series = series.along(along.get().line(), along.get().parameter(), along.get().value());
        }
        return Row
                .of(name(), text(samples.median()), text(samples.quantile(0)), text(samples.quantile(1)),
                        unit.name(),
                        Long.toString(samples.count()),
                        other.map(it -> text(samples.median() / it.samples.median())).orElse(""),
                        other.map(Score::method).orElse(""))
                .of(other.map(Score::name).map(series::beside).orElse(series));
    }

    /** Whether it was run with the same, as far as both have a choice. */
    private boolean isLike(Score other) {
        return with.entrySet()
                .stream()
                .allMatch(it -> it.getValue()
                        .equals(other.with.getOrDefault(it.getKey(),
                                it.getValue())));
    }

    private String name() {
        return with.isEmpty()
                ? method
                : method + ", " + with.entrySet()
                        .stream()
                        .map(it -> it.getKey() + " " + it.getValue())
                        .collect(Collectors.joining(", "));
    }

    /** Its place on a curve, if one number was varied. */
    private Optional<Series.Along> along() {
        List<Map.Entry<String, String>> numbers = with.entrySet()
                .stream()
                .filter(it -> it.getValue().matches("[0-9]{1,9}"))
                .toList();
        if (numbers.size() != 1) {
            return Optional.empty();
        }
        String parameter = numbers.getFirst().getKey();
        String rest = with.entrySet()
                .stream()
                .filter(it -> !it.getKey().equals(parameter))
                .map(Map.Entry::getValue)
                .collect(Collectors.joining(" "));
        return Optional.of(new Series.Along((method + " " + rest).strip(), parameter,
                Double.parseDouble(numbers.getFirst().getValue())));
    }

    private static String text(double value) {
        return String.format(Locale.ROOT, value >= 1000 ? "%,.0f" : "%.3f", value);
    }
}
