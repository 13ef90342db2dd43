package dev.patchbay.web;

import static dev.patchbay.authz.AuthzWorld.REQUEST;
import static dev.patchbay.authz.AuthzWorld.some;

import dev.patchbay.authz.AuthzChain;
import dev.patchbay.authz.AuthzOptions;
import dev.patchbay.authz.AuthzWorld;
import dev.patchbay.client.ScriptedPlugin;
import dev.patchbay.client.ScriptedPlugin.Behaviour;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.WebsocketServerSpec;
import tools.jackson.databind.JsonNode;

/**
 * A server over a real engine, whose one plugin is asked about each request, and which has a route for each kind of answer. It
 * remembers what was carried out, and when root went past the plugin. Must be closed.
 */
final class GuardedServer implements AutoCloseable {
    /** A no. */
    static final Behaviour DENY = Behaviour.json("{\"Allow\":false,\"Msg\":\"not you\"}");

    /** What comes of a no, in Docker's words. */
    static final String DENIED = "{\"message\":\"authorization denied by plugin authz:latest: not you\"}\n";

    /** The header of a body that is shown. */
    static final String JSON = "Content-Type: application/json\r\n";

    // No call ends by itself while a test waits for its end.
    private static final Duration LONG = Duration.ofMinutes(1);

    private final AuthzWorld world = new AuthzWorld();
    private final ScriptedPlugin plugin = world.enabled("authz");
    private final List<String> handled = new CopyOnWriteArrayList<>();
    private final List<Map<String, String>> noted = new CopyOnWriteArrayList<>();
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private TestServer server;

    /** Starts one with a way out for root. */
    GuardedServer() {
        server = TestServer.start(routes(),
                config -> config.authorization(
                        authorization(Optional.of(details -> Mono.fromRunnable(() -> noted.add(details))))));
    }

    /** Ends the server and starts another one. */
    void restart(List<Route> routes, Consumer<ServerConfig.Builder> changes) {
        server.close();
        server = TestServer.start(routes, changes);
    }

    /** Ends the server and starts another one, which tells there that root went past the plugin. */
    void restart(Optional<Authorization.Audit> wayOut) {
        restart(routes(), config -> config.authorization(authorization(wayOut)));
    }

    /** Who must agree: whoever is enabled in the engine. */
    Authorization authorization(Optional<Authorization.Audit> wayOut) {
        var options = new AuthzOptions(List.of(), LONG);
        return new Authorization(some(AuthzChain.open(world.plugins(), options)), wayOut);
    }

    /** One for each kind of answer. */
    List<Route> routes() {
        return List.of(
                Route.post(PathPattern.of("/echo"), exchange -> exchange.body()
                        .bytes()
                        .doOnNext(bytes -> handled.add(new String(bytes, StandardCharsets.UTF_8)))
                        .map(bytes -> Reply.json(200, bytes))),
                Route.get(PathPattern.of("/json"), _ -> Mono.just(Json.reply(200, List.of("hi"))
                        .with("X-A", "b"))),
                Route.get(PathPattern.of("/text"), _ -> Mono.just(new Reply.Full(200,
                        Map.of("Content-Type", "text/plain"), "hi".getBytes(StandardCharsets.UTF_8)))),
                Route.get(PathPattern.of("/long"), _ -> Mono.just(Reply.json(200, new byte[(4 << 20) + 1]))),
                Route.get(PathPattern.of("/fails"), _ -> Mono.error(new HttpFailure(409, "no"))),
                Route.get(PathPattern.of("/open"), _ -> Mono.just(Json.reply(200, List.of("open"))))
                        .openToRoot(),
                Route.get(PathPattern.of("/patchbay/v1/x"), _ -> Mono.just(Json.reply(200, List.of("hi")))),
                Route.get(PathPattern.of("/stream"),
                        _ -> Mono.just(Reply.stream(Reply.JSON, Flux.<byte[]>never()
                                .startWith(new byte[]{'x'})
                                .doOnCancel(cancelled::countDown)))),
                Route.get(PathPattern.of("/late"), _ -> Mono.just(late(Flux.<byte[]>never()
                        .startWith(new byte[]{'x'})
                        .doOnCancel(cancelled::countDown)))),
                Route.get(PathPattern.of("/late/fails"),
                        _ -> Mono.just(late(Flux.error(new HttpFailure(404, "gone"))))),
                Route.get(PathPattern.of("/late/ends"),
                        _ -> Mono.just(late(Flux.just(new byte[]{'x'}, new byte[]{'y'})))),
                Route.get(PathPattern.of("/live"), _ -> Mono.just(new Reply.Live(Map.of(), (_, _) -> {
                    handled.add("live");
                    return Mono.empty();
                }))),
                Route.get(PathPattern.of("/socket"), _ -> Mono.just(new Reply.WebSocket(Map.of(),
                        WebsocketServerSpec.builder().build(),
                        (_, out) -> out.sendString(Mono.just("hi"))))));
    }

    private static Reply.Late late(Flux<byte[]> chunks) {
        return new Reply.Late(Map.of("X-A", "b"), Map.of("Content-Type", "application/json"), chunks,
                new Reply.Failures() {
                    @Override
                    public Reply.Full before(Throwable failure) {
                        return ErrorReplies.of(failure instanceof HttpFailure http ? http.status() : 500,
                                failure.getMessage());
                    }

                    @Override
                    public Mono<byte[]> amid(Throwable failure) {
                        return Mono.error(failure);
                    }
                });
    }

    /** The engine. */
    AuthzWorld world() {
        return world;
    }

    /** Whoever is asked; says yes until told otherwise. */
    ScriptedPlugin plugin() {
        return plugin;
    }

    /** The bodies that handlers got, and what else they began. */
    List<String> handled() {
        return handled;
    }

    /** What was told of root. */
    List<Map<String, String>> noted() {
        return noted;
    }

    /** Is down to zero when an answer that goes on was cancelled. */
    CountDownLatch cancelled() {
        return cancelled;
    }

    Path socket() {
        return server.socket();
    }

    String get(String target) throws IOException {
        return server.get(target);
    }

    String send(String method, String target, String... headers) throws IOException {
        return server.send(method, target, headers);
    }

    /** Sends a body to the route that gives it back. */
    String post(String headers, String body) throws IOException {
        return RawClient.exchange(socket(),
                "POST /echo HTTP/1.1\r\nHost: d\r\nConnection: close\r\n" + headers + "\r\n" + body);
    }

    /** The head of a request. */
    static String head(String what, String... headers) {
        return what + " HTTP/1.1\r\nHost: d\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
    }

    /** What the plugin was told when it was asked so. */
    List<JsonNode> told(String method) {
        return plugin.received(method)
                .stream()
                .map(request -> Json.mapper().readTree(request.body()))
                .toList();
    }

    /** The bodies that the plugin was shown. */
    List<String> bodies() {
        return told(REQUEST).stream()
                .map(question -> new String(
                        Base64.getDecoder().decode(question.path("RequestBody").asString("")),
                        StandardCharsets.UTF_8))
                .toList();
    }

    @Override
    public void close() {
        server.close();
        world.close();
    }
}
