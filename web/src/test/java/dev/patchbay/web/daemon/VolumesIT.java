package dev.patchbay.web.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.syscall.Mounts;
import dev.patchbay.syscall.RequiresRoot;
import dev.patchbay.web.DockerCommand;
import dev.patchbay.web.Json;
import dev.patchbay.web.daemon.DaemonWorld.Answer;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Volumes of a real plugin in a real container, for an unmodified docker and for scripts. */
@RequiresRoot
@Timeout(300)
class VolumesIT {
    private static final String TRIAL = System.getProperty("patchbay.trialPlugin");

    private DaemonWorld world;

    @BeforeAll
    static void needsPrograms() throws InterruptedException {
        Assumptions.assumeTrue(DockerCommand.isInstalled(), "skipped: there is no docker command line");
        for (String program : List.of("/usr/bin/conmon", "/usr/sbin/runc")) {
            Assumptions.assumeTrue(Files.isExecutable(Path.of(program)), "skipped: there is no " + program);
        }
    }

    @BeforeEach
    void start() throws Exception {
        world = DaemonWorld.start();
        world.ok("plugin", "create", "vol", TRIAL);
        world.ok("plugin", "enable", "vol");
    }

    @AfterEach
    void leavesNothingBehind() throws IOException {
        world.close();
    }

    @Test
    void anUnmodifiedDockerMakesFindsAndRemovesVolumes() throws Exception {
        assertThat(world.ok("volume", "create", "-d", "vol", "-o", "size=1", "--label", "team=a", "db"))
                .isEqualTo("db\n");
        assertThat(world.ok("volume", "create", "-d", "vol", "db")).isEqualTo("db\n");
        assertThat(world.ok("volume", "create", "-d", "vol", "other")).isEqualTo("other\n");
        assertThat(world.ok("volume", "ls", "--format", "{{.Driver}} {{.Name}}"))
                .isEqualTo("vol:latest db\nvol:latest other\n");
        assertThat(world.ok("volume", "ls", "-q", "--filter", "label=team=a")).isEqualTo("db\n");
        assertThat(world.ok("volume", "ls", "-q", "--filter", "name=oth")).isEqualTo("other\n");
        assertThat(world.ok("volume", "inspect", "-f",
                "{{.Driver}} {{.Scope}} {{.Options.size}} {{.Labels.team}}",
                "db")).isEqualTo("vol:latest local 1 a\n");
        assertThat(world.failure("volume", "inspect", "nosuch")).contains("get nosuch: no such volume");
        assertThat(world.failure("volume", "create", "mine"))
                .contains("there is no driver \"local\" here", "docker volume create -d PLUGIN mine");
        assertThat(world.failure("volume", "create", "-d", "nosuch", "xx"))
                .contains("plugin \"nosuch\" not found");
        assertThat(world.failure("volume", "create", "-d", "vol", "../x")).contains("is not allowed");
        assertThat(world.failure("plugin", "disable", "vol"))
                .contains("plugin vol:latest is in use by: volume db, volume other");
        assertThat(world.ok("volume", "rm", "db")).isEqualTo("db\n");
        assertThat(world.ok("volume", "create", "-d", "vol").strip()).matches("[0-9a-f]{64}");
        assertThat(world.ok("volume", "prune", "-f")).contains("Deleted Volumes:").doesNotContain("other");
        assertThat(world.ok("volume", "prune", "-f", "-a")).contains("other");
        assertThat(world.ok("volume", "ls", "-q")).isEmpty();
        world.ok("plugin", "disable", "vol");
        assertThat(world.ok("volume", "rm", "-f", "nosuch")).isEqualTo("nosuch\n");
    }

    @Test
    void aMountOutlivesADaemonThatIsKilledAndIsMadeAgainWhenThePluginIs() throws Exception {
        world.ok("volume", "create", "-d", "vol", "db");
        Path path = mount("db", "a");
        assertThat(path.resolve("hello")).hasContent("written by the plugin into db\n");
        Files.writeString(path.resolve("mine"), "of the host");
        assertThat(mount("db", "b")).isEqualTo(path);

        world.kill();
        world.awaitRunning("vol");
        assertThat(path.resolve("mine")).hasContent("of the host");
        awaitState("db", "mounted");
        assertThat(mount("db", "a")).isEqualTo(path);
        assertThat(path.resolve("mine")).hasContent("of the host");
        assertThat(world.failure("plugin", "disable", "vol")).contains(
                "plugin vol:latest is in use by: volume db, volume db mount a, volume db mount b");
        assertThat(world.failure("volume", "rm", "db")).contains("remove db: volume is in use - [a, b]");

        int generation = Integer.parseInt(world.inspect("vol", "{{.Status.Generation}}"));
        new ProcessBuilder("kill", "-KILL", world.pid("vol", "trial-plugin")).start().waitFor();
        Awaitility.await()
                .atMost(DaemonWorld.PATIENCE)
                .untilAsserted(
                        () -> assertThat(world.inspect("vol", "{{.Status.State}} {{.Status.Generation}}"))
                                .isEqualTo("running " + (generation + 1)));
        awaitState("db", "mounted");
        assertThat(path.resolve("hello")).hasContent("written by the plugin into db\n");
        assertThat(path.resolve("mine")).doesNotExist();

        unmount("db", "a");
        assertThat(Mounts.isMounted(path)).as("b has it still").isTrue();
        unmount("db", "b");
        assertThat(Mounts.isMounted(path)).isFalse();
        world.ok("volume", "rm", "db");
        world.ok("plugin", "disable", "vol");
    }

    @Test
    void aMountIsMadeAgainAfterACleanRestart() throws Exception {
        world.ok("volume", "create", "-d", "vol", "db");
        Path path = mount("db", "a");
        world.restart();
        awaitState("db", "mounted");
        assertThat(Mounts.isMounted(path)).isTrue();
        assertThat(world.ok("volume", "inspect", "-f", "{{.Mountpoint}}", "db")).isEqualTo(path + "\n");
        world.ok("plugin", "disable", "-f", "vol");
        Awaitility.await()
                .atMost(DaemonWorld.PATIENCE)
                .untilAsserted(() -> assertThat(post("GET", "volumes/db").text()).contains("\"mounts\":[]"));
        assertThat(Mounts.isMounted(path)).isFalse();
        world.ok("volume", "rm", "-f", "db");
    }

    @Test
    void whatHangsOrLiesCostsItsOwnVolumeOnly() throws Exception {
        for (String name : List.of("fine", "outside", "garbage", "hangmount", "hangunmount")) {
            world.ok("volume", "create", "-d", "vol", name);
        }
        CompletableFuture<Answer> hangs = later("volumes/hangmount/mount?id=a");
        CompletableFuture<Answer> makes = CompletableFuture.supplyAsync(() -> send(HttpMethod.POST, "volumes",
                "{\"name\":\"hangcreate\",\"driver\":\"vol\"}"));
        mount("hangunmount", "a");
        CompletableFuture<Answer> ends = later("volumes/hangunmount/unmount?id=a");
        assertThat(post("POST", "volumes/outside/mount?id=a")).satisfies(refused -> {
            assertThat(refused.status()).isEqualTo(502);
            assertThat(refused.text()).contains("urn:patchbay:problem:call-failed");
        });
        assertThat(post("POST", "volumes/garbage/mount?id=a").status()).isEqualTo(502);
        Path fine = mount("fine", "a");
        assertThat(fine.resolve("hello")).exists();
        unmount("fine", "a");
        assertThat(world.ok("volume", "ls", "-q")).contains("fine", "hangmount");
        world.ok("volume", "create", "-d", "vol", "hanglist");
        assertThat(world.ok("volume", "inspect", "fine")).contains("\"Name\": \"fine\"");
        Answer list = post("GET", "volumes");
        assertThat(list.text()).contains("\"name\":\"fine\"", "did not answer VolumeDriver.List within 10 s");
        assertThat(hangs).isNotDone();
        assertThat(makes).isNotDone();
        assertThat(ends).isNotDone();
        world.ok("plugin", "disable", "-f", "vol");
        assertThat(hangs).succeedsWithin(DaemonWorld.PATIENCE);
        assertThat(makes).succeedsWithin(DaemonWorld.PATIENCE);
        assertThat(ends).succeedsWithin(DaemonWorld.PATIENCE);
        for (String name : List.of("fine", "outside", "garbage", "hangmount", "hangunmount", "hanglist")) {
            world.ok("volume", "rm", "-f", name);
        }
        assertThat(world.ok("volume", "ls", "-q")).isEmpty();
    }

    @Test
    void tellsOfVolumesInDockersWordsAndInItsOwn() throws Exception {
        world.ok("volume", "create", "-d", "vol", "db");
        mount("db", "a");
        unmount("db", "a");
        world.ok("volume", "rm", "db");
        Awaitility.await()
                .atMost(DaemonWorld.PATIENCE) // until is a whole second
                .untilAsserted(() -> assertThat(world
                        .ok("events", "--since", "10m", "--until", "0s", "--filter",
                                "type=volume", "--format",
                                "{{.Type}} {{.Action}} {{.Actor.ID}} {{.Actor.Attributes.driver}}")
                        .lines())
                        .containsExactly("volume create db vol:latest", "volume mount db vol:latest",
                                "volume unmount db vol:latest", "volume destroy db vol:latest"));
        assertThat(world.ok("events", "--since", "10m", "--until", "0s", "--filter", "volume=db", "--filter",
                "event=mount", "--format", "{{.Actor.Attributes.mount}}")).isEqualTo("a\n");
    }

    @Test
    void aDamagedFileIsKeptAsideAndToldAndStopsNothing() throws Exception {
        world.ok("volume", "create", "-d", "vol", "db");
        Files.writeString(world.folder().resolve("r/volumes.json"), "{{{");
        world.restart();
        world.awaitRunning("vol");
        assertThat(world.ok("volume", "inspect", "-f", "{{.Driver}}", "db")).isEqualTo("vol:latest\n");
        assertThat(post("GET", "health").text()).contains("volumes.json.damaged-", "is damaged");
        assertThat(world.failure("plugin", "disable", "vol")).contains("in use by: volume db");
        world.ok("volume", "rm", "db");
        world.ok("plugin", "disable", "vol");
    }

    private Path mount(String volume, String id) {
        Answer answer = post("POST", "volumes/" + volume + "/mount?id=" + id);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return Path.of(Json.mapper().readTree(answer.body()).get("path").stringValue());
    }

    private void unmount(String volume, String id) {
        Answer answer = post("POST", "volumes/" + volume + "/unmount?id=" + id);
        assertThat(answer.status()).as(answer.text()).isEqualTo(204);
    }

    private void awaitState(String volume, String state) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(post("GET", "volumes/" + volume).text())
                        .contains("\"state\":\"" + state + "\""));
    }

    private CompletableFuture<Answer> later(String path) {
        return CompletableFuture.supplyAsync(() -> post("POST", path));
    }

    private Answer post(String method, String path) {
        return world.call(HttpMethod.valueOf(method), path, new byte[0]);
    }

    private Answer send(HttpMethod method, String path, String json) {
        return world.call(method, path, json);
    }
}
