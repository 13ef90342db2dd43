package dev.patchbay.web.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.syscall.RequiresRoot;
import dev.patchbay.web.Json;
import dev.patchbay.web.RawClient;
import dev.patchbay.web.RequiresDocker;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** An authorization plugin under the real runtime, and docker's command line in front of it. */
@RequiresRoot
@RequiresDocker
@Timeout(180)
class AuthorizationIT {
    private static final byte[] NOTHING = {};

    @AutoClose
    private final DaemonWorld world = DaemonWorld.start();

    private Path context;

    @BeforeEach
    void makeContext() throws IOException {
        context = world.sample("docker.dummy/1.0", "docker.authz/1.0");
    }

    private void enabled(String... settings) throws IOException, InterruptedException {
        world.ok("plugin", "create", "authz", context.toString());
        for (String setting : settings) {
            world.ok("plugin", "set", "authz", setting);
        }
        world.ok("plugin", "enable", "authz");
    }

    @Test
    @DisplayName("D28: it takes part as soon as it is enabled, and no longer when it is disabled, as often as you like")
    void deniesFromEnableToDisableD28() throws Exception {
        enabled("SAMPLE_DENY_URI=/plugins/create");
        for (int round = 0; round < 2; round++) {
            assertThat(world.failure("plugin", "create", "other", context.toString()))
                    .contains("authorization denied by plugin authz:latest: no /plugins/create here");
            assertThat(world.ok("plugin", "ls", "--format", "{{.Name}}")).isEqualTo("authz:latest\n");
            world.ok("plugin", "disable", "authz");
            world.ok("plugin", "create", "other", context.toString());
            world.ok("plugin", "rm", "other");
            world.ok("plugin", "enable", "authz");
        }
        assertThat(world.call(HttpMethod.GET, "plugins/authz/logs", NOTHING).text())
                .contains("denied /v1.", "allowed /patchbay/v1/plugins/authz/logs for");
        assertThat(world.log()).contains("authorization denied by plugin authz:latest");
        world.ok("plugin", "rm", "-f", "authz");
        world.ok("plugin", "create", "other", context.toString());
    }

    @Test
    void deniesAnswers() throws Exception {
        enabled("SAMPLE_DENY_ANSWER=/version");
        assertThat(world.failure("version")).contains(
                "authorization denied by plugin authz:latest: no /version here");
        assertThat(world.ok("info", "--format", "{{.Plugins.Authorization}}")).isEqualTo("[authz:latest]\n");
    }

    @Test
    void startsOnlyIfThoseThatAreNamedAreThere() throws Exception {
        assertThat(world.refusedStart("--authorization-plugin", "authz"))
                .startsWith("1: ")
                .contains("patchbay: cannot start: authorization plugin \"authz\" is not installed");
        world.restart();
        world.ok("plugin", "create", "authz", context.toString());
        assertThat(world.refusedStart("--authorization-plugin", "authz"))
                .startsWith("1: ")
                .contains("patchbay: cannot start: authorization plugin \"authz\" is not enabled");
        world.restart();
        world.ok("plugin", "set", "authz", "SAMPLE_DENY_URI=/plugins/create");
        world.ok("plugin", "enable", "authz");

        world.restart("--authorization-plugin", "authz");

        world.awaitRunning("authz");
        assertThat(world.failure("plugin", "create", "other", context.toString()))
                .contains("authorization denied by plugin authz:latest");
        world.ok("plugin", "disable", "authz");
        world.ok("plugin", "create", "other", context.toString());
    }

    @Test
    void deniesWhileItDoesNotRun() throws Exception {
        enabled();
        world.ok("plugin", "disable", "authz");
        world.ok("plugin", "set", "authz", "SAMPLE_CRASH_AFTER_MS=1000");
        world.ok("plugin", "enable", "authz");
        // It goes on crashing, with growing pauses; whoever asks meanwhile is told why it cannot be.
        Awaitility.await()
                .atMost(DaemonWorld.PATIENCE)
                .untilAsserted(
                        () -> assertThat(world.failure("plugin", "ls"))
                                .contains("plugin authz:latest failed with error: "));
        world.restart("--authz-root-recovery");
        world.ok("plugin", "disable", "authz");
    }

    @Test
    void hasAWayOutForRootIfTheOperatorLeavesOne() throws Exception {
        enabled("SAMPLE_DENY_URI=/");
        assertThat(world.failure("plugin", "disable", "authz")).contains("no / here");
        assertThat(world.failure("plugin", "rm", "-f", "authz")).contains("no / here");
        assertThat(world.call(HttpMethod.GET, "plugins", NOTHING).status()).isEqualTo(403);

        world.restart("--authz-root-recovery");

        world.awaitRunning("authz");
        assertThat(world.ok("plugin", "ls", "--format", "{{.Name}}")).isEqualTo("authz:latest\n");
        assertThat(world.failure("plugin", "create", "other", context.toString())).contains("no / here");
        world.ok("plugin", "disable", "authz");
        world.ok("plugin", "create", "other", context.toString());
        assertThat(world.log()).contains("root goes past the authorization plugins with POST")
                .containsPattern("authz_bypassed .*path=/v1[^ ]*/plugins/authz/disable");
        try (var events = world.connect()) {
            events.send(
                    String.join("\r\n", "GET /patchbay/v1/events?since=oldest&type=authz_bypassed HTTP/1.1",
                            "Host: d", "Accept: application/x-ndjson", "", ""));
            JsonNode event = next(events);
            while (!word(event, "path").endsWith("/plugins/authz/disable")) {
                event = next(events); // docker has been asking other things before
            }
            assertThat(event.path("type").asString("")).isEqualTo("authz_bypassed");
            assertThat(word(event, "method")).isEqualTo("POST");
            assertThat(word(event, "path")).matches("/v1\\.[0-9]+/plugins/authz/disable");
            assertThat(word(event, "refusal"))
                    .isEqualTo("authorization denied by plugin authz:latest: no / here");
            assertThat(word(event, "user")).isEqualTo("uid 0");
            assertThat(word(event, "pid")).matches("[1-9][0-9]*");
        }
    }

    private static JsonNode next(RawClient events) throws IOException {
        events.readUntil("{\"frame\":\"event\"");
        return Json.mapper().readTree("{\"frame\":\"event\"" + events.readUntil("}\n"));
    }

    private static String word(JsonNode event, String attribute) {
        return event.path("attributes").path(attribute).asString("");
    }

    @Test
    void asksTheNextStartOfAPluginThatCrashesBetweenRequestAndAnswer() throws Exception {
        enabled();
        try (var client = agreedTo("/plugins/create")) {
            crash();
            Awaitility.await()
                    .atMost(DaemonWorld.PATIENCE)
                    .untilAsserted(() -> assertThat(
                            world.inspect("authz", "{{.Status.Generation}} {{.Status.State}}"))
                            .isEqualTo("2 running"));
            assertThat(finished(client)).startsWith("HTTP/1.1 204 ");
        }
        String asked = world.call(HttpMethod.GET, "plugins/authz/logs", NOTHING).text();
        assertThat(asked.split("allowed /v1.44/plugins/create", -1))
                .as("once before, once after it: " + asked)
                .hasSize(3);
    }

    @Test
    void withholdsTheAnswerIfThePluginIsGoneByThen() throws Exception {
        enabled();
        Path program = world.program("authz");
        Path aside = program.resolveSibling("aside");
        try (var client = agreedTo("/plugins/create")) {
            Files.move(program, aside); // so that no start succeeds
            crash();
            Awaitility.await()
                    .atMost(DaemonWorld.PATIENCE)
                    .until(() -> world.call(HttpMethod.GET, "plugins", NOTHING).status() == 503);
            assertThat(finished(client)).startsWith("HTTP/1.1 500 ")
                    .contains("plugin authz:latest failed with error: AuthZPlugin.AuthZRes: ",
                            "; the request was carried out, but its answer is withheld");
        }
        Files.move(aside, program);
        world.awaitRunning("authz");
        assertThat(world.ok("plugin", "ls", "--format", "{{.Name}}")).as("it was carried out")
                .contains("other:latest\n");
    }

    /** The beginning of a request that the plugin has agreed to, but whose body is not whole, so that it is not answered yet. */
    private RawClient agreedTo(String path) throws Exception {
        RawClient client = world.connect();
        client.send(String.join("\r\n", "POST /v1.44" + path + "?name=other HTTP/1.1", "Host: d",
                "Connection: close", "Content-Type: application/x-tar", "Transfer-Encoding: chunked", "",
                ""));
        Awaitility.await()
                .atMost(DaemonWorld.PATIENCE)
                .until(() -> world.call(HttpMethod.GET, "plugins/authz/logs", NOTHING)
                        .text()
                        .contains("allowed /v1.44" + path));
        return client;
    }

    private void crash() throws Exception {
        try (var plugin = RawClient.connect(world.pluginSocket("authz"))) {
            plugin.send(String.join("\r\n", "POST /Sample.Exit HTTP/1.1", "Host: p", "Content-Length: 1", "",
                    "3"));
            assertThat(plugin.readAll()).isEmpty();
        }
    }

    /** The answer to a request whose body is whole now. */
    private String finished(RawClient client) throws Exception {
        Path tar = context.resolveSibling("context.tar");
        assertThat(new ProcessBuilder("tar", "-cf", tar.toString(), "-C", context.toString(), ".").inheritIO()
                .start()
                .waitFor()).isZero();
        byte[] body = Files.readAllBytes(tar);
        Files.delete(tar);
        client.send(Integer.toHexString(body.length) + "\r\n").send(body).send("\r\n0\r\n\r\n");
        return client.readAll();
    }
}
