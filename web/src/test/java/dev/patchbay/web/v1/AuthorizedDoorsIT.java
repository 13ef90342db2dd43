package dev.patchbay.web.v1;

import static dev.patchbay.authz.AuthzWorld.ALLOW;
import static dev.patchbay.authz.AuthzWorld.RESPONSE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.patchbay.authz.AuthzWorld;
import dev.patchbay.client.ScriptedPlugin;
import dev.patchbay.client.ScriptedPlugin.Behaviour;
import dev.patchbay.web.Authorization;
import dev.patchbay.web.RawClient;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** What streams and what is set, when authorization plugins are asked. */
@Timeout(60)
final class AuthorizedDoorsIT {
    private static final Behaviour DENY = Behaviour.json("{\"Allow\":false,\"Msg\":\"not you\"}");

    private final AuthzWorld world = new AuthzWorld();
    private final ScriptedPlugin plugin = world.enabled("authz");
    private final NativeServer server = new NativeServer(new ScriptedPlugins(), config -> config
            .authorization(new Authorization(world.chain(), Optional.empty())));

    @AfterEach
    void stop() {
        server.close();
        world.close();
    }

    private RawClient ask(String what, String headers) throws Exception {
        return RawClient.connect(server.socket())
                .send(what + " HTTP/1.1\r\nHost: d\r\n" + headers.replace("; ", "\r\n") + "\r\n\r\n");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', value = {
            "server-sent events | 200 | Accept: text/event-stream",
            "lines of JSON      | 200 | Accept: application/x-ndjson",
            "a WebSocket        | 101 | Connection: Upgrade; Upgrade: websocket; Sec-WebSocket-Version: 13; "
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "CloudEvents        | 101 | Connection: Upgrade; Upgrade: websocket; Sec-WebSocket-Version: 13; "
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==; Sec-WebSocket-Protocol: cloudevents.json"})
    void opensNoDoorIfItsAnswerIsDenied(String door, int status, String headers) throws Exception {
        plugin.on(RESPONSE, DENY);
        try (var client = ask("GET /patchbay/v1/events", headers)) {
            assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 403 ");
            assertThat(client.readUntil("not you")).doesNotContain("hello");
        }
        assertThat(server.feeds()).isZero();
        assertThat(plugin.received(RESPONSE)).singleElement()
                .satisfies(question -> assertThat(question.text())
                        .containsPattern("\"ResponseStatusCode\":" + status + "[,}]")
                        .doesNotContain("ResponseBody"));

        plugin.on(RESPONSE, ALLOW);
        try (var client = ask("GET /patchbay/v1/events", headers)) {
            assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 " + status + " ");
            await().atMost(NativeServer.PATIENCE).until(() -> server.feeds() == 1);
        }
    }

    @Test
    void readsNoLogIfItsAnswerIsDenied() throws Exception {
        server.plugins.installed.put("a", Samples.plugin());
        server.plugins.logs.set((_, _) -> Flux.just(Samples.line("secret")));
        plugin.on(RESPONSE, DENY);
        try (var client = ask("GET /patchbay/v1/plugins/sample/logs", "Connection: close")) {
            assertThat(client.readAll()).startsWith("HTTP/1.1 403 ")
                    .contains("not you")
                    .doesNotContain("secret");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-32BE", "ISO-8859-1"})
    void carriesOutNothingThatIsNoUtf8(String charset) throws Exception {
        String answer = set("{\"assignments\":[\"A=\u00e4\"]}".getBytes(Charset.forName(charset)));
        assertThat(answer).startsWith("HTTP/1.1 400 ");
        assertThat(server.plugins.calls).isEmpty();
        assertThat(set("{\"assignments\":[\"A=\u00e4\"]}".getBytes(StandardCharsets.UTF_8)))
                .startsWith("HTTP/1.1 204 ");
        assertThat(server.plugins.calls).containsExactly("set sample [A=\u00e4]");
    }

    private String set(byte[] body) throws Exception {
        try (var client = ask("POST /patchbay/v1/plugins/sample/settings",
                "Connection: close; Content-Type: application/json; Content-Length: " + body.length)) {
            return client.send(body).readAll();
        }
    }
}
