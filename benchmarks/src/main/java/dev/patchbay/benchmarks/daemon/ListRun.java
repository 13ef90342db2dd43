package dev.patchbay.benchmarks.daemon;

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
import dev.patchbay.web.PathPattern;
import dev.patchbay.web.Reply;
import dev.patchbay.web.Route;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Mono;

/**
 * How long does {@code GET /plugins} on the unix socket take with 1,000 plugins installed?
 *
 * <p>Once with the smallest configuration that a plugin can have, once with the sample's. The baseline is a route of the
 * same server that answers with the same bytes from memory: what HTTP and the socket alone take.
 */
public final class ListRun implements LoadRun {
    private static final int PLUGINS = 1000;
    private static final int WARM_UPS = 300;
    private static final int ROUNDS = 500;
    private static final double WANTED_MS = 5;
    private static final byte[] SMALL = """
            {"description": "small", "entrypoint": ["/none"], "network": {"type": ""},
             "interface": {"types": ["docker.dummy/1.0"], "socket": "s.sock"}}
            """.getBytes(StandardCharsets.UTF_8);
    private static final String LIST = "/v1.44/plugins";

    @Override
    public Table measure(Built built) throws Exception {
        var rows = new ArrayList<Row>();
        var remarks = new ArrayList<Remark>();
        measure("smallest config", SMALL, rows, remarks);
        measure("sample's config", built.sampleConfig(), rows, remarks);
        return new Table("How long does a list of " + PLUGINS + " plugins take over HTTP?",
                Table.heads("what"), rows,
                remarks);
    }

    private static void measure(String what, byte[] config, List<Row> rows, List<Remark> remarks)
            throws Exception {
        var body = new AtomicReference<>(new byte[0]);
        Route memory = Route.get(PathPattern.of("/memory"), _ -> Mono.just(Reply.json(200, body.get())));
        try (Place place = Place.make()) {
            Records.write(place.root(), PLUGINS, config);
            try (var _ = EngineHere.serve(place, List.of(memory));
                    var http = UnixHttp.connect(place.socket())) {
                double first = Timings.millisOf(() -> body.set(http.get(LIST).orFail().body()));
                expectAll(body.get());
                var baseline = new Timings.Builder();
                var list = new Timings.Builder();
                for (int round = 0; round < WARM_UPS + ROUNDS; round++) {
                    double memoryMillis = Timings.millisOf(() -> http.get("/memory").orFail());
                    double listMillis = Timings.millisOf(() -> http.get(LIST).orFail());
                    if (round >= WARM_UPS) {
                        baseline.add(memoryMillis);
                        list.add(listMillis);
                    }
                }
                rows.add(Row.of(what + ": the same bytes from memory", baseline.build()));
                rows.add(Row.of(what + ": GET /plugins", list.build())
                        .beside(what + ": the same bytes from memory"));
                remarks.add(Table.verdict("list, " + what, list.build().median(), WANTED_MS, "ms")
                        .and("; " + body.get().length / 1024 + " KiB; the first list took "
                                + Timings.text(first)
                                + " ms"));
            }
        }
    }

    private static void expectAll(byte[] body) throws IOException {
        String text = new String(body, StandardCharsets.UTF_8);
        if (!text.contains("\"" + Records.name(0) + ":latest\"")
                || text.split("\"" + "Id\":", -1).length - 1 != PLUGINS) {
            throw new IOException("the list does not show " + PLUGINS + " plugins");
        }
    }
}
