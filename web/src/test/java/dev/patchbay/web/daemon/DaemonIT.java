package dev.patchbay.web.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The whole program in a process of its own, as root. */
@Tag("runtime")
final class DaemonIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Path folder = Path.of("");

    @BeforeEach
    void makeFolder() throws IOException {
        assumeTrue(Surroundings.ofThisProcess().root(), "serving needs root");
        folder = Training.newFolder();
    }

    @AfterEach
    void removeFolder() throws IOException {
        if (!folder.toString().isEmpty()) {
            Training.remove(folder);
        }
    }

    @Test
    void saysReadyWithItsAddressesAndEndsWithZeroOnTerm() throws Exception {
        try (var daemon = DaemonProcess.start(folder, "--host", "tcp://127.0.0.1:0", "--pidfile",
                folder + "/pid")) {
            assertThat(daemon.awaitReady())
                    .matches("ready unix://" + folder + "/s tcp://127\\.0\\.0\\.1:[1-9][0-9]*");
            assertThat(folder.resolve("pid")).hasContent(Long.toString(daemon.pid()));
            assertThat(Files.getPosixFilePermissions(folder.resolve("s"))).hasSize(4);
            daemon.signal("TERM");
            assertThat(daemon.awaitExit()).isZero();
            assertThat(daemon.log()).contains("TERM: stopping, for at most 30 s").contains("stopped");
            assertThat(folder.resolve("pid")).doesNotExist();
            assertThat(folder.resolve("s")).doesNotExist();
        }
    }

    @Test
    void endsWithZeroOnControlC() throws Exception {
        try (var daemon = DaemonProcess.start(folder)) {
            daemon.awaitReady();
            daemon.signal("INT");
            assertThat(daemon.awaitExit()).isZero();
        }
    }

    @Test
    void answersAPing() throws Exception {
        try (var daemon = DaemonProcess.start(folder)) {
            daemon.awaitReady();
            assertThat(get("/_ping")).startsWith("HTTP/1.1 200 OK").endsWith("\r\n\r\nOK");
        }
    }

    @Test
    void refusesARootOrExecRootThatAnotherDaemonHas() throws Exception {
        try (var first = DaemonProcess.start(folder)) {
            first.awaitReady();
            try (var second = DaemonProcess.start(folder)) {
                assertThat(second.awaitExit()).isEqualTo(ExitCode.FAILURE.number());
                assertThat(second.log())
                        .contains(
                                "patchbay: the root " + folder + "/r is in use by another patchbay (process "
                                        + first.pid() + ", lock file " + folder + "/r/daemon.lock)");
            }
            List<String> otherRoot = List.of(
                    "--root", folder + "/r2", "--exec-root", folder + "/x", "--host",
                    "unix://" + folder + "/s2");
            try (var third = DaemonProcess.startWith(folder, otherRoot)) {
                assertThat(third.awaitExit()).isEqualTo(ExitCode.FAILURE.number());
                assertThat(third.log())
                        .contains("the exec-root " + folder + "/x is in use by another patchbay");
            }
        }
    }

    @Test
    void takesOverTheRootOfADaemonThatWasKilled() throws Exception {
        try (var first = DaemonProcess.start(folder, "--pidfile", folder + "/pid")) {
            first.awaitReady();
            first.signal("KILL");
            first.awaitExit();
        }
        try (var second = DaemonProcess.start(folder, "--pidfile", folder + "/pid")) {
            assertThat(second.awaitReady()).startsWith("ready unix://");
        }
    }

    @Test
    void refusesASocketThatAnotherServerHas() throws Exception {
        try (var first = DaemonProcess.start(folder)) {
            first.awaitReady();
            List<String> sameSocket = List.of(
                    "--root", folder + "/r2", "--exec-root", folder + "/x2", "--host",
                    "unix://" + folder + "/s");
            try (var second = DaemonProcess.startWith(folder, sameSocket)) {
                assertThat(second.awaitExit()).isEqualTo(ExitCode.FAILURE.number());
                assertThat(second.log()).contains(folder + "/s").contains("a server listens there already");
            }
            assertThat(folder.resolve("s")).exists();
        }
    }

    @Test
    void refusesALongSocketPathAndAConflictBeforeItTouchesAnything() throws Exception {
        String path = folder + "/" + "s".repeat(100);
        Path file = Files.writeString(folder.resolve("c.json"), "{\"hosts\": [\"unix://" + path + "\"]}");
        List<String> flags = List.of("--root", folder + "/r", "--exec-root", folder + "/x", "--config-file",
                "" + file);
        try (var daemon = DaemonProcess.startWith(folder, flags)) {
            assertThat(daemon.awaitExit()).isEqualTo(ExitCode.USAGE.number());
            assertThat(daemon.log())
                    .contains("is " + path.length() + " bytes long and the kernel takes at most 107");
        }
        try (var daemon = DaemonProcess.start(folder, "--config-file", file.toString())) {
            assertThat(daemon.awaitExit()).isEqualTo(ExitCode.USAGE.number());
            assertThat(daemon.log())
                    .contains(
                            "specified both as a flag and in the configuration file: hosts: (from flag: unix://");
        }
        assertThat(folder.resolve("r")).doesNotExist();
    }

    @Test
    void readsTheConfigurationAgainOnHup() throws Exception {
        Path file = Files.writeString(folder.resolve("c.json"), "{\"log-level\": \"info\"}");
        try (var daemon = DaemonProcess.start(folder, "--config-file", file.toString())) {
            daemon.awaitReady();
            reload(daemon, file, "{\"log-level\": \"nonsense\"}",
                    "nothing changed, because log-level must be one of");
            reload(daemon, file, "{\"log-level\": ",
                    "nothing changed, because the configuration file " + file);
            reload(
                    daemon,
                    file,
                    "{\"shutdown-timeout\": 7, \"default-runtime\": \"crun\"}",
                    "changed: log-level, shutdown-timeout; needs a restart: default-runtime");
            reload(daemon, file, "{\"shutdown-timeout\": 7}", "nothing is different");
            daemon.signal("TERM");
            assertThat(daemon.awaitExit()).isZero();
            assertThat(daemon.log()).contains("stopping, for at most 7 s");
        }
    }

    @Test
    void showsDockersClientsWhatHappenedBeforeARestartAndAKill() throws Exception {
        try (var first = DaemonProcess.start(folder)) {
            first.awaitReady();
            first.signal("TERM");
            assertThat(first.awaitExit()).isZero();
        }
        try (var second = DaemonProcess.start(folder)) {
            second.awaitReady();
            second.signal("KILL");
            second.awaitExit();
        }
        try (var third = DaemonProcess.start(folder)) {
            third.awaitReady();
            String all = get("/events?since=0&until=" + Instant.now().getEpochSecond());
            assertThat(Pattern.compile("\"Action\":\"engine_started\"").matcher(all).results())
                    .hasSizeGreaterThan(1);
            assertThat(all).contains("\"Action\":\"engine_stopping\"");
            assertThat(folder.resolve("r/events.db")).exists();
        }
    }

    @Test
    void wantsATokenOnTcpAndReadsTheFileAgainOnHup() throws Exception {
        Path file = Files.createFile(folder.resolve("tokens"), PosixFilePermissions.asFileAttribute(
                PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, "0123456789abcdef\n");
        try (var daemon = DaemonProcess.start(folder, "--host", "tcp://127.0.0.1:0", "--auth-token-file",
                file.toString())) {
            int port = Integer.parseInt(daemon.awaitReady().replaceAll(".*:", ""));
            assertThat(get("/_ping")).startsWith("HTTP/1.1 200 ");
            assertThat(get(port, "/patchbay/v1/health", "none")).startsWith("HTTP/1.1 401 ")
                    .contains("application/problem+json", "urn:patchbay:problem:unauthorized");
            assertThat(get(port, "/_ping", "0123456789abcdef")).startsWith("HTTP/1.1 200 ");
            Files.writeString(file, "fedcba9876543210\n");
            daemon.signal("HUP");
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(get(port, "/_ping", "fedcba9876543210"))
                                    .startsWith("HTTP/1.1 200 "));
            assertThat(get(port, "/_ping", "0123456789abcdef")).startsWith("HTTP/1.1 401 ");
        }
    }

    private static String get(int port, String target, String token) throws IOException {
        try (var channel = SocketChannel
                .open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            String request = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Authorization: Bearer " + token + "\r\n\r\n";
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void logsOneJsonObjectALineOnRequest() throws Exception {
        try (var daemon = DaemonProcess.start(folder, "--log-format", "json")) {
            daemon.awaitReady();
            daemon.signal("TERM");
            daemon.awaitExit();
            assertThat(daemon.log().lines()).isNotEmpty()
                    .allSatisfy(line -> assertThat(line).matches("\\{.*\\}"));
            assertThat(daemon.log()).contains("\"formattedMessage\":\"stopped\"");
        }
    }

    private static void reload(DaemonProcess daemon, Path file, String json, String logged) throws Exception {
        Files.writeString(file, json);
        daemon.signal("HUP");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(daemon.log()).contains(logged));
    }

    private String get(String target) throws IOException {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(folder.resolve("s")));
            String request = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
