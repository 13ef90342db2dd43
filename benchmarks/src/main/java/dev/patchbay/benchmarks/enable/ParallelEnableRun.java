package dev.patchbay.benchmarks.enable;

import dev.patchbay.Force;
import dev.patchbay.Plugins;
import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.EngineHere;
import dev.patchbay.benchmarks.measure.LoadRun;
import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.benchmarks.measure.Row;
import dev.patchbay.benchmarks.measure.Table;
import dev.patchbay.benchmarks.measure.Timings;
import dev.patchbay.benchmarks.measure.UnixHttp;
import dev.patchbay.plugin.PluginId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import reactor.core.publisher.Flux;

/**
 * How long do 50 enables that are asked for at once take, against 50 bare starts at the same parallelism?
 *
 * <p>The engine gets all 50 requests at once, each on a connection of its own, and starts as many at a time as there
 * are cores, which is its default; the bare starts run on as many threads. Both ways alternate.
 */
public final class ParallelEnableRun implements LoadRun {
    private static final int PLUGINS = 50;
    private static final int WARM_UPS = 1;
    private static final int ROUNDS = 7;
    private static final double WANTED_RATIO = 1.3;
    private static final byte[] NOTHING = {};

    @Override
    public Table measure(Built built) throws Exception {
        int cores = Runtime.getRuntime().availableProcessors();
        try (Place place = Place.make();
                var engine = EngineHere.serve(place, List.of());
                var few = Executors.newFixedThreadPool(cores);
                var many = Executors.newFixedThreadPool(PLUGINS)) {
            Plugins plugins = engine.plugins();
            byte[] context = built.sampleContext();
            PluginId first = EnableRun.create(plugins, name(0), context);
            for (int number = 1; number < PLUGINS; number++) {
                EnableRun.create(plugins, name(number), context);
            }
            var bare = bareOnes(plugins, place, first);
            var bareTimes = new Timings.Builder();
            var engineTimes = new Timings.Builder();
            for (int round = 0; round < WARM_UPS + ROUNDS; round++) {
                double bareMillis = bareRound(few, bare);
                double engineMillis = engineRound(many, place, plugins);
                if (round >= WARM_UPS) {
                    bareTimes.add(bareMillis);
                    engineTimes.add(engineMillis);
                }
            }
            return table(bareTimes.build(), engineTimes.build(), cores);
        }
    }

    private static List<BareContainer> bareOnes(Plugins plugins, Place place, PluginId first)
            throws Exception {
        plugins.enable(name(0), EngineHere.START_TIMEOUT).block(EngineHere.PATIENCE);
        Template template = Template.of(place, first);
        plugins.disable(name(0), Force.YES).block(EngineHere.PATIENCE);
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
        var starts = new ArrayList<Callable<Object>>();
        for (BareContainer container : bare) {
            starts.add(() -> {
                container.start();
                return container;
            });
        }
        double millis = Timings.millisOf(() -> all(threads, starts));
        for (BareContainer container : bare) {
            container.stop();
        }
        return millis;
    }

    private static double engineRound(ExecutorService threads, Place place, Plugins plugins)
            throws Exception {
        var requests = new ArrayList<Callable<Object>>();
        for (int number = 0; number < PLUGINS; number++) {
            String target = "/v1.44/plugins/" + name(number) + "/enable?timeout=60";
            requests.add(() -> UnixHttp.once(place.socket(), "POST", target, NOTHING));
        }
        double millis = Timings.millisOf(() -> all(threads, requests));
        Flux.range(0, PLUGINS)
                .flatMap(number -> plugins.disable(name(number), Force.YES), PLUGINS)
                .blockLast(EngineHere.PATIENCE);
        return millis;
    }

    private static void all(ExecutorService threads, List<Callable<Object>> work) throws Exception {
        for (Future<Object> one : threads.invokeAll(work)) {
            one.get();
        }
    }

    private static String name(int number) {
        return "sample" + number;
    }

    private static Table table(Timings bare, Timings engine, int cores) {
        double ratio = engine.median() / bare.median();
        return new Table("How long do " + PLUGINS + " enables at once take, " + cores + " starts at a time?",
                Table.heads("way"),
                List.of(Row.of("bare, on " + cores + " threads", bare),
                        Row.of("HTTP, " + PLUGINS + " requests at once", engine)
                                .beside("bare, on " + cores + " threads")),
                List.of(Table.verdict("enables against bare, medians", ratio, WANTED_RATIO, "times")));
    }
}
