package dev.patchbay.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What a server does about clients that send nonsense, too much, or too slowly. */
@Timeout(60)
class PluginServerLimitsTest {
    private static final Route HELLO = Route.get(PathPattern.of("/hello"),
            _ -> Mono.just(Json.reply(200, List.of("hi"))));

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "GARBAGE                                          | 400",
            "GET /hello HTTP/1.1~Host: d~Content-Length: x    | 400",
            "POST /hello HTTP/1.1~Content-Length: 1~Content-Length: 2 | 400",
            "POST /hello HTTP/1.1~Content-Length: 1~Transfer-Encoding: chunked | 400",
            "GET /%zz HTTP/1.1~Connection: close              | 400",
            "GET /hello HTTP/2.5~Connection: close            | 505",
            "BREW /hello HTTP/1.1~Connection: close           | 404"})
    void answersMalformedRequests(String request, int status) throws Exception {
        try (var server = TestServer.start(List.of(HELLO));
                var client = RawClient.connect(server.socket())) {
            client.send(request.replace("~", "\r\n") + "\r\n\r\n");
            assertThat(client.readUntil("\r\n")).matches("HTTP/\\d.\\d " + status + " .*\r\n");
            assertThat(server.get("/hello")).endsWith("[\"hi\"]\n");
        }
    }

    @Test
    void refusesHugeHeadersAndTargets() throws Exception {
        try (var server = TestServer.start(List.of(HELLO))) {
            assertThat(server.send("GET", "/hello", "X: " + "a".repeat(70_000))).startsWith("HTTP/1.1 431 ");
            assertThat(server.get("/" + "a".repeat(20_000))).startsWith("HTTP/1.1 414 ");
        }
    }

    @Test
    void refusesMoreRequestsThanItTakesAtOnce() throws Exception {
        var started = new CountDownLatch(1);
        Route hang = Route.get(PathPattern.of("/hang"),
                _ -> Mono.<Reply>never().doOnSubscribe(_ -> started.countDown()));
        var limits = new ServerConfig.Limits(1024, 4096, 1, 10, Duration.ofSeconds(30));
        try (var server = TestServer.start(List.of(HELLO, hang), builder -> builder.limits(limits)
                .closeTimeout(Duration.ofMillis(50)))) {
            try (var client = RawClient.connect(server.socket())) {
                client.send("GET /hang HTTP/1.1\r\nHost: d\r\n\r\n");
                assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
                assertThat(server.get("/hello")).startsWith("HTTP/1.1 503 ")
                        .contains("as many requests under way");
            }
            String answer = server.get("/hello");
            while (answer.startsWith("HTTP/1.1 503 ")) { // until the server has noticed
                answer = server.get("/hello");
            }
            assertThat(answer).startsWith("HTTP/1.1 200 ");
        }
    }

    @ParameterizedTest(name = "after {0} whole requests")
    @ValueSource(ints = {0, 1})
    void closesAConnectionThatDripsItsHeader(int before) throws Exception {
        var limits = new ServerConfig.Limits(1024, 1 << 20, 10, 10, Duration.ofMillis(400));
        try (var server = TestServer.start(List.of(HELLO), builder -> builder.limits(limits));
                var client = RawClient.connect(server.socket())) {
            for (int i = 0; i < before; i++) {
                client.send("GET /hello HTTP/1.1\r\nHost: d\r\n\r\n").readUntil("[\"hi\"]\n");
            }
            client.send("GET /hello HTTP/1.1\r\nX: ");
            Disposable drip = Schedulers.boundedElastic()
                    .schedulePeriodically(() -> drip(client), 0, 50,
                            TimeUnit.MILLISECONDS);
            try {
                assertThat(client.readAll()).isEmpty();
            } catch (IOException _) {
                // cut while a byte was on its way: as good an end
            } finally {
                drip.dispose();
            }
        }
    }

    private static void drip(RawClient client) {
        try {
            client.send("a");
        } catch (IOException _) {
            // the server has closed the connection, which is what the test waits for
        }
    }

    @Test
    void keepsARequestIdThatIsAWordAndReplacesOthers() throws Exception {
        Route echo = Route.get(PathPattern.of("/id"), exchange -> Mono.deferContextual(
                context -> Mono.just(Json.reply(200, List.of(exchange.caller().requestId(),
                        context.<String>get(RequestIds.CONTEXT_KEY))))));
        try (var server = TestServer.start(List.of(echo))) {
            assertThat(server.send("GET", "/id", "X-Request-Id: a-1.b"))
                    .contains("\r\nX-Request-Id: a-1.b\r\n")
                    .endsWith("[\"a-1.b\",\"a-1.b\"]\n");
            assertThat(server.send("GET", "/id", "X-Request-Id: a b", "X: y")).doesNotContain("a b");
        }
    }
}
