package dev.patchbay.web.docker;

import static dev.patchbay.authz.AuthzWorld.ALLOW;
import static dev.patchbay.authz.AuthzWorld.REQUEST;
import static dev.patchbay.authz.AuthzWorld.RESPONSE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.authz.AuthzWorld;
import dev.patchbay.client.ScriptedPlugin;
import dev.patchbay.client.ScriptedPlugin.Behaviour;
import dev.patchbay.web.Authorization;
import dev.patchbay.web.FakePlugins;
import dev.patchbay.web.Json;
import dev.patchbay.web.ScriptedVolumes;
import dev.patchbay.web.TestServer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Volumes, when authorization plugins are asked. */
@Timeout(60)
class AuthorizedVolumesTest {
    private static final Behaviour DENY = Behaviour.json("{\"Allow\":false,\"Msg\":\"not you\"}");
    private static final String CREATE = "{\"Name\":\"db\",\"Driver\":\"vol\",\"DriverOpts\":{\"size\":\"1\"}}";

    private final ScriptedVolumes volumes = new ScriptedVolumes();
    private final AuthzWorld world = new AuthzWorld();
    private final ScriptedPlugin authz = world.enabled("authz");
    private final TestServer server = TestServer.start(Samples.routes(new FakePlugins(), volumes),
            config -> config.authorization(new Authorization(world.chain(), Optional.empty())));

    @AfterEach
    void stop() {
        server.close();
        world.close();
    }

    private String create() throws Exception {
        return server.send("POST", "/v1.47/volumes/create", "Content-Type: application/json",
                "Content-Length: " + CREATE.length() + "\r\n\r\n" + CREATE);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"GET, /v1.47/volumes", "GET, /volumes/db", "DELETE, /volumes/db", "POST, /volumes/prune"})
    void nothingIsDoneToVolumesThatIsDenied(String method, String path) throws Exception {
        authz.on(REQUEST, DENY);
        assertThat(server.send(method, path, "Content-Length: 0")).startsWith("HTTP/1.1 403 ")
                .contains("authorization denied by plugin authz:latest: not you");
        assertThat(volumes.asked).isEmpty();
        authz.on(REQUEST, ALLOW);
        assertThat(server.send(method, path, "Content-Length: 0")).startsWith("HTTP/1.1 2");
        assertThat(volumes.asked).hasSize(1);
        authz.on(RESPONSE, DENY);
        assertThat(server.send(method, path, "Content-Length: 0")).startsWith("HTTP/1.1 403 ")
                .contains("not you")
                .doesNotContain("vol:latest", "VolumesDeleted");
    }

    @Test
    void noVolumeIsMadeThatIsDenied() throws Exception {
        authz.on(REQUEST, DENY);
        assertThat(create()).startsWith("HTTP/1.1 403 ")
                .contains("authorization denied by plugin authz:latest: not you");
        assertThat(volumes.asked).isEmpty();
        authz.on(REQUEST, ALLOW);
        assertThat(create()).startsWith("HTTP/1.1 201 ");
        assertThat(volumes.asked).hasSize(1);
    }

    @Test
    void whoIsAskedSeesWhichVolumeIsToBeMadeAndWhatWasAnswered() throws Exception {
        assertThat(create()).startsWith("HTTP/1.1 201 ");
        assertThat(authz.received(REQUEST)).singleElement().satisfies(question -> {
            var asked = Json.mapper().readTree(question.text());
            assertThat(asked.get("RequestMethod").stringValue()).isEqualTo("POST");
            assertThat(asked.get("RequestUri").stringValue()).isEqualTo("/v1.47/volumes/create");
            assertThat(new String(Base64.getDecoder().decode(asked.get("RequestBody").stringValue()),
                    StandardCharsets.UTF_8)).isEqualTo(CREATE);
        });
        assertThat(authz.received(RESPONSE)).singleElement()
                .satisfies(question -> assertThat(question.text()).contains("\"ResponseStatusCode\":201"));
        authz.on(RESPONSE, DENY);
        assertThat(create()).startsWith("HTTP/1.1 403 ").doesNotContain("vol:latest");
    }
}
