package dev.patchbay.web.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.web.DockerCommand;
import dev.patchbay.web.DockerCommand.Result;
import dev.patchbay.web.FakePlugins;
import dev.patchbay.web.TestServer;
import dev.patchbay.web.feed.EventHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;

/** An unmodified docker against our routes: what a user types and what the user then reads. */
@Timeout(120)
class DockerCliIT {
    private final FakePlugins plugins = new FakePlugins();
    private final EventHub hub = new EventHub(plugins);

    @TempDir
    private Path folder;

    private TestServer server;

    @BeforeAll
    static void needsDocker() throws Exception {
        Assumptions.assumeTrue(DockerCommand.isInstalled(),
                "skipped: there is no docker command line on this machine");
    }

    @BeforeEach
    void start() {
        server = TestServer.start(Samples.routes(plugins, hub, Schedulers.parallel()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void createsListsInspectsSetsEnablesDisablesAndRemoves() throws Exception {
        assertThat(docker("plugin", "create", "me/sample", context().toString()).ok())
                .isEqualTo("me/sample\n");

        assertThat(docker("plugin", "ls", "--no-trunc").ok())
                .contains("me/sample:latest", "A sample <plugin> & more", "false");
        assertThat(docker("plugin", "inspect", "-f", "{{.Id}} {{.Settings.Env}} {{.Config.Interface.Types}}",
                "me/sample").ok()).matches("[0-9a-f]{64} \\[DEBUG=0\\] \\[docker.volumedriver/1.0\\]\n");
        assertThat(docker("plugin", "set", "me/sample", "DEBUG=1 2").ok()).isEmpty();
        assertThat(docker("plugin", "inspect", "-f", "{{.Settings.Env}}", "me/sample").ok())
                .isEqualTo("[DEBUG=1 2]\n");
        assertThat(docker("plugin", "enable", "--timeout", "7", "me/sample").ok()).isEqualTo("me/sample\n");
        assertThat(plugins.lastTimeout()).hasSeconds(7);
        assertThat(docker("plugin", "ls", "--filter", "enabled=true", "--format", "{{.Name}}").ok())
                .isEqualTo("me/sample:latest\n");
        assertThat(docker("plugin", "ls", "-q", "--filter", "enabled=false").ok()).isEmpty();
        assertThat(docker("plugin", "disable", "-f", "me/sample").ok()).isEqualTo("me/sample\n");
        assertThat(docker("plugin", "rm", "-f", "me/sample").ok()).isEqualTo("me/sample\n");
        assertThat(docker("plugin", "ls", "-q").ok()).isEmpty();
    }

    @Test
    void showsTheStatusWithInspect() throws Exception {
        plugins.with(Samples.crashed(Samples.plugin("sample", 'a')));
        assertThat(docker("plugin", "inspect", "sample").ok())
                .contains("\"State\": \"backing-off\"", "\"OOMKilled\": true", "\"Reason\": \"was killed");
    }

    @Test
    void printsErrorsAsSentences() throws Exception {
        plugins.with(Samples.stopped(Samples.plugin("one", 'a')));
        assertThat(docker("plugin", "inspect", "nope").failure())
                .isEqualTo("Error response from daemon: plugin \"nope\" not found\n");
        assertThat(docker("plugin", "disable", "one").failure()).isEqualTo(
                "Error response from daemon: plugin is already disabled: plugin one:latest found but disabled\n");
        assertThat(docker("plugin", "set", "one", "NOPE=1").failure())
                .startsWith("Error response from daemon: ");
        assertThat(docker("plugin", "enable", "--timeout", "999999", "one").failure())
                .contains("the timeout 999999 is out of range");
    }

    @Test
    @DisplayName("D4: a taken name is a conflict, a bad name a mistake of the user")
    void printsWhyAPluginCannotBeCreatedD4() throws Exception {
        plugins.with(Samples.stopped(Samples.plugin("one", 'a')));
        assertThat(docker("plugin", "create", "one", context().toString()).failure())
                .isEqualTo("Error response from daemon: plugin one:latest already exists\n");
        assertThat(docker("plugin", "create", "Bad Name", context().toString()).failure())
                .contains("invalid reference format");
    }

    @Test
    void saysWhyABigContextIsRefusedBeforeAllOfItWasRead() throws Exception {
        plugins.with(Samples.stopped(Samples.plugin("one", 'a')));
        Path big = context();
        Files.write(big.resolve("rootfs/big"), new byte[32 << 20]);
        // The client may say last that its own packing was cut off.
        assertThat(docker("plugin", "create", "one", big.toString()).failure())
                .contains("Error response from daemon: plugin one:latest already exists\n");
    }

    @Test
    void followsEvents() throws Exception {
        Process watcher = command().start("events", "--filter", "type=plugin");
        try {
            Awaitility.await().until(() -> hub.feeds() == 1);
            docker("plugin", "create", "me/sample", context().toString()).ok();
            docker("plugin", "enable", "me/sample").ok();
            var lines = watcher.inputReader();
            assertThat(lines.readLine()).contains("plugin create ").contains("(name=me/sample:latest)");
            assertThat(lines.readLine()).contains("plugin enable ").contains("(name=me/sample:latest)");
        } finally {
            watcher.destroy();
            watcher.waitFor(20, TimeUnit.SECONDS);
        }
        Awaitility.await().until(() -> hub.feeds() == 0);
    }

    @Test
    void showsWhatHappenedBefore() throws Exception {
        docker("plugin", "create", "me/sample", context().toString()).ok();
        docker("plugin", "enable", "me/sample").ok();
        // All that happens to the fake does so at one time, which is the server's as well.
        String[] all = {"events", "--until", "2026-11-23T21:00:01Z"};
        assertThat(docker(all).ok().lines()).hasSize(2)
                .first()
                .asString()
                .contains("plugin create ", "(name=me/sample:latest)");
        assertThat(docker("events", "--since", "2026-11-23T21:00:00Z", "--until", "2026-11-23T21:00:01Z",
                "--filter",
                "event=enable").ok().lines()).hasSize(1);
        assertThat(
                docker("events", "--since", "2026-11-23T21:00:01Z", "--until", "2026-11-23T21:00:02Z").ok())
                .isEmpty();
        Process watcher = command().start("events", "--since", "2026-11-23T21:00:00Z");
        try {
            var lines = watcher.inputReader();
            assertThat(lines.readLine()).contains("plugin create ");
            assertThat(lines.readLine()).contains("plugin enable ");
            docker("plugin", "disable", "me/sample").ok();
            assertThat(lines.readLine()).contains("plugin disable ");
        } finally {
            watcher.destroy();
            watcher.waitFor(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void endsEventsThatAreAskedForUntilNow() throws Exception {
        assertThat(docker("events", "--since", "1", "--until", "2").ok()).isEmpty();
    }

    @Test
    void printsVersionAndInfo() throws Exception {
        assertThat(docker("version").ok())
                .contains("Server: Patchbay", "Version:", "0.1.0", "1.51 (minimum version 1.24)",
                        "linux/amd64");
        Result info = docker("info");
        assertThat(info.ok())
                .contains("Server Version: 0.1.0", "Containers: 0", "Default Runtime: runc",
                        "Kernel Version: 6.18.0", "Cgroup Version: 1",
                        "Docker Root Dir: /var/lib/patchbay/plugins");
        assertThat(info.err()).isEmpty();
    }

    @Test
    void hasNothingElse() throws Exception {
        assertThat(docker("ps", "-a").ok()).startsWith("CONTAINER ID").hasLineCount(1);
        assertThat(docker("ps", "--filter", "name=x", "-q").ok()).isEmpty();
        assertThat(docker("images").ok()).startsWith("REPOSITORY").hasLineCount(1);
        assertThat(docker("network", "ls").ok()).startsWith("NETWORK ID").hasLineCount(1);
        assertThat(docker("volume", "ls").ok()).startsWith("DRIVER").hasLineCount(1);
        assertThat(docker("system", "df").ok()).contains("Images", "Containers", "Local Volumes",
                "Build Cache");
        assertThat(docker("system", "df", "-v").ok()).contains("Images space usage");
        assertThat(docker("inspect", "x").failure()).contains("No such object: x");
        assertThat(docker("service", "ls").failure()).contains("not a swarm manager");
    }

    @Test
    void refusesContainersWithASentence() throws Exception {
        assertThat(docker("run", "alpine").failure()).contains("Patchbay runs plugins, nothing else");
    }

    private Path context() throws IOException {
        Path context = Files.createTempDirectory(folder, "context");
        Files.writeString(context.resolve("config.json"), Samples.CONFIG);
        Files.createDirectories(context.resolve("rootfs/bin"));
        Files.writeString(context.resolve("rootfs/bin/p"), "#!");
        return context;
    }

    private Result docker(String... arguments) throws IOException, InterruptedException {
        return command().run(arguments);
    }

    private DockerCommand command() {
        return new DockerCommand(folder, server.socket());
    }
}
