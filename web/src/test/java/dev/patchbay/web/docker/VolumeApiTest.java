package dev.patchbay.web.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.patchbay.PluginCallException;
import dev.patchbay.PluginException;
import dev.patchbay.VolumeConflictException;
import dev.patchbay.VolumesUnavailableException;
import dev.patchbay.event.Actor;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventType;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.web.FakePlugins;
import dev.patchbay.web.ScriptedVolumes;
import dev.patchbay.web.TestServer;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Volumes in Docker's words. */
@Timeout(60)
class VolumeApiTest {
    private static final String DB = "{\"CreatedAt\":\"2026-01-02T03:04:05Z\",\"Driver\":\"vol:latest\","
            + "\"Labels\":{\"team\":\"a\"},\"Mountpoint\":\"/r/db\",\"Name\":\"db\",\"Options\":{\"size\":\"1\"},"
            + "\"Scope\":\"global\",\"Status\":{\"free\":7,\"of\":{\"a\":[1]}}}";
    private static final String BARE = "{\"Driver\":\"off:latest\",\"Labels\":null,\"Mountpoint\":\"\","
            + "\"Name\":\"bare\",\"Options\":null,\"Scope\":\"local\","
            + "\"Status\":{\"Warning\":\"plugin off:latest found but disabled\"}}";

    private final ScriptedVolumes volumes = new ScriptedVolumes();
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start(Samples.routes(new FakePlugins(), volumes));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String send(String method, String path, String json) throws Exception {
        return server.send(method, path, "Content-Type: application/json\r\nContent-Length: "
                + json.getBytes(UTF_8).length + "\r\n\r\n" + json);
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    @Test
    void showsVolumesToTheByte() throws Exception {
        assertThat(body(server.get("/v1.50/volumes/db"))).isEqualTo(DB + "\n");
        assertThat(body(server.get("/volumes"))).isEqualTo(
                "{\"Volumes\":[" + BARE + "," + DB + "],\"Warnings\":[\"off does not answer\"]}\n");
        assertThat(server.get("/volumes/none")).startsWith("HTTP/1.1 404 ")
                .contains("get none: no such volume");
        assertThat(server.get("/volumes/a/b")).startsWith("HTTP/1.1 404 ");
    }

    @Test
    void makesWhatDockerAsksFor() throws Exception {
        String answer = send("POST", "/volumes/create", "{\"Name\":\"db\",\"Driver\":\"vol\","
                + "\"DriverOpts\":{\"size\":\"1\"},\"Labels\":null,\"ClusterVolumeSpec\":null}");
        assertThat(answer).startsWith("HTTP/1.1 201 ");
        assertThat(body(answer)).isEqualTo(DB + "\n");
        assertThat(volumes.asked).containsExactly(
                "create VolumeRequest[name=db, driver=vol, options={size=1}, labels={}]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"[] | 400", "null | 400", "{\"Name\":1} | 400",
            "{\"Name\":\"a/b\"} | 400", "{\"Name\":\"db\",\"DriverOpts\":[]} | 400",
            "{\"Name\":\"db\",\"Labels\":{\"a\":1}} | 400",
            "{\"Name\":\"db\",\"ClusterVolumeSpec\":{}} | 503",
            "{ | 400"})
    void refusesWhatMakesNoSense(String json, int status) throws Exception {
        assertThat(send("POST", "/volumes/create", json)).startsWith("HTTP/1.1 " + status + " ");
        assertThat(volumes.asked).isEmpty();
    }

    @Test
    void filtersAsDocker() throws Exception {
        server.get("/volumes?filters=" + encoded("{\"dangling\":[\"true\"],\"driver\":{\"vol\":true},"
                + "\"label\":[\"a=1\"],\"name\":[\"d\"]}"));
        assertThat(volumes.asked).containsExactly("list VolumeFilter[names=[d], drivers=[vol], labels=[a=1], "
                + "notLabels=[], unused=Optional[true]]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"nosuch\":[\"x\"]}", "{\"dangling\":[\"perhaps\"]}", "[]", "{\"label!\":[\"x\"]}"})
    void refusesFiltersThatVolumesDoNotHave(String filters) throws Exception {
        assertThat(server.get("/volumes?filters=" + encoded(filters))).startsWith("HTTP/1.1 400 ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"/v1.41 | {} | [][] true", "/v1.42 | {} | [][] false",
            "/v1.50 | {\"all\":[\"1\"]} | [][] true",
            "'' | {\"label\":[\"a\"],\"label!\":[\"b\"]} | [a][b] false"})
    void prunesAsTheClientsVersionDoes(String version, String filters, String asked) throws Exception {
        String answer = server.send("POST", version + "/volumes/prune?filters=" + encoded(filters),
                "Content-Length: 0");
        assertThat(body(answer)).isEqualTo("{\"VolumesDeleted\":[\"old\"],\"SpaceReclaimed\":0}\n");
        assertThat(volumes.asked).containsExactly("prune " + asked);
    }

    @Test
    void whatAPruningLeavesStandsInTheLogSinceDockersAnswerHasNoPlaceForIt() throws Exception {
        var lines = new ListAppender<ILoggingEvent>();
        lines.list = new CopyOnWriteArrayList<>();
        lines.start();
        var logger = (Logger) LoggerFactory.getLogger(VolumeHandlers.class);
        logger.addAppender(lines);
        try {
            String answer = server.send("POST", "/volumes/prune", "Content-Length: 0");
            assertThat(answer).startsWith("HTTP/1.1 200 ").contains("\"VolumesDeleted\":[\"old\"]");
        } finally {
            logger.detachAppender(lines);
        }
        assertThat(lines.list).extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("volume prune: one is stuck");
    }

    @Test
    void removesWithOrWithoutForce() throws Exception {
        assertThat(server.send("DELETE", "/volumes/db", "Content-Length: 0")).startsWith("HTTP/1.1 204 ");
        server.send("DELETE", "/volumes/db?force=1", "Content-Length: 0");
        assertThat(volumes.asked).containsExactly("remove db NO", "remove db YES");
    }

    static Stream<Arguments> failures() {
        var call = new PluginCallException.Call("vol:latest", "VolumeDriver.Mount");
        return Stream.of(
                Arguments.of(new VolumeConflictException("db", VolumeConflictException.Kind.IN_USE, "in use"),
                        409),
                Arguments.of(new VolumesUnavailableException("still being read"), 503),
                Arguments.of(new PluginCallException.TimedOut(call, Duration.ofSeconds(60)), 504),
                Arguments.of(new PluginCallException.Refused(call, 200, "no", "no"), 502));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void saysWhatWentWrong(PluginException failure, int status) throws Exception {
        volumes.fail(failure);
        assertThat(server.send("DELETE", "/volumes/db", "Content-Length: 0"))
                .startsWith("HTTP/1.1 " + status + " ")
                .contains(String.valueOf(failure.getMessage()));
    }

    @Test
    void eventsOfVolumesAreDockersOwn() {
        var mounted = new PluginEvent(new Cursor("e", 4), FakePlugins.NOW, EventType.VOLUME_MOUNT,
                Optional.empty(),
                "", List.of(), 0, Actor.caller("r"),
                Map.of("volume", "db", "driver", "vol:latest", "mount", "a"));
        assertThat(new String(EventFormat.JSON.line(mounted), UTF_8)).startsWith("{\"Type\":\"volume\","
                + "\"Action\":\"mount\",\"Actor\":{\"ID\":\"db\",\"Attributes\":{\"driver\":\"vol:latest\","
                + "\"mount\":\"a\"}},\"scope\":\"local\"");
        for (String wanted : List.of("{\"type\":[\"volume\"]}", "{\"event\":[\"mount\"]}",
                "{\"volume\":[\"d\"]}",
                "{\"label\":[\"driver=vol:latest\"]}")) {
            assertThat(filter(wanted).test(mounted)).as(wanted).isTrue();
        }
        for (String other : List.of("{\"type\":[\"daemon\"]}", "{\"type\":[\"plugin\"]}",
                "{\"event\":[\"volume_mount\"]}", "{\"volume\":[\"other\"]}")) {
            assertThat(filter(other).test(mounted)).as(other).isFalse();
        }
    }

    private static DockerFilter filter(String json) {
        return new DockerFilter(Filters.parse(Optional.of(json)));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }
}
