package dev.patchbay.web;

import static dev.patchbay.authz.AuthzWorld.PATIENCE;
import static dev.patchbay.authz.AuthzWorld.REQUEST;
import static dev.patchbay.authz.AuthzWorld.RESPONSE;
import static dev.patchbay.web.GuardedServer.DENIED;
import static dev.patchbay.web.GuardedServer.DENY;
import static dev.patchbay.web.GuardedServer.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.client.ScriptedPlugin.Behaviour;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

/** Requests are carried out, and answered, only if authorization plugins agree to exactly what is carried out and answered. */
@Timeout(60)
class AuthorizationTest {
    private final GuardedServer server = new GuardedServer();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void tellsOfARequestAndItsAnswer() throws Exception {
        assertThat(server.send("GET", "/json?q=1", "X-Some: thing", "Authorization: Bearer secret"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("[\"hi\"]\n");
        assertThat(server.told(REQUEST)).singleElement().satisfies(question -> {
            assertThat(question.path("RequestMethod").asString()).isEqualTo("GET");
            assertThat(question.path("RequestUri").asString()).isEqualTo("/json?q=1");
            assertThat(question.path("RequestHeaders").toString()).contains("\"X-Some\":\"thing\"")
                    .doesNotContain("secret");
            assertThat(question.has("User")).isFalse();
            assertThat(question.has("RequestBody")).isFalse();
        });
        assertThat(server.told(RESPONSE)).singleElement().satisfies(question -> {
            assertThat(question.path("RequestUri").asString()).isEqualTo("/json?q=1");
            assertThat(question.path("ResponseStatusCode").asInt()).isEqualTo(200);
            assertThat(question.path("ResponseHeaders").toString())
                    .isEqualTo("{\"Content-Type\":\"application/json\",\"X-A\":\"b\"}");
            assertThat(question.path("ResponseBody").asString()).isEqualTo("WyJoaSJdCg==");
        });
    }

    @Test
    void carriesOutNothingThatIsDenied() throws Exception {
        server.plugin().on(REQUEST, DENY);
        assertThat(server.post(JSON + "Content-Length: 2\r\n", "[]")).startsWith("HTTP/1.1 403 ")
                .endsWith(DENIED);
        assertThat(server.handled()).isEmpty();
        assertThat(server.told(RESPONSE)).isEmpty();
    }

    @Test
    void givesNoAnswerThatIsDenied() throws Exception {
        server.plugin().on(RESPONSE, DENY);
        assertThat(server.post(JSON + "Content-Length: 6\r\n", "secret")).startsWith("HTTP/1.1 403 ")
                .endsWith(DENIED)
                .doesNotContain("secret");
        assertThat(server.handled()).containsExactly("secret");
    }

    @Test
    void saysWhatFailed() throws Exception {
        server.plugin().on(REQUEST, Behaviour.status(500, "{\"Err\":\"bad day\"}"));
        assertThat(server.get("/json")).startsWith("HTTP/1.1 500 ")
                .endsWith(
                        "{\"message\":\"plugin authz:latest failed with error: AuthZPlugin.AuthZReq: bad day\"}\n");
    }

    @Test
    void invitesNobodyToRepeatWhatWasCarriedOut() throws Exception {
        server.plugin().on(RESPONSE, Behaviour.close());
        assertThat(server.post(JSON + "Content-Length: 3\r\n", "[1]")).startsWith("HTTP/1.1 500 ")
                .contains("; the request was carried out, but its answer is withheld");
        assertThat(server.get("/patchbay/v1/x")).startsWith("HTTP/1.1 500 ")
                .contains("\"title\":\"The request was carried out, but its answer is withheld\"",
                        "\"retryable\":false");
        assertThat(server.handled()).containsExactly("[1]");
    }

    @Test
    void saysItAsAProblemInTheNativeApi() throws Exception {
        server.plugin().on(REQUEST, DENY);
        assertThat(server.get("/patchbay/v1/x")).startsWith("HTTP/1.1 403 ")
                .containsIgnoringCase("content-type: application/problem+json")
                .contains("urn:patchbay:problem:authorization-denied",
                        "authorization denied by plugin authz:latest");
    }

    @Test
    void asksAboutAnswersToFailures() throws Exception {
        assertThat(server.get("/fails")).startsWith("HTTP/1.1 409 ");
        assertThat(server.told(RESPONSE)).singleElement()
                .satisfies(
                        question -> assertThat(question.path("ResponseStatusCode").asInt()).isEqualTo(409));
    }

    @Test
    void asksNobodyWhereNothingIs() throws Exception {
        assertThat(server.get("/nothing")).startsWith("HTTP/1.1 404 ");
        assertThat(server.get("//json")).startsWith("HTTP/1.1 301 ");
        assertThat(server.plugin().received()).isEmpty();
    }

    @Test
    void showsNoOtherSpellingOfThePathThanTheOneThatIsRouted() throws Exception {
        assertThat(server.get("/%6a%73on?q=%61")).startsWith("HTTP/1.1 200 ");
        assertThat(server.get("http://elsewhere/json")).startsWith("HTTP/1.1 200 ");
        assertThat(server.told(REQUEST)).map(question -> question.path("RequestUri").asString())
                .containsExactly("/json?q=%61", "/json");
    }

    @Test
    void showsTheQueryThatIsReadWhereverASchemeStands() throws Exception {
        assertThat(server.get("http://h?a=/json?force=1")).startsWith("HTTP/1.1 404 ");
        assertThat(server.get("x?://y/json?remote=evil")).startsWith("HTTP/1.1 400 ");
        assertThat(server.get("http://h/json?a=/b?c=1")).startsWith("HTTP/1.1 200 ");
        assertThat(server.told(REQUEST)).map(question -> question.path("RequestUri").asString())
                .containsExactly("/json?a=/b?c=1");
    }

    @Test
    void showsNoBodyOfAnAnswerThatIsNotJson() throws Exception {
        assertThat(server.get("/text")).endsWith("hi");
        assertThat(server.told(RESPONSE)).singleElement()
                .satisfies(question -> assertThat(question.has("ResponseBody")).isFalse());
    }

    @Test
    void refusesAnAnswerThatIsTooLong() throws Exception {
        assertThat(server.get("/long")).startsWith("HTTP/1.1 500 ")
                .contains("response body too large for authorization plugin: size exceeds 4194304 bytes");
        assertThat(server.told(RESPONSE)).isEmpty();
    }

    @Test
    void asksNoMoreForAClientThatIsGone() throws Exception {
        var asked = new CountDownLatch(1);
        server.plugin().on(REQUEST, (_, peer) -> {
            asked.countDown();
            peer.awaitEnd();
        });
        try (var client = RawClient.connect(server.socket())) {
            client.send("GET /json HTTP/1.1\r\nHost: d\r\n\r\n");
            assertThat(asked.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            client.hangUp();
            assertThat(server.plugin().isDownTo(0)).isTrue();
        }
    }

    @Test
    void callsHandlersOnTheLoopOfTheirConnection() throws Exception {
        var threads = new CopyOnWriteArrayList<String>();
        var calls = new AtomicInteger();
        server.restart(List.of(Route.get(PathPattern.of("/who"), _ -> {
            threads.add(Thread.currentThread().getName());
            calls.incrementAndGet();
            return Mono.just(Reply.empty(200));
        })), config -> config.authorization(server.authorization(Optional.empty())));
        server.get("/who");
        assertThat(threads).singleElement().satisfies(name -> assertThat(name).startsWith("patchbay-http-"));
    }
}
