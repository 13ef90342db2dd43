package dev.patchbay.benchmarks.micro;

import dev.patchbay.Plugins;
import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.EngineHere;
import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.benchmarks.measure.Records;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** An engine with 1,000 disabled plugins. */
@State(Scope.Benchmark)
public class InstalledPlugins {
    private static final int PLUGINS = 1000;

    private @Nullable Place place;
    private @Nullable EngineHere engine;

    /** Opens the engine. */
    @Setup(Level.Trial)
    public void open() throws IOException {
        byte[] config = Built.sample().sampleConfig();
        Place here = Place.make();
        place = here;
        Records.write(here.root(), PLUGINS, config);
        engine = EngineHere.open(here);
    }

    /** Closes it and removes its files. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        try {
            if (engine != null) {
                engine.close();
            }
        } finally {
            if (place != null) {
                place.close();
            }
        }
    }

    Plugins plugins() {
        return Objects.requireNonNull(engine).plugins();
    }
}
