package dev.patchbay.web.v1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.EngineBusyException;
import dev.patchbay.Health;
import dev.patchbay.PluginConflictException;
import dev.patchbay.PluginLogException;
import dev.patchbay.PluginStartException;
import dev.patchbay.PrivilegesException;
import dev.patchbay.event.EventType;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.plugin.Privilege;
import dev.patchbay.use.Holder;
import dev.patchbay.use.Holders;
import dev.patchbay.volume.Volumes;
import dev.patchbay.web.Json;
import dev.patchbay.web.feed.EventHub;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** The description of the native API says what the server does: no more, no less. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OpenApiTest {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch", "head",
            "options");
    private static final String ONE = "/patchbay/v1/plugins/{name}";

    private NativeServer server;
    private JsonNode document;
    private SchemaChecker checker;

    @BeforeAll
    void start() {
        server = new NativeServer();
        document = Json.mapper().readTree(get("/patchbay/v1/openapi.json").body());
        checker = new SchemaChecker(document);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void describesEachRouteAndNoOther() {
        assertThat(described().keySet()).isEqualTo(routed().keySet());
    }

    @Test
    void describesEachQueryParameterAndNoOther() {
        assertThat(described()).isEqualTo(routed());
    }

    /** Method and path of each row, with its parameters. */
    private static Map<String, Set<String>> routed() {
        var found = new TreeMap<String, Set<String>>();
        var config = NativeConfig.of("x", "n", Schedulers.immediate());
        var plugins = new ScriptedPlugins();
        for (NativeRoute row : NativeApi.rows(plugins, Volumes.none(), new EventHub(plugins), config)) {
            String path = NativeRoute.PREFIX + row.path().replace(":.*", "");
            found.put(row.method().name() + " " + path, new TreeSet<>(row.parameters()));
        }
        return found;
    }

    private Map<String, Set<String>> described() {
        var found = new TreeMap<String, Set<String>>();
        operations().forEach((operation, node) -> {
            var names = new TreeSet<String>();
            node.path("parameters").forEach(parameter -> names.add(parameter.get("name").stringValue()));
            found.put(operation, names);
        });
        return found;
    }

    private Map<String, JsonNode> operations() {
        var found = new TreeMap<String, JsonNode>();
        for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
            path.getValue()
                    .properties()
                    .stream()
                    .filter(entry -> METHODS.contains(entry.getKey()))
                    .forEach(entry -> found.put(
                            entry.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(), entry.getValue()));
        }
        return found;
    }

    private JsonNode operation(String name) {
        return Optional.ofNullable(operations().get(name)).orElseThrow();
    }

    @Test
    void describesPathVariables() {
        for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
            boolean named = path.getValue()
                    .path("parameters")
                    .path(0)
                    .path("name")
                    .asString("")
                    .equals("name");
            assertThat(named).as(path.getKey()).isEqualTo(path.getKey().contains("{name}"));
        }
    }

    @Test
    void itsExamplesFitItsSchemas() {
        int examples = 0;
        for (JsonNode media : document.findValues("content")) {
            for (Map.Entry<String, JsonNode> type : media.properties()) {
                JsonNode schema = type.getValue().path("schema");
                for (JsonNode example : examples(type.getValue())) {
                    assertThat(checker.problems(schema, example)).isEmpty();
                    examples++;
                }
            }
        }
        assertThat(examples).isGreaterThan(10);
    }

    private static List<JsonNode> examples(JsonNode media) {
        return media.has("example")
                ? List.of(media.get("example"))
                : media.path("examples").values().stream().map(one -> one.get("value")).toList();
    }

    @Test
    void namesEveryEventType() {
        for (JsonNode parameter : operation("GET /patchbay/v1/events").get("parameters")) {
            if (parameter.get("name").stringValue().equals("type")) {
                assertThat(parameter.at("/schema/items/enum").values().stream().map(JsonNode::stringValue))
                        .containsExactlyInAnyOrderElementsOf(
                                Arrays.stream(EventType.values()).map(EventType::wireName).toList());
            }
        }
    }

    @Test
    void everyOperationDescribesARefusalAndItsSuccess() {
        operations().forEach((name, operation) -> {
            assertThat(operation.get("responses").has("400")).as(name).isTrue();
            assertThat(operation.get("responses").propertyNames()).as(name)
                    .anyMatch(status -> status.charAt(0) < '3');
        });
    }

    @Test
    void realSuccessesAreAsDescribed() {
        server.plugins.installed.put("a", Samples.plugin());
        server.plugins.installed.put(
                "b",
                Samples.plugin(Samples.OTHER_ID, "org/other", Samples.backingOff(new ExitStatus.Exited(3))));
        for (ExitStatus exit : List.of(new ExitStatus.Signaled(9, true), new ExitStatus.Unknown("lost"))) {
            server.plugins.installed.put(
                    "b", Samples.plugin(Samples.OTHER_ID, "org/other", Samples.backingOff(exit)));
            fits("GET " + ONE, get("/patchbay/v1/plugins/org/other"), 200);
        }
        fits("GET /patchbay/v1/plugins", get("/patchbay/v1/plugins?capability=volumedriver"), 200);
        assertThat(get("/patchbay/v1/plugins/org/other").body()).contains("\"seccomp\":{\"defaultAction\"");
        assertThat(get("/patchbay/v1/plugins").body()).contains("\"seccomp\":\"custom\"")
                .doesNotContain("defaultAction");
        fits("POST /patchbay/v1/plugins", send(HttpMethod.POST, "/patchbay/v1/plugins?name=x", "tar"), 201);
        fits("POST " + ONE + "/enable", send(HttpMethod.POST, "/patchbay/v1/plugins/sample/enable", ""), 204);
        fits("POST " + ONE + "/disable",
                send(HttpMethod.POST, "/patchbay/v1/plugins/sample/disable?force=1", ""), 200);
        fits("POST " + ONE + "/settings",
                send(HttpMethod.POST, "/patchbay/v1/plugins/sample/settings", "{\"assignments\":[\"A=1\"]}"),
                204);
        fits("PUT " + ONE + "/limits",
                send(HttpMethod.PUT, "/patchbay/v1/plugins/sample/limits", "{\"pids\":64}"), 204);
        fits("POST " + ONE + "/rollback", send(HttpMethod.POST, "/patchbay/v1/plugins/sample/rollback", ""),
                204);
        fits("PUT " + ONE + "/holders/{holder}",
                send(HttpMethod.PUT,
                        "/patchbay/v1/plugins/sample/holders/volume-db?capability=volumedriver&label=db", ""),
                200);
        fits("DELETE " + ONE + "/holders/{holder}",
                send(HttpMethod.DELETE, "/patchbay/v1/plugins/sample/holders/volume-db", ""), 204);
        fits("POST /patchbay/v1/plugins/import",
                send(HttpMethod.POST, "/patchbay/v1/plugins/import?name=x&grant=all", "tar"), 201);
        fits("POST /patchbay/v1/gc", send(HttpMethod.POST, "/patchbay/v1/gc?dryRun=1", ""), 200);
        fits("DELETE " + ONE, send(HttpMethod.DELETE, "/patchbay/v1/plugins/sample?force=1", ""), 200);
        fits("GET /patchbay/v1/health", get("/patchbay/v1/health"), 200);
        fits("GET /patchbay/v1/health/live", get("/patchbay/v1/health/live"), 200);
        fits("GET /patchbay/v1/openapi.json", get("/patchbay/v1/openapi.json"), 200);
        fits("GET /patchbay/v1/asyncapi.json", get("/patchbay/v1/asyncapi.json"), 200);
    }

    @Test
    void logLinesAreAsDescribed() {
        server.plugins.installed.put("a", Samples.plugin());
        server.plugins.logs.set((_, _) -> Flux.just(Samples.line("one"), Samples.line("\"two\" \u0001"))
                .concatWith(Flux.error(new PluginLogException("the log is torn", null))));
        HttpReply reply = get("/patchbay/v1/plugins/sample/logs");
        assertThat(reply.body().lines()).hasSize(3)
                .allSatisfy(line -> fits(
                        "GET " + ONE + "/logs", new HttpReply(200, reply.type(), line), 200));
    }

    @Test
    void realFailuresAreAsDescribed() {
        var plugins = server.plugins;
        fits("GET " + ONE, get("/patchbay/v1/plugins/gone"), 404);
        fits("GET /patchbay/v1/plugins", get("/patchbay/v1/plugins?enabled=perhaps"), 400);
        fits("GET /patchbay/v1/events", get("/patchbay/v1/events"), 426);
        fits("POST " + ONE + "/settings",
                send(HttpMethod.POST, "/patchbay/v1/plugins/sample/settings", "{\"assignments\":1}"), 400);
        plugins.fail(new PluginConflictException("x", PluginConflictException.Kind.ENABLED,
                "plugin x is enabled"));
        fits("POST " + ONE + "/enable", send(HttpMethod.POST, "/patchbay/v1/plugins/x/enable", ""), 409);
        plugins.fail(PluginConflictException.inUse("x", "plugin x is in use by: volume db",
                Holders.of(List.of(Holder.durable("one", "volume db")))));
        HttpReply inUse = send(HttpMethod.POST, "/patchbay/v1/plugins/x/disable", "");
        fits("POST " + ONE + "/disable", inUse, 409);
        assertThat(inUse.body())
                .contains("\"holders\":[{\"id\":\"one\",\"label\":\"volume db\",\"durable\":true}]");
        plugins.fail(new PluginStartException(
                "x", 4, "it exited", Optional.of(new ExitStatus.Exited(3)), List.of("no such device")));
        fits("POST " + ONE + "/enable", send(HttpMethod.POST, "/patchbay/v1/plugins/x/enable", ""), 500);
        plugins.fail(new PrivilegesException(
                List.of(new Privilege("network", "permissions to access a network", List.of("host"))), "no"));
        fits("POST /patchbay/v1/plugins/import",
                send(HttpMethod.POST, "/patchbay/v1/plugins/import?name=x", "tar"), 403);
        plugins.fail(new EngineBusyException(7));
        fits("POST /patchbay/v1/plugins", send(HttpMethod.POST, "/patchbay/v1/plugins?name=x", "tar"), 503);
        plugins.health.set(new Health(true, false, List.of("restoring")));
        fits("GET /patchbay/v1/health", get("/patchbay/v1/health"), 503);
        fits("GET /patchbay/v1/health/live", get("/patchbay/v1/health/live"), 200);
    }

    private void fits(String operation, HttpReply reply, int status) {
        assertThat(reply.status()).as(operation + ": " + reply.body()).isEqualTo(status);
        JsonNode described = checker.follow(operation(operation).get("responses").path("" + status));
        if (!described.has("content")) {
            assertThat(reply.body()).as(operation).isEmpty();
            return;
        }
        JsonNode media = described.get("content").path(reply.type());
        assertThat(media.isMissingNode()).as(operation + " answers " + reply.type()).isFalse();
        JsonNode body = Json.mapper().readTree(reply.body());
        assertThat(checker.problems(media.get("schema"), body)).as(operation).isEmpty();
    }

    @Test
    void theCheckerItselfFindsFaults() {
        JsonNode health = document.at("/components/schemas/Health");
        Stream.of("{}", "[]", "{\"live\":1,\"ready\":true,\"problems\":[]}",
                "{\"live\":true,\"ready\":true,\"problems\":[1]}",
                "{\"live\":true,\"ready\":true,\"problems\":[],\"more\":1}")
                .forEach(wrong -> assertThat(checker.problems(health, Json.mapper().readTree(wrong)))
                        .as(wrong)
                        .isNotEmpty());
        JsonNode atMostOne = Json.mapper().readTree("{\"maxItems\":1}");
        assertThat(checker.problems(atMostOne, Json.mapper().readTree("[1]"))).isEmpty();
        assertThat(checker.problems(atMostOne, Json.mapper().readTree("[1,2]"))).isNotEmpty();
        JsonNode unknown = Json.mapper().readTree("{\"minLength\":1}");
        assertThat(checker.problems(unknown, Json.mapper().readTree("\"x\""))).isNotEmpty();
    }

    private record HttpReply(int status, String type, String body) {}

    private HttpReply get(String uri) {
        return send(HttpMethod.GET, uri, "");
    }

    private HttpReply send(HttpMethod method, String uri, String body) {
        return server.unixClient()
                .headers(headers -> headers.set("Content-Type", "application/json"))
                .request(method)
                .uri(uri)
                .send((_, out) -> body.isEmpty()
                        ? out
                        : out.sendByteArray(
                                Flux.just(body.getBytes(StandardCharsets.UTF_8))))
                .responseSingle((response, bytes) -> bytes.asString()
                        .defaultIfEmpty("")
                        .map(text -> new HttpReply(
                                response.status().code(), response.responseHeaders().get("Content-Type", ""),
                                text)))
                .blockOptional(NativeServer.PATIENCE)
                .orElseThrow();
    }
}
