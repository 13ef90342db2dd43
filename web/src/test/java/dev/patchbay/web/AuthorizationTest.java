package dev.patchbay.web;

import static dev.patchbay.authz.AuthzWorld.ALLOW;
import static dev.patchbay.authz.AuthzWorld.PATIENCE;
import static dev.patchbay.authz.AuthzWorld.REQUEST;
import static dev.patchbay.authz.AuthzWorld.RESPONSE;
import static dev.patchbay.authz.AuthzWorld.some;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.authz.AuthzChain;
import dev.patchbay.authz.AuthzOptions;
import dev.patchbay.authz.AuthzWorld;
import dev.patchbay.client.ScriptedPlugin;
import dev.patchbay.client.ScriptedPlugin.Behaviour;
import dev.patchbay.syscall.RequiresRoot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.WebsocketServerSpec;
import tools.jackson.databind.JsonNode;

/** Requests are carried out, and answered, only if authorization plugins agree to exactly what is carried out and answered. */
@Timeout(60)
class AuthorizationTest {
    private static final Behaviour DENY = Behaviour.json("{\"Allow\":false,\"Msg\":\"not you\"}");
    private static final String DENIED = "{\"message\":\"authorization denied by plugin authz:latest: not you\"}\n";
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final String TOO_LARGE = "request body too large for authorization plugin: size exceeds 4194304 bytes";

    private final AuthzWorld world = new AuthzWorld();
    private final List<String> handled = new CopyOnWriteArrayList<>();
    private final List<Map<String, String>> noted = new CopyOnWriteArrayList<>();
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private ScriptedPlugin plugin;
    private TestServer server;

    @BeforeEach
    void start() {
        plugin = world.enabled("authz");
        serve(Optional.of(details -> Mono.fromRunnable(() -> noted.add(details))));
    }

    private void serve(Optional<Authorization.Audit> wayOut) {
        var chain = some(AuthzChain.open(world.plugins(), AuthzOptions.naming(List.of())));
        server = TestServer.start(routes(), config -> config.authorization(new Authorization(chain, wayOut)));
    }

    private List<Route> routes() {
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

    @AfterEach
    void close() {
        server.close();
        world.close();
    }

    private String post(String headers, String body) throws IOException {
        return RawClient.exchange(server.socket(),
                "POST /echo HTTP/1.1\r\nHost: d\r\nConnection: close\r\n" + headers + "\r\n" + body);
    }

    private static String head(String what, String... headers) {
        return what + " HTTP/1.1\r\nHost: d\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
    }

    private List<JsonNode> told(String method) {
        return plugin.received(method)
                .stream()
                .map(request -> Json.mapper().readTree(request.body()))
                .toList();
    }

    private List<String> bodies() {
        return told(REQUEST).stream()
                .map(question -> new String(
                        Base64.getDecoder().decode(question.path("RequestBody").asString("")),
                        StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void tellsOfARequestAndItsAnswer() throws Exception {
        assertThat(server.send("GET", "/json?q=1", "X-Some: thing", "Authorization: Bearer secret"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("[\"hi\"]\n");
        assertThat(told(REQUEST)).singleElement().satisfies(question -> {
            assertThat(question.path("RequestMethod").asString()).isEqualTo("GET");
            assertThat(question.path("RequestUri").asString()).isEqualTo("/json?q=1");
            assertThat(question.path("RequestHeaders").toString()).contains("\"X-Some\":\"thing\"")
                    .doesNotContain("secret");
            assertThat(question.has("User")).isFalse();
            assertThat(question.has("RequestBody")).isFalse();
        });
        assertThat(told(RESPONSE)).singleElement().satisfies(question -> {
            assertThat(question.path("RequestUri").asString()).isEqualTo("/json?q=1");
            assertThat(question.path("ResponseStatusCode").asInt()).isEqualTo(200);
            assertThat(question.path("ResponseHeaders").toString())
                    .isEqualTo("{\"Content-Type\":\"application/json\",\"X-A\":\"b\"}");
            assertThat(question.path("ResponseBody").asString()).isEqualTo("WyJoaSJdCg==");
        });
    }

    @Test
    void carriesOutNothingThatIsDenied() throws Exception {
        plugin.on(REQUEST, DENY);
        assertThat(post(JSON + "Content-Length: 2\r\n", "[]")).startsWith("HTTP/1.1 403 ").endsWith(DENIED);
        assertThat(handled).isEmpty();
        assertThat(told(RESPONSE)).isEmpty();
    }

    @Test
    void givesNoAnswerThatIsDenied() throws Exception {
        plugin.on(RESPONSE, DENY);
        assertThat(post(JSON + "Content-Length: 6\r\n", "secret")).startsWith("HTTP/1.1 403 ")
                .endsWith(DENIED)
                .doesNotContain("secret");
        assertThat(handled).containsExactly("secret");
    }

    @Test
    void saysWhatFailed() throws Exception {
        plugin.on(REQUEST, Behaviour.status(500, "{\"Err\":\"bad day\"}"));
        assertThat(server.get("/json")).startsWith("HTTP/1.1 500 ")
                .endsWith(
                        "{\"message\":\"plugin authz:latest failed with error: AuthZPlugin.AuthZReq: bad day\"}\n");
    }

    @Test
    void invitesNobodyToRepeatWhatWasCarriedOut() throws Exception {
        plugin.on(RESPONSE, Behaviour.close());
        assertThat(post(JSON + "Content-Length: 3\r\n", "[1]")).startsWith("HTTP/1.1 500 ")
                .contains("; the request was carried out, but its answer is withheld");
        assertThat(server.get("/patchbay/v1/x")).startsWith("HTTP/1.1 500 ")
                .contains("\"title\":\"The request was carried out, but its answer is withheld\"",
                        "\"retryable\":false");
        assertThat(handled).containsExactly("[1]");
    }

    @Test
    void saysItAsAProblemInTheNativeApi() throws Exception {
        plugin.on(REQUEST, DENY);
        assertThat(server.get("/patchbay/v1/x")).startsWith("HTTP/1.1 403 ")
                .containsIgnoringCase("content-type: application/problem+json")
                .contains("urn:patchbay:problem:authorization-denied",
                        "authorization denied by plugin authz:latest");
    }

    @Test
    void asksAboutAnswersToFailures() throws Exception {
        assertThat(server.get("/fails")).startsWith("HTTP/1.1 409 ");
        assertThat(told(RESPONSE)).singleElement()
                .satisfies(
                        question -> assertThat(question.path("ResponseStatusCode").asInt()).isEqualTo(409));
    }

    @Test
    void asksNobodyWhereNothingIs() throws Exception {
        assertThat(server.get("/nothing")).startsWith("HTTP/1.1 404 ");
        assertThat(server.get("//json")).startsWith("HTTP/1.1 301 ");
        assertThat(plugin.received()).isEmpty();
    }

    @Test
    void showsNoOtherSpellingOfThePathThanTheOneThatIsRouted() throws Exception {
        assertThat(server.get("/%6a%73on?q=%61")).startsWith("HTTP/1.1 200 ");
        assertThat(server.get("http://elsewhere/json")).startsWith("HTTP/1.1 200 ");
        assertThat(told(REQUEST)).map(question -> question.path("RequestUri").asString())
                .containsExactly("/json?q=%61", "/json");
    }

    @Test
    void showsTheQueryThatIsReadWhereverASchemeStands() throws Exception {
        assertThat(server.get("http://h?a=/json?force=1")).startsWith("HTTP/1.1 404 ");
        assertThat(server.get("x?://y/json?remote=evil")).startsWith("HTTP/1.1 400 ");
        assertThat(server.get("http://h/json?a=/b?c=1")).startsWith("HTTP/1.1 200 ");
        assertThat(told(REQUEST)).map(question -> question.path("RequestUri").asString())
                .containsExactly("/json?a=/b?c=1");
    }

    @Test
    @DisplayName("CVE-2024-41110: what a handler reads is what plugins were shown, however its length is told")
    void showsWhatIsReadHoweverItsLengthIsTold() throws Exception {
        assertThat(post(JSON + "Content-Length: 0\r\n", "[\"unseen\"]")).doesNotContain("unseen");
        assertThat(post(JSON + "Transfer-Encoding: chunked\r\n", "3\r\n[1,\r\n2\r\n2]\r\n0\r\n\r\n"))
                .endsWith("[1,2]");
        post(JSON + "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", "3\r\n[3]\r\n0\r\n\r\n");
        post("Content-Type: APPLICATION/json ; charset=x\r\nContent-Length: 3\r\n", "[4]");
        post("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n", "force=1");
        post("Content-Type: text/plain\r\nContent-Type: application/json\r\nContent-Length: 3\r\n", "[5]");
        RawClient.exchange(server.socket(),
                "POST /echo HTTP/1.0\r\n" + JSON + "Content-Length: 3\r\n\r\n[6]");
        assertThat(handled).contains("", "[1,2]", "[4]", "force=1", "[5]", "[6]");
        assertThat(bodies()).containsExactlyElementsOf(handled);
    }

    @Test
    void showsEachOfSeveralRequestsItsOwnBody() throws Exception {
        String one = head("POST /echo", "Content-Type: application/json", "Content-Length: 3");
        try (var client = RawClient.connect(server.socket())) {
            client.send(one + "[1]" + one + "[2]" + one + "[3]");
            assertThat(client.readUntil("[3]")).contains("[1]", "[2]");
        }
        assertThat(bodies()).containsExactly("[1]", "[2]", "[3]");
    }

    @Test
    void takesABodyThatWaitsToBeAskedFor() throws Exception {
        try (var client = RawClient.connect(server.socket())) {
            client.send("POST /echo HTTP/1.1\r\nHost: d\r\nConnection: close\r\n" + JSON
                    + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");
            assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 100 ");
            assertThat(client.send("[1]").readAll()).startsWith("HTTP/1.1 200 ").endsWith("[1]");
        }
        assertThat(bodies()).containsExactly("[1]");
    }

    @Test
    void asksForNoBodyOfARequestThatIsDenied() throws Exception {
        plugin.on(REQUEST, DENY);
        try (var client = RawClient.connect(server.socket())) {
            client.send(head("POST /echo", "Connection: close", "Expect: 100-continue", "Content-Length: 3"));
            assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    @DisplayName("CVE-2026-34040: a body that is too long to be shown is refused, not passed by unseen")
    void refusesABodyThatIsTooLong() throws Exception {
        String fits = "[" + " ".repeat((4 << 20) - 2) + "]";
        assertThat(post(JSON + "Content-Length: " + (4 << 20) + "\r\n", fits)).startsWith("HTTP/1.1 200 ");
        assertThat(bodies()).containsExactly(fits);
        handled.clear();
        assertThat(post(JSON + "Content-Length: " + ((4 << 20) + 1) + "\r\n", "")).startsWith("HTTP/1.1 413 ")
                .contains(TOO_LARGE);
        // As much as is looked at, and not the rest, during which the server may hang up.
        assertThat(post(JSON + "Transfer-Encoding: chunked\r\n", "400001\r\n" + fits + " "))
                .startsWith("HTTP/1.1 413 ")
                .contains(TOO_LARGE);
        assertThat(handled).isEmpty();
        assertThat(plugin.received(REQUEST)).hasSize(1);
    }

    @Test
    void holdsNoMoreOfAllBodiesThanItHasRoomFor() throws Exception {
        String most = JSON + "Content-Length: " + (4 << 20) + "\r\n";
        var clients = new ArrayList<RawClient>();
        try {
            for (int i = 0; i < 8; i++) { // whose bodies have not even begun
                clients.add(RawClient.connect(server.socket())
                        .send("POST /echo HTTP/1.1\r\nHost: d\r\nExpect: 100-continue\r\n" + most + "\r\n"));
                assertThat(clients.getLast().readUntil("\r\n\r\n")).startsWith("HTTP/1.1 100 ");
            }
            assertThat(post(JSON + "Content-Length: 1\r\n", "1")).startsWith("HTTP/1.1 503 ")
                    .contains("as much as can be held until plugins have agreed to it");
            assertThat(post(JSON + "Transfer-Encoding: chunked\r\n", "1\r\n1\r\n0\r\n\r\n"))
                    .startsWith("HTTP/1.1 503 ");
            assertThat(server.get("/json")).as("has no body").startsWith("HTTP/1.1 200 ");
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
        awaitRoom();
    }

    @Test
    void givesBackTheRoomOfBodiesThatAPluginHangsOver() throws Exception {
        var asked = new CountDownLatch(8);
        plugin.on(REQUEST, (_, peer) -> {
            asked.countDown();
            peer.awaitEnd();
        });
        String body = "[" + " ".repeat((4 << 20) - 2) + "]";
        var clients = new ArrayList<RawClient>();
        try {
            for (int i = 0; i < 8; i++) {
                clients.add(RawClient.connect(server.socket())
                        .send("POST /echo HTTP/1.1\r\nHost: d\r\n" + JSON + "Content-Length: " + (4 << 20)
                                + "\r\n\r\n" + body));
            }
            assertThat(asked.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(post(JSON + "Content-Length: 1\r\n", "1")).startsWith("HTTP/1.1 503 ");
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
        assertThat(plugin.isDownTo(0)).isTrue();
        plugin.on(REQUEST, ALLOW);
        awaitRoom();
        assertThat(handled).containsOnly(body);
    }

    /** Until all that was held is given back: a body as long as all may be at once is taken eight times, one after the other. */
    private void awaitRoom() throws Exception {
        String fits = "[" + " ".repeat((4 << 20) - 2) + "]";
        for (int taken = 0; taken < 8;) {
            if (post(JSON + "Content-Length: " + (4 << 20) + "\r\n", fits).startsWith("HTTP/1.1 200 ")) {
                taken++;
            }
        }
    }

    @Test
    void carriesOutNothingOfABodyThatIsCut() throws Exception {
        try (var client = RawClient.connect(server.socket())) {
            client.send("POST /echo HTTP/1.1\r\nHost: d\r\n" + JSON + "Content-Length: 100\r\n\r\n[1]");
            client.endOutput();
            client.readAll();
        } catch (IOException _) {
            // It may be closed without an answer.
        }
        assertThat(handled).isEmpty();
        assertThat(plugin.received()).isEmpty();
    }

    @Test
    void showsNoBodyOfAnAnswerThatIsNotJson() throws Exception {
        assertThat(server.get("/text")).endsWith("hi");
        assertThat(told(RESPONSE)).singleElement()
                .satisfies(question -> assertThat(question.has("ResponseBody")).isFalse());
    }

    @Test
    void refusesAnAnswerThatIsTooLong() throws Exception {
        assertThat(server.get("/long")).startsWith("HTTP/1.1 500 ")
                .contains("response body too large for authorization plugin: size exceeds 4194304 bytes");
        assertThat(told(RESPONSE)).isEmpty();
    }

    @Test
    void authorizesAStreamAsItBegins() throws Exception {
        try (var client = RawClient.connect(server.socket())) {
            client.send("GET /stream HTTP/1.1\r\nHost: d\r\n\r\n").readUntil("x\r\n");
            assertThat(told(RESPONSE)).singleElement()
                    .satisfies(question -> assertThat(question.path("ResponseStatusCode").asInt())
                            .isEqualTo(200));
        }
        plugin.on(RESPONSE, DENY);
        assertThat(server.get("/stream")).startsWith("HTTP/1.1 403 ").endsWith(DENIED);
    }

    @Test
    void beginsNothingThatGoesOnIfItsAnswerIsDenied() throws Exception {
        plugin.on(RESPONSE, DENY);
        assertThat(server.get("/live")).startsWith("HTTP/1.1 403 ").endsWith(DENIED);
        assertThat(handled).isEmpty();
        assertThat(told(RESPONSE)).singleElement()
                .satisfies(question -> assertThat(question.path("ResponseStatusCode").asInt())
                        .isEqualTo(200));
    }

    @Test
    void authorizesAWebSocketBeforeItIsOne() throws Exception {
        String handshake = head("GET /socket", "Upgrade: websocket", "Connection: Upgrade",
                "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
        try (var client = RawClient.connect(server.socket())) {
            assertThat(client.send(handshake).readUntil("hi")).startsWith("HTTP/1.1 101 ");
        }
        assertThat(told(RESPONSE)).singleElement()
                .satisfies(
                        question -> assertThat(question.path("ResponseStatusCode").asInt()).isEqualTo(101));
        plugin.on(RESPONSE, DENY);
        try (var client = RawClient.connect(server.socket())) {
            assertThat(client.send(handshake).readUntil("not you")).startsWith("HTTP/1.1 403 ");
        }
        plugin.on(REQUEST, DENY);
        try (var client = RawClient.connect(server.socket())) {
            assertThat(client.send(handshake).readUntil("not you")).startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void authorizesALateAnswerWhenItsStatusIsKnown() throws Exception {
        assertThat(server.get("/late/ends")).startsWith("HTTP/1.1 200 ").contains("x", "y");
        assertThat(server.get("/late/fails")).startsWith("HTTP/1.1 404 ")
                .endsWith("{\"message\":\"gone\"}\n");
        assertThat(told(RESPONSE)).map(question -> question.path("ResponseStatusCode").asInt())
                .containsExactly(200, 404);
        assertThat(told(RESPONSE).getFirst().path("ResponseHeaders").toString())
                .isEqualTo("{\"Content-Type\":\"application/json\",\"X-A\":\"b\"}");
    }

    @Test
    void givesUpWhatIsBehindALateAnswerThatIsDenied() throws Exception {
        plugin.on(RESPONSE, DENY);
        assertThat(server.get("/late")).startsWith("HTTP/1.1 403 ").endsWith(DENIED);
        assertThat(cancelled.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void asksNoMoreForAClientThatIsGone() throws Exception {
        var asked = new CountDownLatch(1);
        plugin.on(REQUEST, (_, peer) -> {
            asked.countDown();
            peer.awaitEnd();
        });
        try (var client = RawClient.connect(server.socket())) {
            client.send("GET /json HTTP/1.1\r\nHost: d\r\n\r\n");
            assertThat(asked.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            client.hangUp();
            assertThat(plugin.isDownTo(0)).isTrue();
        }
    }

    @Test
    void callsHandlersOnTheLoopOfTheirConnection() throws Exception {
        var threads = new CopyOnWriteArrayList<String>();
        var calls = new AtomicInteger();
        server.close();
        var chain = some(AuthzChain.open(world.plugins(), AuthzOptions.naming(List.of())));
        server = TestServer.start(List.of(Route.get(PathPattern.of("/who"), _ -> {
            threads.add(Thread.currentThread().getName());
            calls.incrementAndGet();
            return Mono.just(Reply.empty(200));
        })), config -> config.authorization(new Authorization(chain, Optional.empty())));
        server.get("/who");
        assertThat(threads).singleElement().satisfies(name -> assertThat(name).startsWith("patchbay-http-"));
    }

    @Test
    @RequiresRoot
    void letsRootOutWhereThatIsOpen() throws Exception {
        plugin.on(REQUEST, DENY);
        assertThat(server.get("/open")).startsWith("HTTP/1.1 200 ").endsWith("[\"open\"]\n");
        assertThat(noted).singleElement()
                .satisfies(note -> assertThat(note)
                        .containsAllEntriesOf(Map.of("method", "GET", "path", "/open", "refusal",
                                "authorization denied by plugin authz:latest: not you", "user", "uid 0",
                                "pid",
                                Long.toString(ProcessHandle.current().pid())))
                        .containsKey("request"));
        assertThat(told(RESPONSE)).isEmpty();
        assertThat(server.get("/json")).startsWith("HTTP/1.1 403 ");
        plugin.on(REQUEST, ALLOW).on(RESPONSE, DENY);
        assertThat(server.get("/open")).startsWith("HTTP/1.1 200 ");
        plugin.on(RESPONSE, ALLOW);
        noted.clear();
        server.get("/open");
        assertThat(noted).as("nobody went past anybody").isEmpty();
    }

    @Test
    void letsNobodyOutOverTcp() throws Exception {
        var chain = some(AuthzChain.open(world.plugins(), AuthzOptions.naming(List.of())));
        plugin.on(REQUEST, DENY);
        PluginServer tcp = TestServer.bind(
                ServerConfig.of(List.of(new ListenAddress.Tcp("127.0.0.1", 0, Optional.empty())),
                        config -> config.authorization(
                                new Authorization(chain, Optional.of(_ -> Mono.empty())))),
                routes());
        int port = ((ListenAddress.Tcp) tcp.addresses().getFirst()).port();
        try (var client = RawClient.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            client.send("GET /open HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(client.readAll()).startsWith("HTTP/1.1 403 ");
        } finally {
            tcp.close().block(PATIENCE);
        }
    }

    @Test
    @RequiresRoot
    void letsRootOutOfAServerThatIsFull() throws Exception {
        server.close();
        var chain = some(AuthzChain.open(world.plugins(), AuthzOptions.naming(List.of())));
        server = TestServer.start(routes(), config -> config
                .limits(new ServerConfig.Limits(4 << 20, 64 << 10, 1, 100, PATIENCE))
                .authorization(new Authorization(chain, Optional.of(_ -> Mono.empty()))));
        var asked = new CountDownLatch(1);
        plugin.on(REQUEST, (_, peer) -> {
            asked.countDown();
            peer.awaitEnd();
        }, DENY);
        try (var client = RawClient.connect(server.socket())) {
            client.send("GET /json HTTP/1.1\r\nHost: d\r\n\r\n");
            assertThat(asked.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(server.get("/json")).startsWith("HTTP/1.1 503 ");
            assertThat(server.get("/open")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    @RequiresRoot
    void letsRootOutAlsoWhenTheEngineIsClosed() throws Exception {
        world.plugins().close().block(PATIENCE);
        assertThat(server.get("/json")).startsWith("HTTP/1.1 ").doesNotContain("HTTP/1.1 200");
        assertThat(server.get("/open")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void letsNobodyOutUnlessThatIsOpen() throws Exception {
        server.close();
        serve(Optional.empty());
        plugin.on(REQUEST, DENY);
        assertThat(server.get("/open")).startsWith("HTTP/1.1 403 ");
    }

    @Test
    @RequiresRoot
    void letsRootOutAlsoIfThatCannotBeTold() throws Exception {
        server.close();
        serve(Optional.of(_ -> Mono.error(new IllegalStateException("no journal"))));
        plugin.on(REQUEST, DENY);
        assertThat(server.get("/open")).startsWith("HTTP/1.1 200 ");
    }
}
