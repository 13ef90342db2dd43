package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.Force;
import dev.patchbay.client.CallWatch;
import dev.patchbay.executor.ContainerUsage;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.metrics.Metric;
import dev.patchbay.metrics.PrometheusText;
import dev.patchbay.metrics.Reading;
import dev.patchbay.metrics.micrometer.PatchbayMetrics;
import dev.patchbay.plugin.PluginId;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** What an engine counts, and that no count goes back. */
class PluginMetricsTest {
    private final EngineWorld world = new EngineWorld();

    @AfterEach
    void close() {
        world.close();
    }

    private double value(Metric metric, String... tags) {
        return world.plugins.metrics()
                .stream()
                .filter(one -> one.metric() == metric && one.tags().equals(List.of(tags)))
                .findFirst()
                .map(one -> metric.kind() == Metric.Kind.TIMER ? one.count() : one.value())
                .orElse(-1.0);
    }

    private void used(PluginId plugin, int generation, long cpuSeconds, long kills) {
        world.executor.usages()
                .set(List.of(new ContainerUsage(plugin, generation,
                        OptionalLong.of(Duration.ofSeconds(cpuSeconds).toNanos()), OptionalLong.of(4096),
                        OptionalLong.of(3),
                        OptionalLong.of(kills))));
        world.plugins.metrics();
        world.pass(Duration.ofSeconds(UsageWatch.PERIOD_SECONDS));
        world.plugins.metrics();
        world.settle();
    }

    @Test
    void countsLivesOfPlugins() {
        PluginId id = world.enabled("one");
        world.create("two");
        assertThat(value(Metric.PLUGINS, "running")).isEqualTo(1);
        assertThat(value(Metric.PLUGINS, "stopped")).isEqualTo(1);
        assertThat(value(Metric.PLUGINS_ENABLED)).isEqualTo(1);
        assertThat(value(Metric.STARTS, "enable")).isEqualTo(1);
        assertThat(value(Metric.START_DURATION, "enable")).isEqualTo(1);
        world.executor.end(id, new ExitStatus.Signaled(9, true));
        world.pass(Duration.ofSeconds(5));
        assertThat(value(Metric.STARTS, "restart")).isEqualTo(1);
        assertThat(value(Metric.CRASHES)).isEqualTo(1);
        assertThat(value(Metric.EXITS, "137", "true")).isEqualTo(1);
        assertThat(value(Metric.MAILBOX_WAIT)).isPositive();
        assertThat(value(Metric.EFFECTS, "start")).isZero();
    }

    @Test
    void countsStayWhenTheirPluginsGo() {
        PluginId id = world.enabled("one");
        world.executor.end(id, new ExitStatus.Exited(3));
        world.pass(Duration.ofSeconds(5));
        world.ask(world.plugins.remove("one", Force.YES)).done();
        assertThat(value(Metric.STARTS, "enable")).isEqualTo(1);
        assertThat(value(Metric.EXITS, "3", "false")).isEqualTo(1);
    }

    @Test
    void whatAPluginHasUsedGoesOnOverItsContainersAndIsForgottenWithIt() {
        PluginId id = world.enabled("one");
        used(id, 1, 10, 2);
        assertThat(value(Metric.PLUGIN_CPU, "one:latest")).isEqualTo(10);
        used(id, 1, 12, 2);
        used(id, 2, 1, 1);
        assertThat(value(Metric.PLUGIN_CPU, "one:latest")).as("12 s and 1 s").isEqualTo(13);
        assertThat(value(Metric.PLUGIN_OOM_KILLS, "one:latest")).isEqualTo(3);
        assertThat(value(Metric.PLUGIN_MEMORY, "one:latest")).isEqualTo(4096);
        world.executor.usages().set(List.of());
        world.pass(Duration.ofSeconds(UsageWatch.PERIOD_SECONDS));
        world.plugins.metrics();
        world.settle();
        assertThat(value(Metric.PLUGIN_CPU, "one:latest")).as("it does not run").isEqualTo(13);
        assertThat(value(Metric.PLUGIN_MEMORY, "one:latest")).isNegative();
        world.ask(world.plugins.remove("one", Force.YES)).done();
        assertThat(value(Metric.PLUGIN_CPU, "one:latest")).isNegative();
    }

    private static ContainerUsage ended(PluginId plugin, int generation, long cpuSeconds, long kills) {
        return new ContainerUsage(plugin, generation,
                OptionalLong.of(Duration.ofSeconds(cpuSeconds).toNanos()),
                OptionalLong.empty(), OptionalLong.empty(), OptionalLong.of(kills));
    }

    private void askAgain() {
        world.plugins.metrics();
        world.pass(Duration.ofSeconds(UsageWatch.PERIOD_SECONDS));
        world.plugins.metrics();
        world.settle();
    }

    @Test
    void aContainerOfWhichNothingCanBeReadAddsNothingOfTheOneBefore() {
        PluginId id = world.enabled("one");
        used(id, 1, 10, 2);
        world.executor.usages()
                .set(List.of(new ContainerUsage(id, 2, OptionalLong.empty(), OptionalLong.empty(),
                        OptionalLong.empty(), OptionalLong.empty())));
        askAgain();
        assertThat(value(Metric.PLUGIN_CPU, "one:latest")).isEqualTo(10);
        assertThat(value(Metric.PLUGIN_OOM_KILLS, "one:latest")).isEqualTo(2);
        used(id, 2, 1, 1);
        assertThat(value(Metric.PLUGIN_CPU, "one:latest")).as("10 s and 1 s").isEqualTo(11);
        assertThat(value(Metric.PLUGIN_OOM_KILLS, "one:latest")).isEqualTo(3);
    }

    @Test
    void whatContainersHadUsedThatEndedBetweenTwoReadingsIsCountedOnce() {
        PluginId id = world.enabled("one");
        used(id, 1, 10, 0);
        world.executor.usages().set(List.of(ended(id, 1, 12, 1), ended(id, 2, 3, 1), ended(id, 3, 1, 0)));
        askAgain();
        askAgain();
        assertThat(value(Metric.PLUGIN_CPU, "one:latest")).as("12 s, 3 s and 1 s").isEqualTo(16);
        assertThat(value(Metric.PLUGIN_OOM_KILLS, "one:latest")).isEqualTo(2);
        assertThat(value(Metric.PLUGIN_MEMORY, "one:latest")).as("it has ended").isNegative();
    }

    @Test
    void whoHasStoppedUsesNoMemoryWhateverWasReadBefore() {
        PluginId id = world.enabled("one");
        used(id, 1, 10, 0);
        assertThat(value(Metric.PLUGIN_MEMORY, "one:latest")).isEqualTo(4096);
        world.ask(world.plugins.disable("one", Force.NO)).done();
        assertThat(value(Metric.PLUGIN_MEMORY, "one:latest")).isNegative();
        assertThat(value(Metric.PLUGIN_PIDS, "one:latest")).isNegative();
        assertThat(value(Metric.PLUGIN_CPU, "one:latest")).isEqualTo(10);
    }

    @Test
    void aCountThatHangsShowsWhatItHasReadAndNoOtherBeginsUntilItEnds() {
        PluginId one = world.enabled("one");
        PluginId two = world.enabled("two");
        used(two, 1, 7, 0);
        int before = world.executor.usages().asked();
        world.pass(Duration.ofMinutes(1));
        Sinks.Empty<ContainerUsage> hung = Sinks.empty();
        world.executor.usages().set(Flux.just(ended(one, 1, 4, 0)).concatWith(hung.asMono()));
        world.plugins.metrics();
        world.pass(Duration.ofSeconds(9));
        assertThat(value(Metric.PLUGIN_CPU, "one:latest")).as("not late yet").isNegative();
        world.pass(Duration.ofSeconds(2));
        assertThat(value(Metric.PLUGIN_CPU, "one:latest")).isEqualTo(4);
        assertThat(value(Metric.PLUGIN_CPU, "two:latest")).isEqualTo(7);
        world.pass(Duration.ofMinutes(5));
        world.plugins.metrics();
        world.settle();
        assertThat(world.executor.usages().asked()).as("it hangs").isEqualTo(before + 1);
        hung.tryEmitEmpty().orThrow();
        askAgain();
        assertThat(world.executor.usages().asked()).isEqualTo(before + 2);
        assertThat(value(Metric.PLUGIN_CPU, "one:latest")).as("counted once").isEqualTo(4);
    }

    @Test
    void nothingIsCountedForNobody() {
        world.enabled("one");
        world.pass(Duration.ofMinutes(5));
        assertThat(world.executor.usages().asked()).isZero();
        world.plugins.metrics();
        world.pass(Duration.ofMinutes(5));
        world.plugins.metrics();
        world.settle();
        assertThat(world.executor.usages().asked()).isEqualTo(2);
    }

    @Test
    void theNumberOfSeriesIsBounded() {
        var tally = new Tally();
        for (int i = 0; i < 10_000; i++) {
            tally.called("Own" + i + ".Method" + i, CallWatch.Outcome.OK);
        }
        tally.called("VolumeDriver.Mount", CallWatch.Outcome.TIMED_OUT);
        assertThat(tally.read().filter(one -> one.metric() == Metric.CALLS).map(Reading::tags))
                .containsExactlyInAnyOrder(List.of("other", "ok"), List.of("volumedriver", "timed_out"));
    }

    @Test
    void soManyPluginsAreShownOneByOneAndTheOthersAreCounted() {
        var all = new ArrayList<ContainerUsage>();
        for (int i = 0; i < Metric.MOST_PLUGINS + 3; i++) {
            String name = String.format(Locale.ROOT, "p%04d", i);
            world.enabled(name);
            all.add(new ContainerUsage(world.view(name).plugin().id(), 1, OptionalLong.of(1),
                    OptionalLong.of(1), OptionalLong.of(1), OptionalLong.of(0)));
        }
        world.executor.usages().set(all);
        askAgain();
        List<Reading> readings = world.plugins.metrics();
        for (Metric each : List.of(Metric.PLUGIN_PIDS, Metric.PLUGIN_OOM_KILLS)) {
            assertThat(readings).filteredOn(one -> one.metric() == each)
                    .hasSize(Metric.MOST_PLUGINS)
                    .extracting(one -> one.tags().getFirst())
                    .contains("p0000:latest", "p1023:latest")
                    .doesNotContain("p1024:latest");
        }
        assertThat(value(Metric.PLUGINS_UNLISTED)).isEqualTo(3);
        assertThat(value(Metric.PLUGINS, "running")).isEqualTo(Metric.MOST_PLUGINS + 3);
    }

    @Test
    void micrometerHasTheSameSeriesUnderTheSameNames() {
        world.enabled("one");
        used(world.view("one").plugin().id(), 1, 10, 2);
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (var metrics = new PatchbayMetrics(world.plugins, Duration.ofHours(1))) {
            metrics.bindTo(registry);
            String own = PrometheusText.of(world.plugins.metrics());
            assertThat(series(registry.scrape())).isEqualTo(series(own));
            assertThat(registry.scrape())
                    .contains("patchbay_plugin_cpu_seconds_total{plugin=\"one:latest\"} 10.0");
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    /** Names and tags of all series, and types of all families. */
    private static Set<String> series(String text) {
        return text.lines()
                .filter(line -> !line.startsWith("# HELP"))
                .map(line -> line.startsWith("#") ? line : line.substring(0, line.lastIndexOf(' ')))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
