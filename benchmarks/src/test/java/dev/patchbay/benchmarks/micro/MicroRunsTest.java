package dev.patchbay.benchmarks.micro;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.benchmarks.measure.Better;
import dev.patchbay.benchmarks.measure.Remark;
import dev.patchbay.benchmarks.measure.Samples;
import dev.patchbay.benchmarks.measure.Series;
import dev.patchbay.benchmarks.measure.Unit;
import dev.patchbay.testing.CodeRules;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;

class MicroRunsTest {
    @Test
    void everyBenchmarkIsRunAndSaysWhatItAsks() {
        Class<?>[] all = benchmarks().toArray(Class<?>[]::new);
        assertThat(Stream.of(all).map(Class::getSimpleName))
                .containsExactlyInAnyOrderElementsOf(MicroRuns.names());
        assertThat(all).allMatch(it -> it.isAnnotationPresent(Question.class));
    }

    @Test
    void oursStandBesideWaysThatThereAre() {
        assertThat(benchmarks()).allSatisfy(benchmark -> {
            List<Method> ways = Stream.of(benchmark.getMethods())
                    .filter(it -> it.isAnnotationPresent(Benchmark.class))
                    .toList();
            List<String> beside = ways.stream()
                    .filter(it -> it.isAnnotationPresent(Beside.class))
                    .map(it -> it.getAnnotation(Beside.class).value())
                    .toList();
            assertThat(beside).isNotEmpty();
            assertThat(ways).extracting(Method::getName).containsAll(beside);
        });
    }

    @Test
    void theOtherWaysAnswerAsTheRulesDo() throws Exception {
        var pekko = new PekkoPlugins();
        var drained = new DrainedPlugins();
        var ring = new RingPlugins();
        pekko.open();
        drained.open();
        ring.open();
        try {
            for (AskedPlugins way : List.of(pekko, drained, ring)) {
                assertThat(answer(way, "listed7"))
                        .isEqualTo(new AskedPlugins.Refused("plugin listed7 is not enabled"));
                assertThat(answer(way, "none"))
                        .isEqualTo(new AskedPlugins.Refused("there is no plugin none"));
            }
        } finally {
            pekko.close();
            drained.close();
            ring.close();
        }
    }

    @Test
    void scoresStandBesideThoseOfTheSameParametersAndOnACurve() {
        var ours = score("views", Map.of("subscribers", "10"), Optional.of("ring"), 6);
        var all = List.of(score("ring", Map.of("subscribers", "1"), Optional.empty(), 1),
                score("ring", Map.of("subscribers", "10"), Optional.empty(), 3), ours);
        var row = ours.row(all);
        assertThat(row.cells()).containsExactly("views, subscribers 10", "6.000", "6.000", "6.000", "ops/s",
                "1", "2.000",
                "ring");
        Series series = row.series().orElseThrow();
        assertThat(series.baseline()).contains("ring, subscribers 10");
        assertThat(series.along()).contains(new Series.Along("views", "subscribers", 10));
    }

    @Test
    void whatHasNoParameterStandsBesideWhateverTheOtherWasRunWith() {
        var ours = score("read", Map.of(), Optional.of("file"), 8);
        var row = ours.row(List.of(ours, score("file", Map.of("durability", "SYNC"), Optional.empty(), 2)));
        assertThat(row.cells()).endsWith("4.000", "file");
        assertThat(row.series().orElseThrow().along()).isEmpty();
    }

    @Test
    void whatWasPromisedIsJudgedWithAsManyThreadsAsThatWasFor() {
        var slow = Map.of("threads", "1");
        var fast = Map.of("threads", "8");
        var all = List.of(score("mailbox", slow, Optional.of("pekkoAsk"), 9e6),
                score("mailbox", fast, Optional.of("pekkoAsk"), 6e5),
                score("pekkoAsk", slow, Optional.empty(), 1e6),
                score("pekkoAsk", fast, Optional.empty(), 5e5));

        assertThat(Score.verdicts(CommandBenchmark.class, all)).extracting(Remark::text)
                .containsExactly(
                        "mailbox, threads 8: 600000.00 ops/s, wanted at least 1000000.00 ops/s: MISSED",
                        "mailbox, threads 8, to pekkoAsk: 1.20 times, wanted at least 1.00 times: MET");
    }

    private static Score score(String method, Map<String, String> with, Optional<String> beside,
            double value) {
        return new Score(method, with, beside, Samples.of(List.of(value)), new Unit("ops/s", Better.HIGHER));
    }

    private static AskedPlugins.Answer answer(AskedPlugins way, String name) throws Exception {
        return way.disable(name).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static List<? extends Class<?>> benchmarks() {
        return CodeRules.mainCode()
                .stream()
                .filter(it -> it.getPackageName().equals(MicroRuns.class.getPackageName())
                        && it.getSimpleName().endsWith("Benchmark"))
                .map(it -> it.reflect())
                .toList();
    }
}
