package dev.patchbay.benchmarks.micro;

import dev.patchbay.PluginView;
import dev.patchbay.benchmarks.measure.Records;
import dev.patchbay.plugin.CheckedConfig;
import dev.patchbay.plugin.PluginFilter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** How long do reads of the snapshot take with 1,000 plugins, and how long does it take to judge a configuration? */
@Fork(1)
@BenchmarkMode(Mode.AverageTime)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ReadBenchmark {
    /** All plugins. */
    @Benchmark
    public List<PluginView> list(InstalledPlugins engine) {
        return Objects.requireNonNull(engine.plugins().list(PluginFilter.ALL).collectList().block());
    }

    /** One plugin by its name. */
    @Benchmark
    public PluginView inspect(InstalledPlugins engine) {
        return Objects.requireNonNull(engine.plugins().inspect(Records.name(7)).block());
    }

    /** The sample's configuration, parsed and judged. */
    @Benchmark
    public CheckedConfig config(InstalledPlugins engine) {
        return CheckedConfig.parse(engine.config());
    }
}
