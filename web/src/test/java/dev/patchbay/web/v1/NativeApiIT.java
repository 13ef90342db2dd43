package dev.patchbay.web.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.patchbay.web.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests as they are on the wire, and what they make of the façade. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NativeApiIT {
    private static final String HANDSHAKE = "Upgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    private static final String JSON = "Content-Type: application/json\r\n";

    private final NativeServer server = new NativeServer();

    @AfterAll
    void stop() {
        server.close();
    }

    @BeforeAll
    void install() {
        server.plugins.installed.put("sample", Samples.plugin());
        server.plugins.installed.put("other",
                Samples.plugin(Samples.OTHER_ID, "org/other:2", Samples.running()));
    }

    @BeforeEach
    void forget() {
        server.plugins.calls.clear();
    }

    static Stream<Arguments> commands() {
        return Stream.of(
                arguments("POST", "plugins/sample/enable", "", "enable sample PT30S"),
                arguments("POST", "plugins/sample/enable?timeout=1m30s", "", "enable sample PT1M30S"),
                arguments("POST", "plugins/sample/enable?timeout=PT5S", "", "enable sample PT5S"),
                arguments("POST", "plugins/sample/enable?timeout=7", "", "enable sample PT7S"),
                arguments("POST", "plugins/org/other:2/enable", "", "enable org/other:2 PT30S"),
                arguments("POST", "plugins/org%2Fother:2/disable", "", "disable org/other:2 NO"),
                arguments("POST", "plugins/sample/disable?force=true", "", "disable sample YES"),
                arguments("DELETE", "plugins/sample?force=1", "", "remove sample YES"),
                arguments("DELETE", "plugins/org/other", "", "remove org/other NO"),
                arguments("POST", "plugins/sample/settings", "{\"assignments\":[\"A=1\",\"m.source=/x\"]}",
                        "set sample [A=1, m.source=/x]"),
                arguments("PUT", "plugins/org/other:2/limits",
                        "{\"memoryBytes\":8388608,\"cpus\":1.50,\"pids\":0,\"noNewPrivileges\":null,\"seccomp\":\"builtin\"}",
                        "limit org/other:2 {\"memoryBytes\":8388608,\"cpus\":1.5,\"pids\":0,\"seccomp\":\"builtin\"}"),
                arguments("PUT", "plugins/sample/limits", "{}", "limit sample {}"),
                arguments("POST", "plugins/org/other:2/rollback", "", "rollBack org/other:2"),
                arguments("PUT",
                        "plugins/org/other:2/holders/volume-db?capability=VolumeDriver&label=volume%20db&durable=true",
                        "", "acquire org/other:2 VolumeDriver volume-db \"volume db\" true"),
                arguments("PUT", "plugins/sample/holders/a.b:c?capability=authz&label=x", "",
                        "acquire sample authz a.b:c \"x\" false"),
                arguments("DELETE", "plugins/org/other:2/holders/volume-db", "",
                        "release org/other:2 volume-db"),
                arguments("POST", "gc", "", "collectGarbage false"),
                arguments("POST", "gc?dryRun=true", "", "collectGarbage true"),
                arguments("POST", "plugins/import?name=new", "tar", "import new Exactly[privileges=[]] 3"),
                arguments("POST", "plugins/import?name=new&grant=all", "tar", "import new Everything[] 3"),
                arguments("POST",
                        "plugins/import?name=new&privileges=%5B%7B%22name%22:%22network%22,%22description%22:%22d%22,"
                                + "%22value%22:%5B%22host%22%5D%7D%5D",
                        "tar",
                        "import new Exactly[privileges=[Privilege[name=network, description=, value=[host]]]] 3"),
                arguments("POST", "plugins?name=org/new", "tar bytes", "create org/new 9"));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("commands")
    void callsTheFacade(String method, String path, String body, String call) throws IOException {
        assertThat(send(method, path, JSON, body)).containsPattern("^HTTP/1.1 20[014] ");
        assertThat(server.plugins.calls).containsExactly(call);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"POST, plugins/sample/disable", "DELETE, plugins/sample"})
    void saysWhomForceCutOff(String method, String path) throws IOException {
        assertThat(send(method, path + "?force=1", JSON, "")).startsWith("HTTP/1.1 200 ")
                .endsWith(
                        "{\"cutOff\":[{\"id\":\"volume-db\",\"label\":\"volume \\\"db\\\"\",\"durable\":true}]}\n");
        assertThat(send(method, path, JSON, "")).startsWith("HTTP/1.1 200 ").endsWith("{\"cutOff\":[]}\n");
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                arguments("POST", "plugins/sample/enable?timeout=soon", JSON, "", 400,
                        "timeout must be a duration"),
                arguments("POST", "plugins/sample/enable?timeout=0", JSON, "", 400,
                        "timeout must be 1ms to 1h"),
                arguments("POST", "plugins/sample/enable?timeout=61m", JSON, "", 400,
                        "timeout must be 1ms to 1h"),
                arguments("POST", "plugins/sample/enable?timeuot=1s", JSON, "", 400,
                        "unknown query parameter \\\"timeuot\\\"; there are timeout"),
                arguments("POST", "plugins/sample/disable?force=yes", JSON, "", 400,
                        "force must be true or false"),
                arguments("GET", "plugins?enabled=%00", "", "", 400,
                        "enabled must be true or false, not \\\"?\\\""),
                arguments("PUT", "plugins/sample/holders/a?label=x", "", "", 400, "capability: "),
                arguments("PUT", "plugins/sample/holders/a?capability=authz", "", "", 400,
                        "a holder's label has 1 to 128"),
                arguments("PUT", "plugins/sample/holders/-a?capability=authz&label=x", "", "", 400,
                        "a holder's id has 1 to 128"),
                arguments("PUT", "plugins/sample/holders/use:1?capability=authz&label=x", "", "", 400,
                        "belong to the engine"),
                arguments("DELETE", "plugins/sample/holders/use:1", "", "", 400, "belong to the engine"),
                arguments("DELETE", "plugins/sample/holders/volume:db", "", "", 400, "belong to the engine"),
                arguments("PUT", "plugins/sample/holders/a?capability=authz&label=x&durable=often", "", "",
                        400, "durable must be true or false"),
                arguments("GET", "plugins/sample/logs?tail=-1", "", "", 400, "tail must be all or a number"),
                arguments("GET", "plugins/sample/logs?since=monday", "", "", 400, "since must be a time"),
                arguments("GET", "plugins/gone/logs", "", "", 404, "plugin \\\"gone\\\" not found"),
                arguments("GET", "plugins/gone", "", "", 404, "plugin \\\"gone\\\" not found"),
                arguments("GET", "plugin?x=y", "", "", 404,
                        "there is nothing for GET at this path; see /patchbay/v1/"),
                arguments("PUT", "plugins", "", "", 404, "there is nothing for PUT at this path"),
                arguments("POST", "plugins", "", "x", 400, "name is missing"),
                arguments("POST", "plugins/import", "", "x", 400, "name is missing"),
                arguments("POST", "plugins/import?name=x&grant=some", "", "x", 400, "grant must be all"),
                arguments("POST", "plugins/import?name=x&grant=all&privileges=%5B%5D", "", "x", 400,
                        "exclude each other"),
                arguments("POST", "plugins/import?name=x&privileges=%7B%7D", "", "x", 400,
                        "must be the JSON list"),
                arguments("POST", "plugins/import?name=x&privileges=%5B1%5D", "", "x", 400,
                        "must be the JSON list"),
                arguments("POST", "plugins/import?name=x&privileges=%5B", "", "x", 400, "it is not JSON"),
                arguments("POST", "gc?dryRun=maybe", "", "", 400, "dryRun must be true or false"),
                arguments("POST", "plugins/x/rollback?to=1", "", "", 400, "unknown query parameter"),
                arguments("GET", "plugins/gone/export", "", "", 404, "plugin \\\"gone\\\" not found"),
                arguments("POST", "plugins/sample/settings", "Content-Type: text/plain\r\n", "{}", 415,
                        "application/json"),
                arguments("POST", "plugins/sample/settings", "", "{}", 415, "application/json"),
                arguments("PUT", "plugins/sample/limits", "", "{}", 415, "application/json"),
                arguments("PUT", "plugins/sample/limits", JSON, "[]", 400, "must be a JSON object"),
                arguments("PUT", "plugins/sample/limits", JSON, "{\"memory\":1}", 400,
                        "there is no limit \\\"memory\\\"; there are cpus, memoryBytes, "),
                arguments("PUT", "plugins/sample/limits", JSON, "{\"memoryBytes\":6291455}", 400,
                        "the memory limit must be 6291456 to "),
                arguments("PUT", "plugins/sample/limits", JSON, "{\"seccomp\":{\"defaultAction\":\"X\"}}",
                        400,
                        "the seccomp profile cannot be used: defaultAction is "),
                arguments("POST", "plugins/sample/settings", JSON, "", 400, "must be a JSON object"),
                arguments("POST", "plugins/sample/settings", JSON, "{\"assignments\":[1]}", 400,
                        "item 0 is not a text"),
                arguments("POST", "plugins/sample/settings", JSON, "{\"assignments\":[]} x", 400,
                        "it is not JSON"),
                arguments("POST", "plugins/sample/settings", JSON, "{\"set\":[]}", 400,
                        "must be a JSON object"),
                arguments("POST", "plugins/sample/settings", JSON, "[".repeat(100_000), 400,
                        "it is not JSON"),
                arguments("GET", "events?type=birth", HANDSHAKE, "", 400, "unknown event type"),
                arguments("GET", "events?filters=%5B%5D", HANDSHAKE, "", 400,
                        "filters must be a JSON object"),
                arguments("GET", "events?filters=%7B%22type%22:%5B7%5D%7D", HANDSHAKE, "", 400,
                        "list of texts"),
                arguments("GET", "events?filters=%7B%22colour%22:%5B%5D%7D", HANDSHAKE, "", 400,
                        "unknown filter"),
                arguments("GET", "events", "", "", 426, "the event stream is a WebSocket"),
                arguments("GET", "events", HANDSHAKE, "", 426, "only version 13"),
                arguments("GET", "events", HANDSHAKE + "Sec-WebSocket-Version: 12\r\n", "", 426,
                        "only version 13"),
                arguments("GET", "events", "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n", "", 400,
                        "Sec-WebSocket-Key"),
                arguments("GET", "events",
                        HANDSHAKE
                                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: chat, patchbay.v9\r\n",
                        "",
                        400, "the sub-protocols here are patchbay.v1, cloudevents.json"));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("refusals")
    void refusesWithOneSentence(
            String method, String path, String headers, String body, int status, String words)
            throws IOException {
        String reply = send(method, path, headers, body);
        assertThat(reply)
                .startsWith("HTTP/1.1 " + status + " ")
                .containsIgnoringCase("Content-Type: application/problem+json\r\n")
                .contains(words)
                .contains("\"status\":" + status);
        assertThat(server.plugins.calls).isEmpty();
    }

    @Test
    void neverRepeatsWhatMayBeSecret() throws IOException {
        assertThat(send("POST", "plugins/sample/settings", JSON, "{\"assignments\":\"PASSWORD=hunter2\"}"))
                .contains(" 400 ")
                .doesNotContain("hunter2");
        assertThat(send("POST", "plugins/sample/settings", JSON, "{\"assignments\":[\"PASSWORD=hunter2}"))
                .contains(" 400 ")
                .doesNotContain("hunter2");
    }

    @Test
    void aProblemNamesTheRequestAsTheLogDoes() throws IOException {
        assertThat(send("GET", "plugins/gone", "X-Request-Id: my-own-7\r\n", ""))
                .contains("\"instance\":\"urn:patchbay:request:my-own-7\"");
    }

    @Test
    void aBodyOverTheLimitIsRefused() throws IOException {
        try (var client = RawClient.connect(server.socket())) {
            String head = "POST /patchbay/v1/plugins/sample/settings HTTP/1.1\r\nHost: d\r\n" + JSON
                    + "Content-Length: " + ((4 << 20) + 1) + "\r\n\r\n";
            assertThat(client.send(head).readUntil("}")).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void aForeignPageMayNotOpenTheStream() throws IOException {
        try (var client = RawClient.connect(server.tcp())) {
            String reply = client
                    .send("GET /patchbay/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n"
                            + HANDSHAKE + "Sec-WebSocket-Version: 13\r\nOrigin: http://evil.example\r\n\r\n")
                    .readUntil("}");
            assertThat(reply).startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void createStopsReadingWhenTheClientGoesAway() throws IOException {
        try (var client = RawClient.connect(server.socket())) {
            client.send(
                    "POST /patchbay/v1/plugins?name=cut HTTP/1.1\r\nHost: d\r\nContent-Length: 1000\r\n\r\nonly this");
        }
        await().during(Duration.ofMillis(50)).until(() -> server.plugins.calls.isEmpty());
    }

    @Test
    void listsOverTcpToo() {
        String body = server.tcpClient()
                .get()
                .uri("/patchbay/v1/plugins?enabled=true&capability=volumedriver")
                .responseSingle((_, bytes) -> bytes.asString())
                .blockOptional(NativeServer.PATIENCE)
                .orElseThrow();
        assertThat(body).startsWith("{\"plugins\":[{\"id\":").contains("sample:latest", "org/other:2");
    }

    @Test
    void anAmbiguityOfPathsEndsInTheLogs() throws IOException {
        assertThat(send("GET", "plugins/sample/logs", "", "")).contains(" 200 ", "application/x-ndjson");
    }

    private String send(String method, String path, String headers, String body) throws IOException {
        return RawClient.exchange(server.socket(), method + " /patchbay/v1/" + path
                + " HTTP/1.1\r\nHost: d\r\nConnection: close"
                + (headers.contains("Upgrade") ? ", Upgrade" : "") + "\r\n"
                + headers + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }
}
