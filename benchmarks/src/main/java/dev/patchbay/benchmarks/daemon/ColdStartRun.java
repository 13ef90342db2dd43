package dev.patchbay.benchmarks.daemon;

import dev.patchbay.benchmarks.enable.BareContainer;
import dev.patchbay.benchmarks.enable.Template;
import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.DaemonHere;
import dev.patchbay.benchmarks.measure.LoadRun;
import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.benchmarks.measure.Row;
import dev.patchbay.benchmarks.measure.Table;
import dev.patchbay.benchmarks.measure.Timings;
import dev.patchbay.plugin.PluginId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How long after the daemon's process starts do 200 plugins run that are wanted and do not run, against 200 bare starts at
 * the same parallelism? And how long does a clean stop of all of them take?
 *
 * <p>The clock of the daemon begins with its process, so starting Java is part of it. Both ways alternate. While plugins
 * start, the API must answer: the time until the first {@code _ping} is told too.
 */
public final class ColdStartRun implements LoadRun {
    private static final int PLUGINS = 200;
    private static final int ROUNDS = 3;
    private static final double WANTED_RATIO = 1.3;
    private static final double WANTED_PING_MS = 1000;
    private static final double WANTED_STOP_MS = 1500;

    @Override
    public Table measure(Built built) throws Exception {
        int cores = Runtime.getRuntime().availableProcessors();
        try (Place place = Place.make(); var few = Executors.newFixedThreadPool(cores)) {
            List<BareContainer> bare = install(built, place);
            var taken = new Taken();
            for (int round = 0; round < ROUNDS; round++) {
                taken.bare.add(bareRound(few, bare));
                taken.daemonRound(built, place);
            }
            return taken.table(cores);
        }
    }

    /** Installs the plugins and stops them; returns as many containers without a daemon. */
    private static List<BareContainer> install(Built built, Place place) throws Exception {
        Template template;
        try (var daemon = DaemonHere.patchbay(built, place, "")) {
            var plugins = new ManyPlugins(daemon.socket(), PLUGINS);
            plugins.start(built.sampleContext());
            template = Template.of(place, PluginId.parse(plugins.firstId()).orElseThrow());
        }
        var bare = new ArrayList<BareContainer>();
        for (int number = 0; number < PLUGINS; number++) {
            bare.add(BareContainer.like(template, place.bare(), number));
        }
        return bare;
    }

    private static double bareRound(ExecutorService threads, List<BareContainer> bare) throws Exception {
        for (BareContainer container : bare) {
            container.prepare();
        }
        List<Callable<BareContainer>> starts = bare.stream()
                .<Callable<BareContainer>>map(container -> () -> {
                    container.start();
                    return container;
                })
                .toList();
        double millis = Timings.millisOf(() -> {
            for (Future<BareContainer> start : threads.invokeAll(starts)) {
                start.get();
            }
        });
        for (BareContainer container : bare) {
            container.stop();
        }
        return millis;
    }

    /** What was measured. */
    private static final class Taken {
        private final Timings.Builder bare = new Timings.Builder();
        private final Timings.Builder ping = new Timings.Builder();
        private final Timings.Builder cold = new Timings.Builder();
        private final Timings.Builder stop = new Timings.Builder();

        void daemonRound(Built built, Place place) throws Exception {
            long begin = System.nanoTime();
            try (var daemon = DaemonHere.patchbay(built, place, "")) {
                ping.add((System.nanoTime() - begin) / 1e6);
                long all = new ManyPlugins(daemon.socket(), PLUGINS).awaitAllRunning();
                cold.add((all - begin) / 1e6);
                stop.add(Timings.millisOf(daemon::close));
            }
        }

        Table table(int cores) {
            double ratio = cold.build().median() / bare.build().median();
            return new Table("How long until " + PLUGINS + " wanted plugins run, from nothing?",
                    Table.heads("what"),
                    List.of(Row.of("bare starts, on " + cores + " threads", bare.build()),
                            Row.of("daemon, to all running", cold.build())
                                    .beside("bare starts, on " + cores + " threads"),
                            Row.of("daemon, to _ping", ping.build()),
                            Row.of("TERM with all running, to the end", stop.build())),
                    List.of(Table.verdict("cold start against bare", ratio, WANTED_RATIO, "times"),
                            Table.verdict("API answers", ping.build().median(), WANTED_PING_MS, "ms"),
                            Table.verdict("clean stop of " + PLUGINS, stop.build().median(), WANTED_STOP_MS,
                                    "ms")));
        }
    }
}
