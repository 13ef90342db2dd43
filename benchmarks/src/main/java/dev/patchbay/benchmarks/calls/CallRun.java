package dev.patchbay.benchmarks.calls;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.patchbay.PluginAddress;
import dev.patchbay.PluginCall;
import dev.patchbay.benchmarks.load.Scale;
import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.EngineHere;
import dev.patchbay.benchmarks.measure.LoadRun;
import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.benchmarks.measure.Remark;
import dev.patchbay.benchmarks.measure.Row;
import dev.patchbay.benchmarks.measure.Series;
import dev.patchbay.benchmarks.measure.Table;
import dev.patchbay.benchmarks.measure.Timings;
import dev.patchbay.benchmarks.measure.Unit;
import dev.patchbay.client.ClientOptions;
import dev.patchbay.client.PluginClients;
import dev.patchbay.client.PluginEndpoint;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/**
 * What does a call that does nothing cost through the client, beside the same request made with Reactor Netty alone, and how
 * many a second does one plugin get?
 *
 * <p>The plugin is the sample, which has one thread. Both ways ask it for {@code Plugin.Activate}, with
 * as many connections and event loops; the client reads the answer as JSON into a record, the bare way takes its bytes. They
 * take turns in an order that is drawn. <em>One after the other</em> is what a caller waits for, without a thread that waits
 * itself; <em>many</em> is as fast as it goes.
 */
public final class CallRun implements LoadRun {
    private static final int WARM_UPS = 5;
    private static final int ROUNDS = 30;
    private static final int IN_TURN = 5000;
    private static final int TOGETHER = 20_000;
    private static final int AT_A_TIME = 64;
    private static final long SEED = 42;
    private static final double MOST_OVERHEAD = 10;
    private static final double WANTED_PER_SECOND = 20_000;

    private static final String BARE = "bare Reactor Netty";
    private static final String CLIENT = "client";
    private static final String ONE = ", one after the other";
    private static final String MANY = ", " + AT_A_TIME + " at a time";
    private static final PluginCall<Manifest> CALL = PluginCall.of("Plugin.Activate", Manifest.class);

    /** What the sample answers. */
    record Manifest(@JsonProperty("Implements") List<String> subsystems) {}

    /** So many calls, so many at a time. */
    private record Way(Mono<?> call, int calls, int atATime) {
        double perSecond() {
            long begin = System.nanoTime();
            Long answers = Flux.range(0, calls)
                    .flatMap(_ -> call, atATime, 1)
                    .count()
                    .block(EngineHere.PATIENCE);
            if (answers == null || answers != calls) {
                throw new IllegalStateException(answers + " answers to " + calls + " calls");
            }
            return 1e9 * calls / (System.nanoTime() - begin);
        }
    }

    @Override
    public Table measure(Built built) throws Exception {
        try (Place place = Place.make(); var sample = SampleHere.start(built, place.folder())) {
            Path socket = sample.socket();
            var options = ClientOptions.DEFAULT;
            var clients = PluginClients.open(options);
            try (var bare = Bare.of(socket, options.limits().connections())) {
                var client = clients.connect(
                        new PluginEndpoint("sample", 1, new PluginAddress.Unix(socket), ""));
                var ways = new LinkedHashMap<String, Way>();
                ways.put(BARE + ONE, new Way(bare.call(), Scale.of(IN_TURN), 1));
                ways.put(CLIENT + ONE, new Way(client.call(CALL), Scale.of(IN_TURN), 1));
                ways.put(BARE + MANY, new Way(bare.call(), Scale.of(TOGETHER), AT_A_TIME));
                ways.put(CLIENT + MANY, new Way(client.call(CALL), Scale.of(TOGETHER), AT_A_TIME));
                return table(rounds(ways));
            } finally {
                clients.close().block(EngineHere.PATIENCE);
            }
        }
    }

    /** The same request without us. */
    private record Bare(Mono<byte[]> call, ConnectionProvider pool, LoopResources loops)
            implements
                AutoCloseable {
        static Bare of(Path socket, int connections) {
            var address = new DomainSocketAddress(socket.toString());
            var pool = ConnectionProvider.builder("bare")
                    .maxConnections(connections)
                    .pendingAcquireMaxCount(-1)
                    .build();
            var loops = LoopResources.create("bare-http", Runtime.getRuntime().availableProcessors(), true);
            HttpClient http = HttpClient.create(pool).runOn(loops).remoteAddress(() -> address);
            Mono<byte[]> call = Mono.defer(() -> http.post()
                    .uri("/Plugin.Activate")
                    .responseSingle((_, body) -> body.asByteArray()));
            return new Bare(call, pool, loops);
        }

        @Override
        public void close() {
            pool.disposeLater().then(loops.disposeLater(Duration.ZERO, Duration.ofSeconds(3))).block();
        }
    }

    private static Map<String, List<Double>> rounds(Map<String, Way> ways) {
        var taken = new LinkedHashMap<String, List<Double>>();
        ways.keySet().forEach(name -> taken.put(name, new ArrayList<>()));
        var order = new ArrayList<>(ways.keySet());
        var random = new Random(SEED);
        for (int round = 0; round < WARM_UPS + ROUNDS; round++) {
            Collections.shuffle(order, random); // what came before leaves its traces
            for (String name : order) {
                double perSecond = Objects.requireNonNull(ways.get(name)).perSecond();
                if (round >= WARM_UPS) {
                    Objects.requireNonNull(taken.get(name)).add(perSecond);
                }
            }
        }
        return taken;
    }

    private static Table table(Map<String, List<Double>> taken) {
        var rows = new ArrayList<Row>();
        taken.forEach((name, rates) -> {
            double[] sorted = rates.stream().mapToDouble(it -> it).sorted().toArray();
            double median = sorted[sorted.length / 2];
            rows.add(Row.of(name, whole(median), whole(sorted[0]), whole(sorted[sorted.length - 1]),
                    name.endsWith(ONE) ? Timings.text(1e6 / median) : "", Integer.toString(sorted.length))
                    .of(Series.of(name, Unit.perSecond("calls"), rates).beside(name.replace(CLIENT, BARE))));
        });
        double[] best = Objects.requireNonNull(taken.get(CLIENT + MANY))
                .stream()
                .mapToDouble(it -> it)
                .sorted()
                .toArray();
        return new Table("What does a call through the client cost?",
                List.of("way", "median/s", "min", "max", "µs each", "n"), rows, List.of(
                        Table.verdict("a call beyond a bare request", overhead(taken, ONE), MOST_OVERHEAD,
                                "%").and(Scale.remark()),
                        Remark.of("a call beyond a bare request, as fast as it goes: "
                                + Timings.text(overhead(taken, MANY)) + " %"),
                        Table.verdictAtLeast("calls to one plugin", best[best.length / 2], WANTED_PER_SECOND,
                                "a second")));
    }

    /** The median of the rounds' ratios. */
    private static double overhead(Map<String, List<Double>> taken, String how) {
        List<Double> bare = Objects.requireNonNull(taken.get(BARE + how));
        List<Double> ours = Objects.requireNonNull(taken.get(CLIENT + how));
        double[] sorted = IntStream.range(0, bare.size())
                .mapToDouble(round -> 100 * (bare.get(round) / ours.get(round) - 1))
                .sorted()
                .toArray();
        return sorted[sorted.length / 2];
    }

    private static String whole(double rate) {
        return String.format(Locale.ROOT, "%,.0f", rate);
    }
}
