package dev.patchbay.web.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.patchbay.syscall.RequiresRoot;
import dev.patchbay.web.DockerCommand;
import dev.patchbay.web.RawClient;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Metrics of a real daemon, whose class path has no Micrometer: over the API, on a port of their own, and for a plugin. */
@RequiresRoot
@Timeout(180)
class MetricsIT {
    private static final Pattern TOLD = Pattern.compile("request /MetricsCollector\\.(\\w+) with");

    @BeforeAll
    static void needsPrograms() throws InterruptedException {
        Assumptions.assumeTrue(DockerCommand.isInstalled(), "skipped: there is no docker command line");
        for (String program : new String[]{"/usr/bin/conmon", "/usr/sbin/runc"}) {
            Assumptions.assumeTrue(Files.isExecutable(Path.of(program)), "skipped: there is no " + program);
        }
    }

    @Test
    void aCollectingPluginIsToldToBeginAndReadsTheEnginesNumbersFromItsSocket() throws Exception {
        try (var world = DaemonWorld.start("--log-level", "info")) {
            Path context = world.sample("docker.dummy/1.0", "docker.metricscollector/1.0");
            world.ok("plugin", "create", "collector", context.toString());
            world.ok("plugin", "enable", "collector");
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(world.log())
                            .contains("sample: request /MetricsCollector.StartMetrics with"));
            // What it has answered is counted a moment after it has said that it was asked.
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(readBy(world, "collector")).contains("HTTP/1.1 200 OK",
                            "patchbay_plugins{state=\"running\"} 1",
                            "patchbay_plugin_starts_total{cause=\"enable\"} 1",
                            "patchbay_plugin_calls_total{capability=\"metricscollector\",outcome=\"ok\"} 1"));
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(metrics(world)).contains(
                            "patchbay_plugin_memory_bytes{plugin=\"collector:latest\"} ",
                            "patchbay_plugin_cpu_seconds_total{plugin=\"collector:latest\"} ",
                            "patchbay_plugin_pids{plugin=\"collector:latest\"} 1\n",
                            "patchbay_plugin_oom_kills_total{plugin=\"collector:latest\"} 0\n"));
        }
    }

    @Test
    void aCollectorThatRunsOnOverARestartIsToldOfItAndReadsTheNewDaemonsNumbers() throws Exception {
        try (var world = DaemonWorld.start("--live-restore")) {
            Path context = world.sample("docker.dummy/1.0", "docker.metricscollector/1.0");
            world.ok("plugin", "create", "collector", context.toString());
            world.ok("plugin", "enable", "collector");
            String pid = world.pid("collector", "sample-plugin");
            awaitTold(world, "StartMetrics");

            world.restart();
            world.awaitRunning("collector");
            assertThat(world.pid("collector", "sample-plugin")).as("it runs on").isEqualTo(pid);
            assertThat(readBy(world, "collector")).contains("HTTP/1.1 200 OK",
                    "patchbay_plugins{state=\"running\"} 1");
            awaitTold(world, "StartMetrics", "StopMetrics", "StartMetrics");

            world.kill();
            world.awaitRunning("collector");
            assertThat(world.pid("collector", "sample-plugin")).as("it runs on").isEqualTo(pid);
            assertThat(readBy(world, "collector")).contains("HTTP/1.1 200 OK",
                    "patchbay_plugins{state=\"running\"} 1");
            world.ok("plugin", "disable", "collector");
        }
    }

    /** Of what a collector says in its log that it was told. */
    private static void awaitTold(DaemonWorld world, String... told) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(TOLD.matcher(
                        world.call(HttpMethod.GET, "plugins/collector/logs", new byte[0]).text())
                        .results()
                        .map(found -> found.group(1))).containsExactly(told));
    }

    /** What a collector reads from within. */
    private static String readBy(DaemonWorld world, String name) throws IOException, InterruptedException {
        return RawClient.exchange(world.pluginSocket(name),
                "POST /Sample.Metrics HTTP/1.1\r\nHost: p\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }

    private static String metrics(DaemonWorld world) throws IOException {
        try (RawClient client = world.connect()) {
            return client.send("GET /metrics HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n").readAll();
        }
    }

    @Test
    void aPortOfItsOwnServesMetricsAndNothingElse() throws Exception {
        try (var world = DaemonWorld.start("--metrics-addr", "127.0.0.1:0")) {
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), world.lastPort());
            try (var client = RawClient.connect(address)) {
                assertThat(
                        client.send("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                                .readAll())
                        .contains("HTTP/1.1 200 OK", "# TYPE patchbay_mailbox_wait_seconds summary");
            }
            try (var client = RawClient.connect(address)) {
                assertThat(client.send(
                        "GET /patchbay/v1/plugins HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                        .readAll()).contains("HTTP/1.1 404 ");
            }
        }
    }
}
