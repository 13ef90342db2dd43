package dev.patchbay.web.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.archive.TreeDeletion;
import dev.patchbay.syscall.MountTable;
import dev.patchbay.syscall.RequiresRoot;
import dev.patchbay.web.DockerCommand;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole way: an unmodified docker, the daemon in a process of its own, real containers. */
@RequiresRoot
@Timeout(180)
class PluginRoundIT {
    private static final Path SAMPLE = Path.of(System.getProperty("patchbay.samplePlugin"));
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Path folder;
    private DaemonProcess daemon;
    private DockerCommand docker;

    @BeforeAll
    static void needsPrograms() throws InterruptedException {
        Assumptions.assumeTrue(DockerCommand.isInstalled(), "skipped: there is no docker command line");
        for (String program : List.of("/usr/bin/conmon", "/usr/sbin/runc")) {
            Assumptions.assumeTrue(Files.isExecutable(Path.of(program)), "skipped: there is no " + program);
        }
    }

    @BeforeEach
    void start() throws IOException {
        folder = Files.createTempDirectory(Path.of("/tmp"), "pb");
        docker = new DockerCommand(folder, folder.resolve("s"));
        daemon = DaemonProcess.start(folder);
        daemon.awaitReady();
    }

    @AfterEach
    void leavesNothingBehind() throws IOException {
        daemon.close();
        String log = daemon.log();
        try {
            assertThat(MountTable.read().atOrBelow(folder)).as("mounts").isEmpty();
            assertThat(containers()).as("containers").isEmpty();
            assertThat(files("r/tmp")).as("staged").isEmpty();
            assertThat(files("r/storage/ingest")).as("unfinished blobs").isEmpty();
            assertThat(log).as("the log").doesNotContain(" ERROR ").doesNotContain("internal error");
        } finally {
            TreeDeletion.delete(folder);
        }
    }

    @Test
    void createsEnablesInspectsDisablesAndRemoves() throws Exception {
        create("sample");
        assertThat(docker.run("plugin", "ls", "--format", "{{.Name}} {{.Enabled}}").ok())
                .isEqualTo("sample:latest false\n");

        docker.run("plugin", "set", "sample", "SAMPLE_GREETING=good day").ok();
        assertThat(docker.run("plugin", "enable", "sample").ok()).isEqualTo("sample\n");
        assertThat(docker.run("plugin", "inspect", "sample").ok())
                .contains("\"State\": \"running\"", "\"Generation\": 1");
        assertThat(call("/Plugin.Activate")).contains("200 OK", "Implements");
        assertThat(call("/Sample.Env")).contains("good day");

        assertThat(docker.run("plugin", "rm", "sample").failure())
                .contains("plugin sample:latest is enabled");
        docker.run("plugin", "disable", "sample").ok();
        assertThat(docker.run("plugin", "rm", "sample").ok()).isEqualTo("sample\n");
        assertThat(docker.run("plugin", "ls", "-q").ok()).isEmpty();
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(blobs()).isEmpty());
    }

    @Test
    void takesACompressedContextD10() throws Exception {
        docker.run("plugin", "create", "--compress", "sample", SAMPLE.toString()).ok();
        docker.run("plugin", "enable", "sample").ok();
    }

    @Test
    void runsTwoPluginsWithTheSameContentD8() throws Exception {
        create("one");
        create("two");
        docker.run("plugin", "enable", "one").ok();
        docker.run("plugin", "enable", "two").ok();
        docker.run("plugin", "rm", "-f", "one").ok();

        assertThat(docker.run("plugin", "ls", "--format", "{{.Name}} {{.Enabled}}").ok())
                .isEqualTo("two:latest true\n");
    }

    @Test
    void saysWhyAPluginDidNotStartAndLeavesItDisabled() throws Exception {
        create("sample");
        docker.run("plugin", "set", "sample", "SAMPLE_START_DELAY_MS=60000", "SAMPLE_CRASH_AFTER_MS=1",
                "SAMPLE_EXIT_CODE=7").ok();

        assertThat(docker.run("plugin", "enable", "sample").failure())
                .contains("exited with code 7", "stderr");
        assertThat(docker.run("plugin", "inspect", "-f", "{{.Enabled}}", "sample").ok()).isEqualTo("false\n");
    }

    @Test
    void givesUpOnAPluginThatNeverListens() throws Exception {
        create("sample");
        docker.run("plugin", "set", "sample", "SAMPLE_NO_SOCKET=1").ok();

        assertThat(docker.run("plugin", "enable", "--timeout", "1", "sample").failure())
                .contains("sample.sock", "within 1s");
    }

    @Test
    void killsAPluginThatIgnoresSigterm() throws Exception {
        create("sample");
        docker.run("plugin", "set", "sample", "SAMPLE_IGNORE_SIGTERM=1").ok();
        docker.run("plugin", "enable", "sample").ok();

        docker.run("plugin", "disable", "sample").ok();

        assertThat(docker.run("plugin", "inspect", "sample").ok()).contains("\"Signal\": 9");
    }

    @Test
    void restartsACrashedPluginAndTellsOfItD35() throws Exception {
        create("sample");
        docker.run("plugin", "set", "sample", "SAMPLE_CRASH_AFTER_MS=300", "SAMPLE_EXIT_CODE=3").ok();
        Process events = docker.start("events", "--format", "{{.Action}}");
        try {
            docker.run("plugin", "enable", "sample").ok();
            var lines = events.inputReader();
            Awaitility.await().atMost(PATIENCE).until(() -> "recover".equals(lines.readLine()));
        } finally {
            events.destroy();
            events.waitFor();
        }
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(docker.run("plugin", "inspect", "sample")
                        .ok()).contains("\"ExitCode\": 3").contains("\"Enabled\": true"));
    }

    @Test
    void startsWhatWasWantedAfterARestart() throws Exception {
        create("wanted");
        create("unwanted");
        docker.run("plugin", "enable", "wanted").ok();
        daemon.signal("TERM");
        assertThat(daemon.awaitExit()).isZero();
        assertThat(containers()).isEmpty();

        restart();

        awaitRunning("wanted");
        assertThat(docker.run("plugin", "inspect", "-f", "{{.Enabled}}", "unwanted").ok())
                .isEqualTo("false\n");
    }

    @Test
    void startsWhatWasWantedAfterItWasKilled() throws Exception {
        create("wanted");
        docker.run("plugin", "enable", "wanted").ok();
        daemon.signal("KILL");
        daemon.awaitExit();

        restart();

        awaitRunning("wanted");
        assertThat(containers()).hasSize(1);
    }

    @Test
    void refusesContextsThatAreNoPluginsAndKeepsNothingOfThem() throws Exception {
        assertThat(post("bad", "no tar at all".repeat(200))).contains("400");
        assertThat(post("bad", "")).contains("400");
        Path empty = Files.createDirectory(folder.resolve("empty"));
        Files.writeString(empty.resolve("config.json"), "{\"entrypoint\":[\"/x\"],\"env\":[{\"name\":3}]}");
        Files.createDirectory(empty.resolve("rootfs"));

        assertThat(docker.run("plugin", "create", "bad", empty.toString()).failure()).isNotEmpty();
        assertThat(docker.run("plugin", "ls", "-q").ok()).isEmpty();
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(blobs()).isEmpty());
    }

    @Test
    void forgetsABodyThatIsCutInTheMiddle() throws Exception {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(folder.resolve("s")));
            write(channel,
                    "POST /plugins/create?name=cut HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nabc");
        }
        // The name is free again as soon as the broken create is undone.
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> docker.run("plugin", "create", "cut", SAMPLE.toString()).ok());
    }

    private void create(String name) throws Exception {
        assertThat(docker.run("plugin", "create", name, SAMPLE.toString()).ok()).isEqualTo(name + "\n");
    }

    private void restart() throws IOException {
        daemon.close();
        daemon = DaemonProcess.start(folder);
        daemon.awaitReady();
    }

    private void awaitRunning(String name) {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(docker.run("plugin", "inspect", name).ok())
                                .contains("\"State\": \"running\""));
    }

    /** One call to the only plugin that has a socket. */
    private String call(String path) throws IOException {
        try (Stream<Path> sockets = Files.find(folder.resolve("x"), 2,
                (file, _) -> file.endsWith("sample.sock"))) {
            return exchange(sockets.findFirst().orElseThrow(),
                    "POST " + path
                            + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
    }

    private String post(String name, String body) throws IOException {
        return exchange(folder.resolve("s"), "POST /plugins/create?name=" + name
                + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\nConnection: close\r\n\r\n"
                + body);
    }

    private static String exchange(Path socket, String request) throws IOException {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            write(channel, request);
            var answer = new StringBuilder();
            var buffer = ByteBuffer.allocate(8192);
            while (channel.read(buffer) >= 0) {
                answer.append(StandardCharsets.UTF_8.decode(buffer.flip()));
                buffer.clear();
            }
            return answer.toString();
        }
    }

    private static void write(SocketChannel channel, String text) throws IOException {
        var buffer = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** Monitors of containers of this test. */
    private List<String> containers() {
        String own = folder.toString();
        return ProcessHandle.allProcesses()
                .map(process -> String.join(" ", process.info().arguments().orElse(new String[0])))
                .filter(line -> line.contains(own + "/x") && line.contains("--exit-dir"))
                .toList();
    }

    private List<Path> blobs() throws IOException {
        return files("r/storage/blobs/sha256");
    }

    private List<Path> files(String place) throws IOException {
        Path path = folder.resolve(place);
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(path)) {
            return found.toList();
        }
    }
}
