package dev.patchbay.benchmarks.enable;

import dev.patchbay.Force;
import dev.patchbay.Plugins;
import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.EngineHere;
import dev.patchbay.benchmarks.measure.LoadRun;
import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.benchmarks.measure.Records;
import dev.patchbay.benchmarks.measure.Remark;
import dev.patchbay.benchmarks.measure.Row;
import dev.patchbay.benchmarks.measure.Table;
import dev.patchbay.benchmarks.measure.Timings;
import dev.patchbay.benchmarks.measure.UnixHttp;
import dev.patchbay.oci.LinuxHost;
import dev.patchbay.oci.PluginPaths;
import dev.patchbay.oci.RuntimeSpec;
import dev.patchbay.oci.SpecOptions;
import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.store.FileStore;
import dev.patchbay.store.Loaded;
import dev.patchbay.store.StoreConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import reactor.core.publisher.Flux;

/**
 * How long does {@code POST /plugins/sample/enable} on the unix socket take beyond conmon, {@code runc create},
 * {@code runc start} and the first successful dial alone?
 *
 * <p>Each round starts the sample once in each way, in an order that is drawn, so that what the machine does meanwhile
 * hits all alike; the answer is the median of the differences within a round. The ways in between, executor port and
 * façade, say where the time goes, and the parts what disk and spec take of it.
 */
public final class EnableRun implements LoadRun {
    private static final int WARM_UPS = 10;
    private static final int ROUNDS = 100;
    private static final long SEED = 42;
    private static final long SETTLING_MILLIS = 20;
    private static final double WANTED_MS = 15;
    private static final byte[] NOTHING = {};

    private static final String BARE = "bare: conmon + runc create, runc start, dial";
    private static final String PORT = "executor port: start, awaitListening";
    private static final String FACADE = "façade: Plugins.enable";
    private static final String HTTP = "HTTP: POST /plugins/sample/enable";
    private static final String SAVE = "part: one durable record, FileStore.save";
    private static final String SPEC = "part: the runtime spec";

    @Override
    public Table measure(Built built) throws Exception {
        try (Place place = Place.make(); var engine = EngineHere.serve(place, List.of())) {
            Plugins plugins = engine.plugins();
            PluginId id = create(plugins, "sample", built.sampleContext());
            var facade = new Facade(plugins);
            facade.start();
            Template template = Template.of(place, id);
            facade.stop();
            try (var port = PortContainer.like(template, place.folder().resolve("p"));
                    var save = Save.in(place.folder().resolve("d"), built.sampleConfig())) {
                var ways = new LinkedHashMap<String, Startable>();
                ways.put(BARE, BareContainer.like(template, place.bare(), 1));
                ways.put(PORT, port);
                ways.put(FACADE, facade);
                ways.put(HTTP, new Http(place.socket(), facade));
                ways.put(SAVE, save);
                ways.put(SPEC, Spec.of(plugins, place, id));
                return table(rounds(ways));
            }
        }
    }

    /** Installs a plugin. */
    public static PluginId create(Plugins plugins, String name, byte[] context) {
        return Objects.requireNonNull(
                plugins.create(name, Flux.just(ByteBuffer.wrap(context))).block(EngineHere.PATIENCE));
    }

    private static Map<String, Timings> rounds(Map<String, Startable> ways) throws Exception {
        var taken = new LinkedHashMap<String, Timings.Builder>();
        ways.keySet().forEach(name -> taken.put(name, new Timings.Builder()));
        var order = new ArrayList<>(ways.keySet());
        var random = new Random(SEED);
        for (int round = 0; round < WARM_UPS + ROUNDS; round++) {
            Collections.shuffle(order, random); // what came before leaves its traces
            for (String name : order) {
                double millis = once(Objects.requireNonNull(ways.get(name)));
                if (round >= WARM_UPS) {
                    Objects.requireNonNull(taken.get(name)).add(millis);
                }
            }
        }
        var timings = new LinkedHashMap<String, Timings>();
        taken.forEach((name, builder) -> timings.put(name, builder.build()));
        return timings;
    }

    private static double once(Startable way) throws Exception {
        way.prepare();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(SETTLING_MILLIS)); // the last one is still tidying up
        try {
            return Timings.millisOf(way::start);
        } finally {
            way.stop();
        }
    }

    private static Table table(Map<String, Timings> timings) {
        var rows = new ArrayList<Row>();
        timings.forEach((name, taken) -> rows.add(Row.of(name, taken).beside(BARE)));
        Timings bare = Objects.requireNonNull(timings.get(BARE));
        for (String name : List.of(PORT, FACADE, HTTP)) {
            rows.add(Row.of("  beyond bare, " + name.replaceFirst(":.*", ""),
                    Objects.requireNonNull(timings.get(name)).beyond(bare)));
        }
        Timings beyond = Objects.requireNonNull(timings.get(HTTP)).beyond(bare);
        String trust = "give or take " + Timings.text(beyond.medianError())
                + " ms; a busy machine or disk makes this large and the answer worthless";
        return new Table("What does enable over HTTP cost beyond the bare runtime?", Table.heads("way"), rows,
                List.of(Table.verdict("enable over HTTP beyond bare", beyond.median(), WANTED_MS, "ms"),
                        Remark.of(trust)));
    }

    private record Facade(Plugins plugins) implements Startable {
        @Override
        public void start() {
            plugins.enable("sample", EngineHere.START_TIMEOUT).block(EngineHere.PATIENCE);
        }

        @Override
        public void stop() {
            plugins.disable("sample", Force.YES).block(EngineHere.PATIENCE);
        }
    }

    private record Http(Path socket, Facade facade) implements Startable {
        @Override
        public void start() throws IOException {
            UnixHttp.once(socket, "POST", "/v1.44/plugins/sample/enable?timeout=30", NOTHING);
        }

        @Override
        public void stop() {
            facade.stop();
        }
    }

    /** What the engine does with the disk while somebody waits: one durable record. */
    private record Save(FileStore store, PluginRecord plugin) implements Startable, AutoCloseable {
        static Save in(Path root, byte[] config) throws IOException {
            Records.write(root, 1, config);
            var store = FileStore.at(StoreConfig.at(root));
            Loaded loaded = Objects.requireNonNull(store.load().blockFirst(EngineHere.PATIENCE));
            return switch (loaded) {
                case Loaded.Intact intact -> new Save(store, intact.record());
                case Loaded.Damaged damaged -> throw new IOException(damaged.toString());
                case Loaded.Notice notice -> throw new IOException(notice.problem());
            };
        }

        @Override
        public void start() {
            store.save(plugin).block(EngineHere.PATIENCE);
        }

        @Override
        public void stop() {}

        @Override
        public void close() {
            store.close().block(EngineHere.PATIENCE);
        }
    }

    /** The runtime spec of the sample, made anew. */
    private record Spec(InstalledPlugin plugin, PluginPaths paths) implements Startable {
        static Spec of(Plugins plugins, Place place, PluginId id) {
            var view = Objects.requireNonNull(plugins.inspect(id.hex()).block(EngineHere.PATIENCE));
            Path folder = place.root().resolve(id.hex());
            return new Spec(view.plugin(), new PluginPaths(folder.resolve("rootfs"),
                    place.execRoot().resolve(id.hex()), folder.resolve("propagated-mount")));
        }

        @Override
        public void start() {
            var _ = RuntimeSpec.of(plugin, paths, SpecOptions.DEFAULT, new LinuxHost()).json();
        }

        @Override
        public void stop() {}
    }
}
