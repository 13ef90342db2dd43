package dev.patchbay.benchmarks.micro;

import dev.patchbay.PluginView;
import dev.patchbay.benchmarks.measure.Records;
import dev.patchbay.plugin.PluginFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long do reads of the snapshot take with 1,000 plugins, beside the same plugins in a {@link ConcurrentHashMap} and in a
 * map that is locked?
 *
 * <p>The maps know a plugin by one name only, as it is stored; they give lists in no order, and, the concurrent one, lists of
 * a state that never was. The snapshot finds a plugin by whatever a user may call it.
 */
@Question("How long do reads take with 1,000 plugins?")
@Fork(1)
@BenchmarkMode(Mode.AverageTime)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ReadBenchmark {
    private static final String NAME = Records.name(7);
    private static final String STORED = NAME + ":latest";

    /** The same plugins in maps. */
    @State(Scope.Benchmark)
    public static class Maps {
        private final Map<String, PluginView> concurrent = new ConcurrentHashMap<>();
        private final Map<String, PluginView> locked = new HashMap<>();

        /** Fills them. */
        @Setup(Level.Trial)
        public void fill(InstalledPlugins engine) {
            for (PluginView view : all(engine)) {
                concurrent.put(view.plugin().name().familiar(), view);
                locked.put(view.plugin().name().familiar(), view);
            }
            Objects.requireNonNull(locked.get(STORED), "the plugin has another name");
        }
    }

    private static List<PluginView> all(InstalledPlugins engine) {
        return Objects.requireNonNull(engine.plugins().list(PluginFilter.ALL).collectList().block());
    }

    /** All plugins. */
    @Benchmark
    @Beside("listConcurrentMap")
    public List<PluginView> list(InstalledPlugins engine) {
        return all(engine);
    }

    /** All values of the concurrent map. */
    @Benchmark
    public List<PluginView> listConcurrentMap(Maps maps) {
        return new ArrayList<>(maps.concurrent.values());
    }

    /** All values of the other. */
    @Benchmark
    public List<PluginView> listLockedMap(Maps maps) {
        synchronized (maps.locked) {
            return new ArrayList<>(maps.locked.values());
        }
    }

    /** One plugin by its name. */
    @Benchmark
    @Beside("inspectConcurrentMap")
    public PluginView inspect(InstalledPlugins engine) {
        return Objects.requireNonNull(engine.plugins().inspect(NAME).block());
    }

    /** One value of the concurrent map. */
    @Benchmark
    public PluginView inspectConcurrentMap(Maps maps) {
        return Objects.requireNonNull(maps.concurrent.get(STORED));
    }

    /** One value of the other. */
    @Benchmark
    public PluginView inspectLockedMap(Maps maps) {
        synchronized (maps.locked) {
            return Objects.requireNonNull(maps.locked.get(STORED));
        }
    }
}
