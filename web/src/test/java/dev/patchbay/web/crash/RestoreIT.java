package dev.patchbay.web.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.syscall.MountEntry;
import dev.patchbay.syscall.MountTable;
import dev.patchbay.syscall.RequiresRoot;
import dev.patchbay.web.crash.Sightings.Container;
import dev.patchbay.web.crash.SocketClient.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a daemon makes of plugins that the one before left: running, ended, changed, or stuck. */
@RequiresRoot
@Timeout(180)
class RestoreIT {
    private Host host;

    @BeforeAll
    static void needsPrograms() {
        for (String program : List.of("/usr/bin/conmon", "/usr/sbin/runc")) {
            Assumptions.assumeTrue(Files.isExecutable(Path.of(program)), "skipped: there is no " + program);
        }
    }

    @BeforeEach
    void makeHost() throws IOException {
        host = Host.create();
    }

    @AfterEach
    void leavesNothing() throws IOException {
        Files.deleteIfExists(hold());
        host.close();
    }

    @Test
    void leavesPluginsRunningOnTermWithLiveRestoreAndTakesThemOver() throws Exception {
        host.start("--live-restore");
        assertThat(host.client().done(Request.get("/info")).json().path("LiveRestoreEnabled").asBoolean())
                .isTrue();
        Container container = running("p");

        host.terminate();

        assertThat(host.greeting(container.plugin())).isEqualTo("hello");
        host.start("--live-restore");
        host.awaitRunning("p");
        assertThat(host.container(container.plugin())).isEqualTo(container);
        assertThat(host.plugin("p").generation()).isEqualTo(container.generation());
        host.client().done(Request.post("/plugins/p/disable"));
        assertThat(host.traces().strays(host.plugins())).isEmpty();
    }

    @Test
    void stopsPluginsOnTermWithoutLiveRestore() throws Exception {
        host.start();
        running("p");

        host.terminate();

        assertThat(host.traces().processes()).isEmpty();
        host.start();
        host.awaitRunning("p");
        assertThat(host.plugin("p").generation()).isEqualTo(2);
    }

    @Test
    void tellsOfAnExitThatNobodySawWithItsCodeAndStartsThePluginAgain() throws Exception {
        host.start();
        Container container = running("p");
        host.kill();
        // It ends in the middle of its answer.
        assertThat(exits(container, 7)).isTrue();

        host.start();

        Wait.untilAsserted(() -> assertThat(host.log())
                .containsSubsequence("crash plugin=p:latest", "exitCode=7", "recover plugin=p:latest"));
        assertThat(host.container(container.plugin()).generation()).isEqualTo(container.generation() + 1);
        String status = host.client().done(Request.get("/patchbay/v1/plugins/p")).body();
        assertThat(status).contains("\"restarts\":1", "\"lastExit\"")
                .containsPattern("\"(code|exitCode)\":7");
    }

    private boolean exits(Container container, int code) throws IOException {
        try {
            host.socket(container.plugin()).send(Request.json("/Sample.Exit", Integer.toString(code)));
        } catch (IOException _) {
            // expected: the answer never comes
        }
        Wait.until("the plugin has ended", () -> host.traces().processes().isEmpty());
        return true;
    }

    @Test
    @DisplayName("D54: volumes that plugins mounted stay mounted for as long as their plugins run")
    void leavesTheMountsOfRunningPluginsAloneD54() throws Exception {
        host.start("--live-restore");
        host.client()
                .done(Request.tar("/plugins/create?name=p",
                        SampleVersions.context("v0", config -> config.replace("\"capabilities\": []",
                                "\"capabilities\": [\"CAP_SYS_ADMIN\"]"))));
        host.client().done(Request.json("/plugins/p/set", "[\"SAMPLE_MOUNT=volume\"]"));
        host.enable("p");
        Path volume = host.root().resolve(host.plugin("p").id()).resolve("propagated-mount/volume");
        List<MountEntry> mounted = MountTable.read().atOrBelow(volume);
        assertThat(mounted).hasSize(1);

        host.terminate();
        assertThat(MountTable.read().atOrBelow(volume)).isEqualTo(mounted);
        host.start();
        host.awaitRunning("p");
        assertThat(MountTable.read().atOrBelow(volume)).isEqualTo(mounted);
        host.terminate();
        assertThat(MountTable.read().atOrBelow(host.root())).isEmpty();
    }

    @Test
    @DisplayName("D68: what was taken over leaves nothing when it ends")
    void cleansUpAfterWhatWasTakenOverD68() throws Exception {
        host.start();
        Container container = running("p");
        host.kill();
        host.start();
        host.awaitRunning("p");

        assertThat(exitsAlone(container.plugin())).isTrue();

        Wait.untilAsserted(() -> assertThat(host.plugin("p").generation()).isEqualTo(2));
        host.awaitRunning("p");
        assertThat(host.log()).contains("exitCode=1");
        assertThat(host.traces().strays(host.plugins())).isEmpty();
    }

    @Test
    void keepsWhatAPluginWroteWhileNobodyListened() throws Exception {
        host.start();
        Container container = running("p");
        host.socket(container.plugin()).done(Request.json("/Sample.Echo", "1"));
        host.kill();
        host.socket(container.plugin()).done(Request.json("/Sample.Echo", "22"));

        host.start();

        host.awaitRunning("p");
        host.socket(container.plugin()).done(Request.json("/Sample.Echo", "333"));
        Wait.untilAsserted(() -> assertThat(echoes()).containsExactly("1", "2", "3"));
        // And is heard again, from where it was not heard: in the daemon's own log.
        Wait.untilAsserted(() -> assertThat(host.log()).contains("request /Sample.Echo with 3 bytes")
                .doesNotContain("request /Sample.Echo with 1 bytes"));
    }

    /** The lengths of what was echoed, as the plugin's log has them. */
    private List<String> echoes() throws IOException {
        return host.client()
                .done(Request.get("/patchbay/v1/plugins/p/logs"))
                .body()
                .lines()
                .filter(line -> line.contains("request /Sample.Echo"))
                .map(line -> line.replaceAll(".*with ([0-9]+) bytes.*", "$1"))
                .toList();
    }

    @Test
    void startsAgainWhatWouldBeStartedDifferentlyNow() throws Exception {
        host.start();
        Container container = running("p");
        host.kill();
        Path record = host.root().resolve(container.plugin()).resolve("config.json");
        Files.writeString(record, Files.readString(record)
                .replace("\"SAMPLE_GREETING=hello\"", "\"SAMPLE_GREETING=servus\""));

        host.start();

        host.awaitRunning("p");
        assertThat(host.greeting(container.plugin())).isEqualTo("servus");
        assertThat(host.container(container.plugin()).generation()).isEqualTo(container.generation() + 1);
    }

    @Test
    @DisplayName("D42: a plugin that cannot be started keeps nobody waiting")
    void answersAtOnceWhileAPluginHangsD42() throws Exception {
        Path runtime = runtimeThatHolds();
        String[] flags = {"--add-runtime", "holding=" + runtime, "--default-runtime", "holding"};
        host.start(flags);
        Container stuck = running("stuck");
        running("other");
        host.terminate();
        Files.writeString(hold(), stuck.plugin());

        host.start(flags);

        assertThat(host.client().done(Request.get("/_ping")).body()).isEqualTo("OK");
        host.awaitRunning("other");
        assertThat(host.plugin("stuck").state()).isIn("restoring", "starting");
        assertThat(host.plugin("stuck").enabled()).isTrue();
        assertThat(host.isReady()).isFalse();
        host.install("third", "v0");
        host.enable("third");
        Files.delete(hold());
        host.awaitRunning("stuck");
        Wait.until("ready", host::isReady);
    }

    /** A runtime that creates no container of the plugin that a file names, for as long as it does. */
    private Path runtimeThatHolds() throws IOException {
        Path script = host.folder().resolve("runtime");
        Files.writeString(script, """
                #!/bin/sh
                for last; do :; done
                case " $* " in
                    *" create "*) while [ "$(cat %1$s 2>/dev/null)" = "$last" ]; do sleep 0.05; done ;;
                esac
                exec /usr/sbin/runc "$@"
                """.formatted(hold()));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script;
    }

    private Path hold() {
        return host.folder().resolve("hold");
    }

    @Test
    void asksWhatRunsOnToEndAndStartsItAgainIfTheExecRootWasEmptied() throws Exception {
        host.start();
        Container container = running("p");
        List<LiveProcess> before = host.traces().processes();
        host.kill();
        host.emptyExecRoot();

        host.start();

        host.awaitRunning("p");
        assertThat(host.log()).contains("ending process ", container.plugin());
        assertThat(host.traces().processes()).extracting(LiveProcess::identity)
                .doesNotContainAnyElementsOf(before.stream().map(LiveProcess::identity).toList());
        assertThat(host.plugin("p").generation()).isEqualTo(container.generation() + 1);
        assertThat(host.traces().strays(host.plugins())).isEmpty();
    }

    @Test
    void saysInOneLineWhatBecameOfAllPlugins() throws Exception {
        host.start();
        running("kept");
        running("ended");
        host.install("off", "v0");
        String ended = host.plugin("ended").id();
        host.kill();
        assertThat(exitsAlone(ended)).isTrue();

        host.start();

        Wait.untilAsserted(() -> assertThat(host.log())
                .contains(
                        "3 plugins found, 2 of them wanted: 1 taken over, 1 started again, 0 not running yet"));
    }

    private boolean exitsAlone(String id) throws IOException {
        try {
            host.socket(id).send(Request.json("/Sample.Exit", "1"));
        } catch (IOException _) {
            // expected: the answer never comes
        }
        Optional<String> process = host.container(id).process();
        Wait.until("the plugin has ended", () -> host.traces()
                .processes()
                .stream()
                .noneMatch(live -> Optional.of(live.identity()).equals(process)));
        return true;
    }

    /** Installs and enables a plugin. */
    private Container running(String name) throws IOException {
        host.install(name, "v0");
        host.enable(name);
        Container container = host.container(host.plugin(name).id());
        host.sightings().look();
        return container;
    }
}
