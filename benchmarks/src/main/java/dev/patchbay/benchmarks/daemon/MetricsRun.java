package dev.patchbay.benchmarks.daemon;

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
import dev.patchbay.metrics.Metric;
import dev.patchbay.metrics.PrometheusText;
import dev.patchbay.metrics.Reading;
import dev.patchbay.web.PathPattern;
import dev.patchbay.web.Reply;
import dev.patchbay.web.Route;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * How long does a scrape of the metrics of 1,000 plugins take over the unix socket?
 *
 * <p>The engine has them installed; what they would use, four series each, is made up, since 1,000 containers would measure
 * the machine. Each text is made anew, which the daemon's page does once a second at most. The baseline is a registry of
 * Micrometer's with as many series of each kind, scraped in the same server.
 */
public final class MetricsRun implements LoadRun {
    private static final int PLUGINS = 1000;
    private static final int WARM_UPS = 300;
    private static final int ROUNDS = 500;
    private static final double WANTED_MS = 20;
    private static final byte[] SMALL = """
            {"description": "small", "entrypoint": ["/none"], "network": {"type": ""},
             "interface": {"types": ["docker.dummy/1.0"], "socket": "s.sock"}}
            """.getBytes(StandardCharsets.UTF_8);

    @Override
    public Table measure(Built built) throws Exception {
        var engine = new AtomicReference<@Nullable Plugins>();
        List<Reading> usage = IntStream.range(0, PLUGINS).boxed().flatMap(MetricsRun::usage).toList();
        var registry = registry();
        try (Place place = Place.make()) {
            Records.write(place.root(), PLUGINS, SMALL);
            try (var here = EngineHere.serve(place, List.of(
                    Route.get(PathPattern.of("/metrics"), _ -> text(() -> own(engine.get(), usage))),
                    Route.get(PathPattern.of("/micrometer"), _ -> text(registry::scrape))));
                    var http = UnixHttp.connect(place.socket())) {
                engine.set(here.plugins());
                return measured(http);
            }
        }
    }

    private static Table measured(UnixHttp http) throws Exception {
        var bare = new Timings.Builder();
        var own = new Timings.Builder();
        for (int round = 0; round < WARM_UPS + ROUNDS; round++) {
            double bareMillis = Timings.millisOf(() -> http.get("/micrometer").orFail());
            double ownMillis = Timings.millisOf(() -> http.get("/metrics").orFail());
            if (round >= WARM_UPS) {
                bare.add(bareMillis);
                own.add(ownMillis);
            }
        }
        String text = new String(http.get("/metrics").orFail().body(), StandardCharsets.UTF_8);
        if (!text.contains("patchbay_plugin_cpu_seconds_total{plugin=\"plugin-999\"} ")
                || !text.contains("patchbay_plugins{state=\"stopped\"} " + PLUGINS + "\n")) {
            throw new IOException("the metrics do not show " + PLUGINS + " plugins");
        }
        var rows = List.of(Row.of("a registry of Micrometer's", bare.build()),
                Row.of("GET /metrics", own.build()).beside("a registry of Micrometer's"));
        var remarks = new ArrayList<Remark>();
        remarks.add(Table.verdict("metrics of " + PLUGINS + " plugins", own.build().median(), WANTED_MS, "ms")
                .and("; " + text.length() / 1024 + " KiB"));
        return new Table("How long does a scrape of the metrics of " + PLUGINS + " plugins take?",
                Table.heads("what"), rows, remarks);
    }

    private static Mono<Reply> text(Supplier<String> text) {
        return Mono.fromSupplier(() -> new Reply.Full(200,
                Map.of("Content-Type", PrometheusText.MEDIA_TYPE),
                text.get().getBytes(StandardCharsets.UTF_8)));
    }

    private static String own(@Nullable Plugins plugins, List<Reading> usage) {
        List<Reading> counted = plugins == null ? List.of() : plugins.metrics();
        return PrometheusText.of(Stream.concat(counted.stream(), usage.stream()).toList());
    }

    private static Stream<Reading> usage(int plugin) {
        String name = "plugin-" + plugin;
        return Stream.of(Reading.of(Metric.PLUGIN_CPU, plugin / 3.0, name),
                Reading.of(Metric.PLUGIN_MEMORY, 1L << 20, name), Reading.of(Metric.PLUGIN_PIDS, 3, name),
                Reading.of(Metric.PLUGIN_OOM_KILLS, 0, name));
    }

    private static PrometheusMeterRegistry registry() {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        for (int i = 0; i < PLUGINS; i++) {
            double value = i / 3.0;
            for (String name : List.of("bare.cpu", "bare.kills")) {
                FunctionCounter.builder(name, registry, _ -> value)
                        .tag("plugin", "plugin-" + i)
                        .register(registry);
            }
            for (String name : List.of("bare.memory", "bare.pids")) {
                Gauge.builder(name, () -> value).tag("plugin", "plugin-" + i).register(registry);
            }
        }
        return registry;
    }
}
