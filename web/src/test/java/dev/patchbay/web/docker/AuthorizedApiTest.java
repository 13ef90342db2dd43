package dev.patchbay.web.docker;

import static dev.patchbay.authz.AuthzWorld.ALLOW;
import static dev.patchbay.authz.AuthzWorld.RESPONSE;
import static dev.patchbay.authz.AuthzWorld.some;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.authz.AuthzWorld;
import dev.patchbay.client.ScriptedPlugin;
import dev.patchbay.client.ScriptedPlugin.Behaviour;
import dev.patchbay.web.Authorization;
import dev.patchbay.web.FakePlugins;
import dev.patchbay.web.RawClient;
import dev.patchbay.web.TestServer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Docker's API, when authorization plugins are asked. */
@Timeout(60)
class AuthorizedApiTest {
    private final FakePlugins plugins = new FakePlugins()
            .with(Samples.stopped(Samples.plugin("me/one", 'a')));
    private final AuthzWorld world = new AuthzWorld();
    private final ScriptedPlugin authz = world.enabled("authz");
    private final TestServer server = TestServer.start(Samples.routes(plugins),
            config -> config.authorization(new Authorization(world.chain(), Optional.empty())));

    @AfterEach
    void stop() {
        server.close();
        world.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-32BE", "ISO-8859-1"})
    void carriesOutNothingThatIsNoUtf8(String charset) throws Exception {
        assertThat(set("[\"DEBUG=\u00e4\"]".getBytes(Charset.forName(charset)))).startsWith("HTTP/1.1 400 ")
                .contains("{\"message\":\"invalid JSON: it ");
        assertThat(environment()).containsExactly("DEBUG=0");
        assertThat(set("[\"DEBUG=\u00e4\"]".getBytes(StandardCharsets.UTF_8))).startsWith("HTTP/1.1 204 ");
        assertThat(environment()).containsExactly("DEBUG=\u00e4");
    }

    private String set(byte[] body) throws Exception {
        try (var client = RawClient.connect(server.socket())) {
            return client.send("POST /plugins/me/one/set HTTP/1.1\r\nHost: d\r\nConnection: close\r\n"
                    + "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n")
                    .send(body)
                    .readAll();
        }
    }

    private List<String> environment() {
        return some(plugins.inspect("me/one")).plugin().settings().env();
    }

    @Test
    void tellsNoEventIfItsAnswerIsDenied() throws Exception {
        authz.on(RESPONSE, Behaviour.json("{\"Allow\":false,\"Msg\":\"not you\"}"));
        try (var client = RawClient.connect(server.socket())) {
            assertThat(client.send("GET /v1.44/events HTTP/1.1\r\nHost: d\r\n\r\n").readUntil("\r\n\r\n"))
                    .startsWith("HTTP/1.1 403 ");
            client.readUntil("not you");
        }
        assertThat(authz.received(RESPONSE)).singleElement()
                .satisfies(question -> assertThat(question.text()).contains("\"ResponseStatusCode\":200,"));
        authz.on(RESPONSE, ALLOW);
        try (var client = RawClient.connect(server.socket())) {
            assertThat(client.send("GET /v1.44/events HTTP/1.1\r\nHost: d\r\n\r\n").readUntil("\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 ");
        }
    }
}
