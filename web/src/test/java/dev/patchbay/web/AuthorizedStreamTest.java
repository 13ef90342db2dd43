package dev.patchbay.web;

import static dev.patchbay.authz.AuthzWorld.PATIENCE;
import static dev.patchbay.authz.AuthzWorld.REQUEST;
import static dev.patchbay.authz.AuthzWorld.RESPONSE;
import static dev.patchbay.web.GuardedServer.DENIED;
import static dev.patchbay.web.GuardedServer.DENY;
import static dev.patchbay.web.GuardedServer.head;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes on is authorized as it begins, and nothing of it is sent before. */
@Timeout(60)
class AuthorizedStreamTest {
    private final GuardedServer server = new GuardedServer();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void authorizesAStreamAsItBegins() throws Exception {
        try (var client = RawClient.connect(server.socket())) {
            client.send("GET /stream HTTP/1.1\r\nHost: d\r\n\r\n").readUntil("x\r\n");
            assertThat(server.told(RESPONSE)).singleElement()
                    .satisfies(question -> assertThat(question.path("ResponseStatusCode").asInt())
                            .isEqualTo(200));
        }
        server.plugin().on(RESPONSE, DENY);
        assertThat(server.get("/stream")).startsWith("HTTP/1.1 403 ").endsWith(DENIED);
    }

    @Test
    void beginsNothingThatGoesOnIfItsAnswerIsDenied() throws Exception {
        server.plugin().on(RESPONSE, DENY);
        assertThat(server.get("/live")).startsWith("HTTP/1.1 403 ").endsWith(DENIED);
        assertThat(server.handled()).isEmpty();
        assertThat(server.told(RESPONSE)).singleElement()
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
        assertThat(server.told(RESPONSE)).singleElement()
                .satisfies(
                        question -> assertThat(question.path("ResponseStatusCode").asInt()).isEqualTo(101));
        server.plugin().on(RESPONSE, DENY);
        try (var client = RawClient.connect(server.socket())) {
            assertThat(client.send(handshake).readUntil("not you")).startsWith("HTTP/1.1 403 ");
        }
        server.plugin().on(REQUEST, DENY);
        try (var client = RawClient.connect(server.socket())) {
            assertThat(client.send(handshake).readUntil("not you")).startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void authorizesALateAnswerWhenItsStatusIsKnown() throws Exception {
        assertThat(server.get("/late/ends")).startsWith("HTTP/1.1 200 ").contains("x", "y");
        assertThat(server.get("/late/fails")).startsWith("HTTP/1.1 404 ")
                .endsWith("{\"message\":\"gone\"}\n");
        assertThat(server.told(RESPONSE)).map(question -> question.path("ResponseStatusCode").asInt())
                .containsExactly(200, 404);
        assertThat(server.told(RESPONSE).getFirst().path("ResponseHeaders").toString())
                .isEqualTo("{\"Content-Type\":\"application/json\",\"X-A\":\"b\"}");
    }

    @Test
    void givesUpWhatIsBehindALateAnswerThatIsDenied() throws Exception {
        server.plugin().on(RESPONSE, DENY);
        assertThat(server.get("/late")).startsWith("HTTP/1.1 403 ").endsWith(DENIED);
        assertThat(server.cancelled().await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
}
