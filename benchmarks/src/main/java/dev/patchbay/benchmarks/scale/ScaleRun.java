package dev.patchbay.benchmarks.scale;

import dev.patchbay.Force;
import dev.patchbay.PluginConflictException;
import dev.patchbay.Plugins;
import dev.patchbay.benchmarks.measure.Better;
import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.EngineHere;
import dev.patchbay.benchmarks.measure.LoadRun;
import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.benchmarks.measure.Records;
import dev.patchbay.benchmarks.measure.Remark;
import dev.patchbay.benchmarks.measure.Row;
import dev.patchbay.benchmarks.measure.Samples;
import dev.patchbay.benchmarks.measure.Series;
import dev.patchbay.benchmarks.measure.Table;
import dev.patchbay.benchmarks.measure.Timings;
import dev.patchbay.benchmarks.measure.Unit;
import dev.patchbay.plugin.PluginFilter;
import dev.patchbay.store.GarbageReport;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import reactor.core.publisher.Mono;

/**
 * What grows with the number of plugins: with 10, 100, 1,000 and 10,000 installed, how much memory does each need, and how
 * long do a list, an inspect by name and by the beginning of an id, one command, boot, and a collection of garbage take?
 *
 * <p>Nothing on the way of one command may grow with the number, so the commands with ten plugins are the baseline of the
 * others. Each plugin has a blob of its own. Records and blobs are the sample's, on this machine's disk; containers are in memory, since no machine here runs so many.
 */
public final class ScaleRun implements LoadRun {
    private static final List<Integer> COUNTS = List.of(10, 100, 1000, 10_000);
    private static final int WARM_UPS = 3000;
    private static final int READS = 3000;
    private static final int COMMANDS = 40;
    private static final int LISTS = 30;
    private static final int PREFIX = 12;
    private static final double WANTED_GROWTH = 1.5;
    private static final int BOOTS = 3;
    private static final double KB = 1e3;
    private static final double MICROS_PER_MILLI = 1e3;

    private static final Unit MICROS = new Unit("us", Better.LOWER);
    private static final Measure MEMORY = new Measure("memory for each plugin", new Unit("kB", Better.LOWER));
    private static final Measure BOOT = new Measure("boot, until the engine is open", Unit.MILLIS);
    private static final Measure LIST = new Measure("list", Unit.MILLIS);
    private static final Measure BY_NAME = new Measure("inspect by name", MICROS);
    private static final Measure BY_PREFIX = new Measure("inspect by the beginning of an id", MICROS);
    private static final Measure REFUSED = new Measure("a command that is refused", MICROS);
    private static final Measure SET = new Measure("a setting that is changed", Unit.MILLIS);
    private static final Measure ENABLE = new Measure("enable, container in memory", Unit.MILLIS);
    private static final Measure GARBAGE = new Measure("garbage, a dry run", Unit.MILLIS);
    private static final List<Measure> ONE_COMMAND = List.of(BY_NAME, BY_PREFIX, REFUSED, SET, ENABLE);

    /** What is measured with each number of plugins. */
    private record Measure(String name, Unit unit) {}

    @Override
    public Table measure(Built built) throws Exception {
        measured(built, COUNTS.getFirst()); // for the compilers: else the first number would look worse than the others
        var all = new LinkedHashMap<Integer, SequencedMap<Measure, Samples>>();
        for (int count : COUNTS) {
            all.put(count, measured(built, count));
        }
        return table(all);
    }

    private static SequencedMap<Measure, Samples> measured(Built built, int count) throws Exception {
        var found = new LinkedHashMap<Measure, Samples>();
        try (Place place = Place.make()) {
            Records.writeWithBlobs(place.root(), count, built.sampleConfig());
            var boots = new ArrayList<Double>();
            var memory = new ArrayList<Double>();
            for (int boot = 1; boot <= BOOTS; boot++) {
                long before = heapBytes();
                long begin = System.nanoTime();
                try (ScaledEngine engine = ScaledEngine.open(place)) {
                    boots.add((System.nanoTime() - begin) / 1e6);
                    memory.add((heapBytes() - before) / KB / count);
                    if (boot == BOOTS) {
                        found.put(BOOT, Samples.of(boots));
                        found.put(MEMORY, Samples.of(memory));
                        use(engine.plugins(), count, found);
                    }
                }
            }
        }
        return found;
    }

    private static void use(Plugins plugins, int count, SequencedMap<Measure, Samples> found)
            throws Exception {
        reads(plugins, count, found);
        commands(plugins, count, found);
        found.put(GARBAGE, millis(LISTS, () -> {
            GarbageReport report = Objects
                    .requireNonNull(plugins.collectGarbage(true).block(EngineHere.PATIENCE));
            expect(count, report.blobs());
            expect(0, report.unreferenced());
        }));
    }

    private static void reads(Plugins plugins, int count, SequencedMap<Measure, Samples> found)
            throws Exception {
        found.put(LIST, millis(LISTS, () -> expect(count,
                Objects.requireNonNull(plugins.list(PluginFilter.ALL).collectList().block()).size())));
        String name = Records.name(count / 2);
        String id = Objects.requireNonNull(plugins.inspect(name).block()).plugin().id().hex();
        found.put(BY_NAME, micros(() -> plugins.inspect(name)));
        found.put(BY_PREFIX, micros(() -> plugins.inspect(id.substring(0, PREFIX))));
    }

    private static void commands(Plugins plugins, int count, SequencedMap<Measure, Samples> found)
            throws Exception {
        String name = Records.name(count / 2);
        found.put(REFUSED, micros(() -> plugins.disable(name, Force.NO)
                .onErrorResume(PluginConflictException.class, _ -> Mono.empty())));
        found.put(SET, millis(COMMANDS,
                () -> plugins.set(name, List.of("SAMPLE_GREETING=hello")).block(EngineHere.PATIENCE)));
        var enables = new Timings.Builder();
        for (int command = 0; command < COMMANDS; command++) {
            enables.add(Timings
                    .millisOf(
                            () -> plugins.enable(name, EngineHere.START_TIMEOUT).block(EngineHere.PATIENCE)));
            var _ = plugins.disable(name, Force.YES).block(EngineHere.PATIENCE);
        }
        found.put(ENABLE, Samples.of(enables.build().millis()));
    }

    private static void expect(long wanted, long found) throws IOException {
        if (wanted != found) {
            throw new IOException("there were to be " + wanted + ", and there are " + found);
        }
    }

    /** Some, in milliseconds. */
    private static Samples millis(int times, Timings.Work work) throws Exception {
        var taken = new Timings.Builder();
        for (int time = 0; time < times; time++) {
            taken.add(Timings.millisOf(work));
        }
        return Samples.of(taken.build().millis());
    }

    @FunctionalInterface
    private interface Asked {
        Mono<?> once();
    }

    /** Many, in microseconds, when the compilers have done their work. */
    private static Samples micros(Asked asked) throws Exception {
        for (int time = 0; time < WARM_UPS; time++) {
            asked.once().block(EngineHere.PATIENCE);
        }
        Samples millis = millis(READS, () -> asked.once().block(EngineHere.PATIENCE));
        return Samples.of(millis.values().stream().map(it -> MICROS_PER_MILLI * it).toList());
    }

    /** What is used when the collector has done its work. */
    private static long heapBytes() {
        var memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        memory.gc(); // what the first one has given up, references and cleaners had to let go
        return memory.getHeapMemoryUsage().getUsed();
    }

    private static Table table(SequencedMap<Integer, SequencedMap<Measure, Samples>> all) {
        var heads = new ArrayList<>(List.of("what", "unit"));
        COUNTS.forEach(count -> heads.add(String.format(Locale.ROOT, "%,d plugins", count)));
        var rows = new ArrayList<Row>();
        var series = new ArrayList<Series>();
        for (Measure what : all.firstEntry().getValue().keySet()) {
            var cells = new ArrayList<>(List.of(what.name(), what.unit().name()));
            all.forEach((count, found) -> {
                cells.add(Timings.text(figure(found, what).median()));
                series.add(Series
                        .of(what.name() + ", " + count + " plugins", what.unit(),
                                figure(found, what))
                        .along(what.name(), "plugins", count));
            });
            rows.add(new Row(cells, Optional.empty()));
        }
        var remarks = new ArrayList<Remark>();
        for (Measure what : ONE_COMMAND) {
            double growth = figure(all.lastEntry().getValue(), what).median()
                    / figure(all.firstEntry().getValue(), what).median();
            remarks.add(Table.verdictAtMost(what.name() + ", 10,000 plugins to 10", growth, WANTED_GROWTH,
                    "times"));
        }
        remarks.add(Remark.of("medians; the plots have the spread"));
        return new Table("What grows with the number of plugins?", heads, rows, remarks, series);
    }

    private static Samples figure(SequencedMap<Measure, Samples> found, Measure what) {
        return Objects.requireNonNull(found.get(what));
    }
}
