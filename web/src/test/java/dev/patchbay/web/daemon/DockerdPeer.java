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
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One plugin directory, opened by a real dockerd and by Patchbay in turn. Part of {@code make test-peers} only: its name
 * keeps it out of the other tests.
 */
@RequiresRoot
@Timeout(300)
class DockerdPeer {
    private static final Path SAMPLE = Path.of(System.getProperty("patchbay.samplePlugin"));
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String STATES = "{{.Name}} {{.Enabled}}";

    private Path folder;
    private DockerdProcess dockerd;
    private DockerCommand patchbay;

    @BeforeAll
    static void needsPrograms() throws InterruptedException {
        Assumptions.assumeTrue(DockerCommand.isInstalled(), "skipped: there is no docker command line");
        Assumptions.assumeTrue(Files.isExecutable(DockerdProcess.program()), "skipped: there is no dockerd");
    }

    @BeforeEach
    void start() throws IOException {
        folder = Files.createTempDirectory(Path.of("/tmp"), "pb");
        patchbay = new DockerCommand(folder, folder.resolve("s"));
        dockerd = DockerdProcess.start(folder);
    }

    @AfterEach
    void leavesNothingBehind() throws Exception {
        dockerd.close();
        try {
            assertThat(MountTable.read().atOrBelow(folder)).as("mounts").isEmpty();
            assertThat(dockerd.shims()).as("containers").isEmpty();
        } finally {
            TreeDeletion.delete(folder);
        }
    }

    @Test
    void opensWhatDockerdWroteAndDockerdOpensItAgain() throws Exception {
        DockerCommand docker = dockerd.docker();
        installAll(docker);
        String ids = ids(docker);
        Files.writeString(propagatedMount(docker, "volumes").resolve("data"), "of docker's time");
        dockerd.stop();
        assertThat(MountTable.read().atOrBelow(folder)).isEmpty();

        try (var daemon = open()) {
            assertThat(daemon.awaitReady()).contains("ready");
            assertThat(ids(patchbay)).isEqualTo(ids);
            assertThat(states(patchbay)).containsExactly("never:latest false", "off:latest false",
                    "plain:latest true", "volumes:latest true");
            awaitRunning("plain");
            awaitRunning("volumes");
            assertThat(call(folder.resolve("x"), patchbay, "plain")).contains("of docker");
            assertMounted(patchbay);

            changeAll(patchbay);
            daemon.signal("TERM");
            assertThat(daemon.awaitExit()).isZero();
            assertThat(daemon.log()).doesNotContain(" ERROR ", "internal error");
        }
        assertThat(MountTable.read().atOrBelow(folder)).isEmpty();

        dockerd = DockerdProcess.start(folder);
        docker = dockerd.docker();
        assertThat(ids(docker)).isEqualTo(ids);
        assertThat(states(docker)).containsExactly("never:latest false", "off:latest true",
                "plain:latest true", "volumes:latest false");
        assertThat(call(DockerdProcess.SOCKETS, docker, "plain")).contains("of patchbay");
        docker.run("plugin", "enable", "volumes").ok();
        assertMounted(docker);
        docker.run("plugin", "enable", "never").ok();
        docker.run("plugin", "rm", "-f", "plain", "volumes", "off", "never").ok();
        assertThat(states(docker)).isEmpty();
        dockerd.stop();
        assertThat(dockerd.log()).doesNotContain("panic");
    }

    @Test
    void refusesTheDirectoryOfADockerdThatRuns() throws Exception {
        create(dockerd.docker(), "plain", SAMPLE);

        try (var daemon = open()) {
            assertThat(daemon.awaitExit()).isNotZero();
            assertThat(daemon.log()).contains("in use by dockerd (process " + dockerd.pid() + ")",
                    DockerdProcess.plugins(folder).toString());
        }
        dockerd.docker().run("plugin", "enable", "plain").ok();
        dockerd.docker().run("plugin", "disable", "plain").ok();
    }

    @Test
    void opensTheDirectoryOfADockerdThatWasKilledOnceItsContainersHaveEnded() throws Exception {
        installAll(dockerd.docker());
        Path data = propagatedMount(dockerd.docker(), "volumes");
        Files.writeString(data.resolve("data"), "of docker's time");
        dockerd.kill();
        try (var daemon = open()) {
            assertThat(daemon.awaitExit()).isNotZero();
            assertThat(daemon.log()).contains("still runs in a container of dockerd's");
        }
        dockerd.killContainers();

        try (var daemon = open()) {
            assertThat(daemon.awaitReady()).contains("ready");
            awaitRunning("plain");
            awaitRunning("volumes");
            assertMounted(patchbay);
            daemon.signal("TERM");
            assertThat(daemon.awaitExit()).isZero();
        }
        dockerd = DockerdProcess.start(folder); // also cleans up after itself
        assertThat(states(dockerd.docker())).containsExactly("never:latest false", "off:latest false",
                "plain:latest true", "volumes:latest true");
        assertThat(call(DockerdProcess.SOCKETS, dockerd.docker(), "plain")).contains("of docker");
        assertMounted(dockerd.docker());
    }

    /** One that is set and runs, one that mounts for the host and runs, one that ran, one that never did. */
    private void installAll(DockerCommand docker) throws Exception {
        create(docker, "plain", plainPlugin("plain"));
        create(docker, "volumes", volumePlugin("volumes"));
        create(docker, "off", plainPlugin("off"));
        create(docker, "never", volumePlugin("never"));
        docker.run("plugin", "set", "plain", "SAMPLE_GREETING=of docker").ok();
        docker.run("plugin", "set", "volumes", "SAMPLE_MOUNT=vol").ok();
        docker.run("plugin", "enable", "plain").ok();
        docker.run("plugin", "enable", "volumes").ok();
        docker.run("plugin", "enable", "off").ok();
        docker.run("plugin", "disable", "off").ok();
    }

    private void changeAll(DockerCommand docker) throws Exception {
        docker.run("plugin", "disable", "plain").ok();
        docker.run("plugin", "set", "plain", "SAMPLE_GREETING=of patchbay").ok();
        docker.run("plugin", "enable", "plain").ok();
        docker.run("plugin", "enable", "off").ok();
        docker.run("plugin", "disable", "volumes").ok();
        docker.run("plugin", "enable", "never").ok();
        docker.run("plugin", "disable", "never").ok();
    }

    /** The sample with a file of its own: dockerd refuses the same content twice (D8). */
    private Path plainPlugin(String name) throws IOException {
        Path context = folder.resolve("contexts").resolve(name);
        Files.createDirectories(context.resolve("rootfs"));
        Files.copy(SAMPLE.resolve("rootfs/sample-plugin"), context.resolve("rootfs/sample-plugin"),
                StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(context.resolve("rootfs/name"), name);
        Files.copy(SAMPLE.resolve("config.json"), context.resolve("config.json"));
        return context;
    }

    /** As a volume driver, whose mounts the host sees. */
    private Path volumePlugin(String name) throws IOException {
        Path context = plainPlugin(name);
        String config = Files.readString(context.resolve("config.json"));
        Files.writeString(context.resolve("config.json"),
                config.replace("docker.dummy/1.0", "docker.volumedriver/1.0")
                        .replace("\"capabilities\": []", "\"capabilities\": [\"CAP_SYS_ADMIN\"]"));
        return context;
    }

    private void assertMounted(DockerCommand docker) throws Exception {
        Path place = propagatedMount(docker, "volumes");
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(MountTable.read().below(place))
                        .anyMatch(mount -> mount.mountPoint().endsWith("vol")));
        assertThat(place.resolve("data")).hasContent("of docker's time");
    }

    private DaemonProcess open() throws IOException {
        return DaemonProcess.startWith(folder, List.of("--root", DockerdProcess.plugins(folder).toString(),
                "--exec-root", folder + "/x", "--host", "unix://" + folder + "/s"));
    }

    private static void create(DockerCommand docker, String name, Path context) throws Exception {
        assertThat(docker.run("plugin", "create", name, context.toString()).ok()).isEqualTo(name + "\n");
    }

    private static List<String> states(DockerCommand docker) throws Exception {
        return docker.run("plugin", "ls", "--format", STATES).ok().lines().sorted().toList();
    }

    private static String ids(DockerCommand docker) throws Exception {
        return docker.run("plugin", "inspect", "-f", "{{.Name}} {{.ID}}", "plain", "volumes", "off", "never")
                .ok();
    }

    private Path propagatedMount(DockerCommand docker, String name) throws Exception {
        return DockerdProcess.plugins(folder).resolve(id(docker, name)).resolve("propagated-mount");
    }

    private static String id(DockerCommand docker, String name) throws Exception {
        return docker.run("plugin", "inspect", "-f", "{{.ID}}", name).ok().strip();
    }

    private void awaitRunning(String name) {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(patchbay.run("plugin", "inspect", name).ok())
                        .contains("\"State\": \"running\""));
    }

    /** What a plugin answers when it is asked for its environment. */
    private String call(Path execRoot, DockerCommand docker, String name) throws Exception {
        Path shortcut = folder.resolve("l"); // a socket's path has 107 bytes at most (unix(7))
        Files.deleteIfExists(shortcut);
        Files.createSymbolicLink(shortcut, execRoot.resolve(id(docker, name)));
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(shortcut.resolve("sample.sock")));
            channel.write(StandardCharsets.US_ASCII.encode(
                    "POST /Sample.Env HTTP/1.0\r\nContent-Length: 0\r\n\r\n"));
            var answer = new StringBuilder();
            var buffer = ByteBuffer.allocate(8192);
            while (channel.read(buffer) >= 0) {
                answer.append(StandardCharsets.UTF_8.decode(buffer.flip()));
                buffer.clear();
            }
            return answer.toString();
        }
    }
}
