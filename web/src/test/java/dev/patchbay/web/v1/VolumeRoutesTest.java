package dev.patchbay.web.v1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.VolumeConflictException;
import dev.patchbay.VolumesUnavailableException;
import dev.patchbay.web.Json;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** Volumes in the native API, each answer compared with what the API's description says of it. */
@Timeout(60)
class VolumeRoutesTest {
    private static final String ONE = "/patchbay/v1/volumes/{name}";

    private NativeServer server;
    private SchemaChecker checker;
    private JsonNode document;

    private record Answer(int status, String body) {}

    @BeforeEach
    void start() {
        server = new NativeServer();
        document = Json.mapper().readTree(send("GET", "/patchbay/v1/openapi.json", "").body());
        checker = new SchemaChecker(document);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Answer send(String method, String uri, String json) {
        return server.unixClient()
                .headers(headers -> headers.set("Content-Type", "application/json"))
                .request(HttpMethod.valueOf(method))
                .uri(uri)
                .send((_, out) -> json.isEmpty()
                        ? out
                        : out.sendByteArray(Flux.just(json.getBytes(StandardCharsets.UTF_8))))
                .responseSingle((response, bytes) -> bytes.asString()
                        .defaultIfEmpty("")
                        .map(text -> new Answer(response.status().code(), text)))
                .blockOptional(NativeServer.PATIENCE)
                .orElseThrow();
    }

    private Answer fits(String method, String path, int status, Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        JsonNode described = checker.follow(document.at("/paths/" + path.replace("~", "~0").replace("/", "~1")
                + "/" + method + "/responses/" + status));
        assertThat(described.isMissingNode()).as(method + path + status).isFalse();
        if (!described.has("content")) {
            assertThat(answer.body()).isEmpty();
        } else {
            JsonNode schema = described.get("content").values().iterator().next().get("schema");
            assertThat(checker.problems(schema, Json.mapper().readTree(answer.body()))).as(answer.body())
                    .isEmpty();
        }
        return answer;
    }

    @Test
    void answersAsDescribed() {
        assertThat(fits("get", ONE, 200, send("GET", "/patchbay/v1/volumes/db", "")).body()).isEqualTo(
                "{\"name\":\"db\",\"driver\":\"vol:latest\",\"scope\":\"global\",\"options\":{\"size\":\"1\"},"
                        + "\"labels\":{\"team\":\"a\"},\"createdAt\":\"2026-01-02T03:04:05.678Z\","
                        + "\"status\":{\"free\":7,\"of\":{\"a\":[1]}},\"mounts\":[{\"id\":\"a\","
                        + "\"state\":\"mounted\",\"path\":\"/r/db\"},{\"id\":\"b\",\"state\":\"unmounting\"}]}\n");
        fits("get", "/patchbay/v1/volumes", 200,
                send("GET", "/patchbay/v1/volumes?name=d&driver=vol&label=a&unused=true", ""));
        fits("post", "/patchbay/v1/volumes", 201,
                send("POST", "/patchbay/v1/volumes",
                        "{\"name\":\"db\",\"driver\":\"vol\",\"options\":{\"a\":\"b\"}}"));
        fits("post", "/patchbay/v1/volumes/prune", 200, send("POST", "/patchbay/v1/volumes/prune?all=1", ""));
        assertThat(fits("post", ONE + "/mount", 200, send("POST", "/patchbay/v1/volumes/db/mount?id=a", ""))
                .body())
                .isEqualTo("{\"volume\":\"db\",\"driver\":\"vol:latest\",\"id\":\"a\",\"path\":\"/r/db\"}\n");
        send("POST", "/patchbay/v1/volumes/db/mount", "");
        fits("post", ONE + "/unmount", 204, send("POST", "/patchbay/v1/volumes/db/unmount?id=a", ""));
        fits("delete", ONE, 204, send("DELETE", "/patchbay/v1/volumes/db?force=true", ""));
        assertThat(server.volumes.asked).containsExactly("inspect db",
                "list VolumeFilter[names=[d], drivers=[vol], labels=[a], notLabels=[], unused=Optional[true]]",
                "create VolumeRequest[name=db, driver=vol, options={a=b}, labels={}]", "prune [][] true",
                "mount db a", "mount db -", "unmount db a", "remove db YES");
    }

    @Test
    void failuresAreAsDescribed() {
        assertThat(fits("get", ONE, 404, send("GET", "/patchbay/v1/volumes/none", "")).body())
                .contains("urn:patchbay:problem:volume-not-found");
        fits("post", ONE + "/unmount", 400, send("POST", "/patchbay/v1/volumes/db/unmount", ""));
        server.volumes.fail(new VolumeConflictException("db", VolumeConflictException.Kind.IN_USE, "in use"));
        assertThat(fits("delete", ONE, 409, send("DELETE", "/patchbay/v1/volumes/db", "")).body())
                .contains("urn:patchbay:problem:volume-conflict");
        server.volumes.fail(new VolumesUnavailableException("still being read"));
        assertThat(fits("get", "/patchbay/v1/volumes", 503, send("GET", "/patchbay/v1/volumes", "")).body())
                .contains("\"retryable\":true");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"[]", "{", "{\"name\":1}", "{\"nosuch\":\"x\"}", "{\"options\":[]}",
            "{\"labels\":{\"a\":1}}", "{\"name\":\"a/b\"}", "{\"name\":\"db\",\"name\":\"db\"}"})
    void refusesWhatMakesNoSense(String json) {
        fits("post", "/patchbay/v1/volumes", 400, send("POST", "/patchbay/v1/volumes", json));
        assertThat(server.volumes.asked).isEmpty();
    }

    @Test
    void healthTellsWhatIsWrongWithVolumesAndIsAsReadyAsBefore() {
        server.volumes.problems("volume db is stuck");
        Answer health = send("GET", "/patchbay/v1/health", "");
        assertThat(health.status()).isEqualTo(200);
        assertThat(health.body()).contains("\"ready\":true", "volume db is stuck");
    }
}
