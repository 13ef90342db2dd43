package dev.patchbay.benchmarks.micro;

import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.Remark;
import dev.patchbay.benchmarks.measure.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** The JMH benchmarks as runs, one for each class, each way in a JVM of its own. */
public final class MicroRuns {
    /** Says how many iterations each is measured for, if not for as many as it says itself. */
    private static final String ITERATIONS = "patchbay.bench.iterations";

    /** Says in how many JVMs each is measured, one after the other, if not in as many as it says itself. */
    private static final String FORKS = "patchbay.bench.forks";

    private static final List<Class<?>> ALL = List.of(CommandBenchmark.class, ReadBenchmark.class,
            EventBenchmark.class, JournalBenchmark.class, ViewBenchmark.class, ConfigBenchmark.class,
            ReferenceBenchmark.class, SpecBenchmark.class, UnpackBenchmark.class, ContextBenchmark.class,
            DigestBenchmark.class);

    private MicroRuns() {}

    /** What they are called. */
    public static List<String> names() {
        return ALL.stream().map(Class::getSimpleName).toList();
    }

    /** Runs one. @throws IllegalArgumentException if there is none of this name */
    public static Table measure(String name, Built built) throws RunnerException {
        Class<?> benchmark = ALL.stream()
                .filter(it -> it.getSimpleName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no " + name + " among " + names()));
        var question = Objects.requireNonNull(benchmark.getAnnotation(Question.class), name);
        var scores = new ArrayList<Score>();
        for (int threads : question.threads()) {
            scores.addAll(run(benchmark, threads, question.threads().length > 1, built));
        }
        var remarks = new ArrayList<>(Score.verdicts(benchmark, scores));
        remarks.add(Remark.of("samples are iterations; those of one JVM share what its compilers decided: "
                + "FORKS=5 has five"));
        return new Table(question.value(), Score.HEADS, scores.stream().map(it -> it.row(scores)).toList(),
                remarks);
    }

    private static List<Score> run(Class<?> benchmark, int threads, boolean several, Built built)
            throws RunnerException {
        var options = new OptionsBuilder()
                .include("^" + Pattern.quote(benchmark.getName()) + "\\.")
                .threads(threads)
                // The journal's threads end some time after their last work: nobody needs to wait for them.
                .jvmArgsAppend("-Djmh.shutdownTimeout=1", "-Djmh.shutdownTimeout.step=1",
                        "-D" + Built.SAMPLE + "=" + built.samplePlugin().toAbsolutePath());
        asked(ITERATIONS).ifPresent(options::measurementIterations);
        asked(FORKS).ifPresent(options::forks);
        Collection<RunResult> results = new Runner(options.build()).run();
        return results.stream().map(it -> Score.of(benchmark, it, several)).toList();
    }

    private static Optional<Integer> asked(String property) {
        return Optional.ofNullable(Integer.getInteger(property)).filter(it -> it > 0);
    }
}
