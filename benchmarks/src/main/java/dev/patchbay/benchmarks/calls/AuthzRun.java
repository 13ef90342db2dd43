package dev.patchbay.benchmarks.calls;

import dev.patchbay.PluginCall;
import dev.patchbay.Plugins;
import dev.patchbay.authz.AuthzChain;
import dev.patchbay.authz.AuthzOptions;
import dev.patchbay.benchmarks.enable.EnableRun;
import dev.patchbay.benchmarks.load.Scale;
import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.EngineHere;
import dev.patchbay.benchmarks.measure.LoadRun;
import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.benchmarks.measure.Remark;
import dev.patchbay.benchmarks.measure.Row;
import dev.patchbay.benchmarks.measure.Table;
import dev.patchbay.benchmarks.measure.Timings;
import dev.patchbay.benchmarks.measure.UnixHttp;
import dev.patchbay.client.ClientOptions;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.web.Authorization;
import dev.patchbay.web.ListenAddress;
import dev.patchbay.web.PathPattern;
import dev.patchbay.web.PluginServer;
import dev.patchbay.web.Reply;
import dev.patchbay.web.Route;
import dev.patchbay.web.RouteTable;
import dev.patchbay.web.ServerConfig;
import io.netty.buffer.Unpooled;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/**
 * What does a request cost that one authorization plugin is asked about, beyond the same request without any?
 *
 * <p>The request is answered from memory, with JSON that the plugin is shown. The plugin is the sample, under the real runtime;
 * it is asked twice, as Docker does: before the request is carried out, and before it is answered. So the round trip that this is
 * measured against is both calls, one after the other, with the same bytes, made with Reactor Netty alone, for a caller that is
 * not one of its event loops and has a thread to which it returns. Beside it: the same on the event loop itself; with the plugin
 * client, as any host makes them; and a thread that writes to a socket, waits, and does nothing else. The ways take turns in an
 * order that is drawn.
 */
public final class AuthzRun implements LoadRun {
    private static final int WARM_UPS = 100; // with fewer not all of any way is compiled, and it takes twice as long
    private static final int ROUNDS = 60;
    private static final int REQUESTS = 500;
    private static final long SEED = 42;
    private static final double MOST_BEYOND = 1.05;

    private static final String PLAIN = "request without a chain";
    private static final String CHAIN = "request with one plugin";
    private static final String CLIENT = "both calls, plugin client";
    private static final String BARE = "both calls, bare Reactor Netty";
    private static final String ON_LOOP = "both calls, the same on one thread";
    private static final String RAW = "both calls, a thread that waits";
    private static final String TARGET = "/memory";
    private static final String BEFORE_METHOD = "/AuthZPlugin.AuthZReq";
    private static final String AFTER_METHOD = "/AuthZPlugin.AuthZRes";
    private static final byte[] ANSWER = "{\"Name\":\"sample:latest\",\"Enabled\":true}\n"
            .getBytes(StandardCharsets.UTF_8);

    /** What the plugin is told, as the chain says it. */
    private static final String REQUEST = "{\"RequestMethod\":\"GET\",\"RequestUri\":\"" + TARGET
            + "\",\"RequestHeaders\":{\"Content-Length\":\"0\",\"Content-Type\":\"application/x-tar\"}";
    private static final byte[] BEFORE = (REQUEST + "}\n").getBytes(StandardCharsets.UTF_8);
    private static final byte[] AFTER = (REQUEST + ",\"ResponseStatusCode\":200,\"ResponseBody\":\""
            + Base64.getEncoder().encodeToString(ANSWER)
            + "\",\"ResponseHeaders\":{\"Content-Type\":\"application/json\"}}\n")
            .getBytes(StandardCharsets.UTF_8);

    @Override
    public Table measure(Built built) throws Exception {
        var loops = PluginServer.eventLoops();
        try (Place place = Place.make();
                var engine = EngineHere.open(place, it -> it.client(ClientOptions.DEFAULT.on(loops)))) {
            Plugins plugins = engine.plugins();
            PluginId id = enabled(plugins, built);
            var chain = Objects.requireNonNull(AuthzChain.open(plugins, AuthzOptions.naming(List.of("authz")))
                    .block(EngineHere.PATIENCE));
            Path socket = place.execRoot().resolve(id.hex()).resolve("sample.sock");
            Path without = place.folder().resolve("n");
            Path with = place.folder().resolve("a");
            PluginServer plain = serve(without, loops, Optional.empty());
            PluginServer guarded = serve(with, loops,
                    Optional.of(new Authorization(chain, Optional.empty())));
            try (var one = UnixHttp.connect(without);
                    var other = UnixHttp.connect(with);
                    var plugin = UnixHttp.connect(socket);
                    var bare = Bare.of(socket)) {
                var ways = new LinkedHashMap<String, Way>();
                ways.put(PLAIN, times -> repeat(times, () -> one.get(TARGET).orFail()));
                ways.put(CHAIN, times -> repeat(times, () -> other.get(TARGET).orFail()));
                ways.put(CLIENT, new ByClient(plugins, bare.caller())::calls);
                ways.put(BARE, bare::calls);
                ways.put(ON_LOOP, bare::callsOnLoop);
                ways.put(RAW, times -> repeat(times, () -> {
                    allowed(plugin.send("POST", BEFORE_METHOD, BEFORE).orFail().body());
                    allowed(plugin.send("POST", AFTER_METHOD, AFTER).orFail().body());
                }));
                return table(rounds(ways));
            } finally {
                plain.close().block(EngineHere.PATIENCE);
                guarded.close().block(EngineHere.PATIENCE);
            }
        } finally {
            loops.disposeLater(Duration.ZERO, Duration.ofSeconds(3)).block(EngineHere.PATIENCE);
        }
    }

    /** The sample as an authorization plugin, enabled. */
    private static PluginId enabled(Plugins plugins, Built built) throws IOException {
        PluginId id = EnableRun.create(plugins, "authz", built.sampleContext(
                config -> config.replace("docker.dummy/1.0", "docker.authz/1.0")));
        plugins.set("authz", List.of("SAMPLE_QUIET=1")).block(EngineHere.PATIENCE);
        plugins.enable("authz", EngineHere.START_TIMEOUT).block(EngineHere.PATIENCE);
        return id;
    }

    private static PluginServer serve(Path socket, LoopResources loops,
            Optional<Authorization> authorization) {
        Route memory = Route.get(PathPattern.of(TARGET), _ -> Mono.just(Reply.json(200, ANSWER)));
        var config = ServerConfig.of(List.of(new ListenAddress.Unix(socket, Optional.empty())),
                it -> {
                    it.eventLoops(loops);
                    authorization.ifPresent(it::authorization);
                });
        return PluginServer.bind(config, new RouteTable(List.of(memory)))
                .blockOptional(EngineHere.PATIENCE)
                .orElseThrow();
    }

    private static byte[] allowed(byte[] answer) {
        String said = new String(answer, StandardCharsets.UTF_8);
        if (!said.contains("\"Allow\":true")) {
            throw new IllegalStateException("the plugin says " + said);
        }
        return answer;
    }

    /** Something done so many times, one after the other. */
    private interface Way {
        void take(int times) throws Exception;
    }

    private static void repeat(int times, Timings.Work work) throws Exception {
        for (int i = 0; i < times; i++) {
            work.run();
        }
    }

    /** Both calls without us. */
    private record Bare(HttpClient http, ConnectionProvider pool, LoopResources loops, Scheduler caller)
            implements
                AutoCloseable {
        static Bare of(Path socket) {
            var address = new DomainSocketAddress(socket.toString());
            var pool = ConnectionProvider.create("bare", ClientOptions.DEFAULT.limits().connections());
            var loops = LoopResources.create("bare-http", Runtime.getRuntime().availableProcessors(), true);
            HttpClient http = HttpClient.create(pool).runOn(loops).remoteAddress(() -> address);
            return new Bare(http, pool, loops, Schedulers.newSingle("bare-caller"));
        }

        void calls(int times) {
            Flux.range(0, times)
                    .publishOn(caller)
                    .concatMap(_ -> call(BEFORE_METHOD, BEFORE).publishOn(caller)
                            .then(Mono.defer(() -> call(AFTER_METHOD, AFTER).publishOn(caller))))
                    .blockLast(EngineHere.PATIENCE);
        }

        void callsOnLoop(int times) {
            Flux.range(0, times)
                    .concatMap(_ -> call(BEFORE_METHOD, BEFORE)
                            .then(Mono.defer(() -> call(AFTER_METHOD, AFTER))))
                    .subscribeOn(Schedulers.fromExecutor(loops.onClient(true).next()))
                    .blockLast(EngineHere.PATIENCE);
        }

        private Mono<byte[]> call(String method, byte[] body) {
            return http.post()
                    .uri(method)
                    .send((_, out) -> out.sendObject(Unpooled.wrappedBuffer(body)))
                    .responseSingle((_, answer) -> answer.asByteArray())
                    .map(AuthzRun::allowed);
        }

        @Override
        public void close() {
            pool.disposeLater().then(loops.disposeLater(Duration.ZERO, Duration.ofSeconds(3))).block();
            caller.dispose();
        }
    }

    /** Both calls as a host makes them. */
    private record ByClient(Plugins plugins, Scheduler caller) {
        private static final Map<String, String> HEADERS = Map.of("Content-Length", "0", "Content-Type",
                "application/x-tar");
        private static final PluginCall<Allowed> BEFORE_CALL = PluginCall
                .of(BEFORE_METHOD.substring(1), Allowed.class)
                .body(new Before("GET", TARGET, HEADERS));
        private static final PluginCall<Allowed> AFTER_CALL = PluginCall
                .of(AFTER_METHOD.substring(1), Allowed.class)
                .body(new After("GET", TARGET, HEADERS, 200, ANSWER,
                        Map.of("Content-Type", "application/json")));

        record Before(String requestMethod, String requestUri, Map<String, String> requestHeaders) {}

        @SuppressWarnings("ArrayRecordComponent") // written, never compared
        record After(String requestMethod, String requestUri, Map<String, String> requestHeaders,
                int responseStatusCode, byte[] responseBody, Map<String, String> responseHeaders) {}

        record Allowed(boolean allow) {}

        void calls(int times) {
            Flux.range(0, times)
                    .publishOn(caller)
                    .concatMap(_ -> call(BEFORE_CALL).then(Mono.defer(() -> call(AFTER_CALL))))
                    .blockLast(EngineHere.PATIENCE);
        }

        private Mono<Allowed> call(PluginCall<Allowed> call) {
            return plugins.lookUp("authz", AuthzChain.CAPABILITY)
                    .flatMap(use -> use.client().call(call))
                    .publishOn(caller)
                    .doOnNext(answer -> {
                        if (!answer.allow()) {
                            throw new IllegalStateException("the plugin does not agree");
                        }
                    });
        }
    }

    private static Map<String, Timings> rounds(Map<String, Way> ways) throws Exception {
        var taken = new LinkedHashMap<String, Timings.Builder>();
        ways.keySet().forEach(name -> taken.put(name, new Timings.Builder()));
        var order = new ArrayList<>(ways.keySet());
        var random = new Random(SEED);
        int times = Scale.of(REQUESTS);
        for (int round = 0; round < WARM_UPS + ROUNDS; round++) {
            Collections.shuffle(order, random); // what came before leaves its traces
            for (String name : order) {
                Way way = Objects.requireNonNull(ways.get(name));
                double millis = Timings.millisOf(() -> way.take(times)) / times;
                if (round >= WARM_UPS) {
                    Objects.requireNonNull(taken.get(name)).add(millis);
                }
            }
        }
        var timings = new LinkedHashMap<String, Timings>();
        taken.forEach((name, builder) -> timings.put(name, builder.build()));
        return timings;
    }

    private static Table table(Map<String, Timings> timings) {
        var rows = new ArrayList<Row>();
        timings.forEach((name, taken) -> rows.add(Row.of(name, taken)));
        Timings added = Objects.requireNonNull(timings.get(CHAIN))
                .beyond(Objects.requireNonNull(timings.get(PLAIN)));
        rows.add(Row.of("  what the chain adds", added));
        ToDoubleFunction<String> times = way -> added.median()
                / Objects.requireNonNull(timings.get(way)).median();
        return new Table("What does it cost to have a request authorized?", Table.heads("way"), rows, List.of(
                Table.verdict("what the chain adds, in round trips to the plugin (both calls)",
                        times.applyAsDouble(BARE), MOST_BEYOND, "times").and(Scale.remark()),
                Remark.of("in those of the plugin client: " + Timings.text(times.applyAsDouble(CLIENT))
                        + " times; of Reactor Netty on one thread: "
                        + Timings.text(times.applyAsDouble(ON_LOOP))
                        + " times; of a thread that waits: " + Timings.text(times.applyAsDouble(RAW))
                        + " times"),
                Remark.of("each number is the mean of " + Scale.of(REQUESTS) + " in turn; n is rounds")));
    }
}
