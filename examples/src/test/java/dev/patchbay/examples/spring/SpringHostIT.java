package dev.patchbay.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.patchbay.PluginStorageException;
import dev.patchbay.Plugins;
import dev.patchbay.examples.HostClient;
import dev.patchbay.examples.HostClient.Answer;
import dev.patchbay.examples.HostFolder;
import dev.patchbay.examples.RequiresRuntime;
import dev.patchbay.examples.Sample;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The Spring Boot host with a real plugin, over HTTP. */
@Tag("runtime")
@RequiresRuntime
@Timeout(120)
class SpringHostIT {
    private static final String JSON = "application/json";

    static ConfigurableApplicationContext start(HostFolder folder) {
        return SpringApplication.run(SpringHost.class, "--server.port=0", "--patchbay.root=" + folder.root(),
                "--patchbay.exec-root=" + folder.execRoot());
    }

    static HostClient client(ConfigurableApplicationContext host) {
        return new HostClient(host.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }

    @Test
    void startsAPluginCallsItAndTellsOfIt() throws Exception {
        try (var folder = HostFolder.make(); var host = start(folder); var client = client(host)) {
            Sample.install(host.getBean(Plugins.class), "sample");
            var events = client.listen("/events");

            assertThat(client.post("/plugins/sample/enable", JSON, "").status()).isEqualTo(200);
            events.await("event:start");
            String byWhom = events.await("data:");
            events.await("event:enable");
            assertThat(byWhom)
                    .matches("data:\\{\"plugin\":\"sample:latest\",\"generation\":1,\"request\":\".+\"}");
            assertThat(events.await("data:")).isEqualTo(byWhom);
            assertThat(client.post("/plugins/sample/echo", JSON, "{\"text\":\"good day\"}"))
                    .isEqualTo(new Answer(200, "{\"text\":\"good day\"}"));
            Answer unknown = client.post("/plugins/other/echo", JSON, "{\"text\":\"x\"}");
            assertThat(unknown.status()).isEqualTo(404);
            assertThat(unknown.body()).contains("other");

            assertThat(SpringApplication.exit(host)).isZero();
            events.awaitEnd();
        }
    }

    @Test
    void aBrowserThatComesBackMissesNothing() throws Exception {
        try (var folder = HostFolder.make(); var host = start(folder); var client = client(host)) {
            var plugins = host.getBean(Plugins.class);
            Sample.install(plugins, "first");
            String last = plugins.head().toString();
            Sample.install(plugins, "second");

            var events = client.listen("/events", "Last-Event-ID", last);

            events.await("event:create");
            assertThat(events.await("data:")).contains("second:latest");
        }
    }

    @Test
    void healthAndMetricsAreActuators() throws Exception {
        try (var folder = HostFolder.make(); var host = start(folder); var client = client(host)) {
            var plugins = host.getBean(Plugins.class);
            Sample.install(plugins, "one");
            Sample.install(plugins, "two");
            plugins.enable("two", Sample.PATIENCE).block(Sample.PATIENCE);

            Answer health = client.get("/actuator/health");
            assertThat(health.status()).isEqualTo(200);
            assertThat(health.body())
                    .contains("\"patchbay\":{\"details\":{\"problems\":[]},\"status\":\"UP\"}");
            for (String state : List.of("running", "stopped")) {
                await().atMost(Sample.PATIENCE)
                        .untilAsserted(() -> assertThat(
                                client.get("/actuator/metrics/patchbay.plugins?tag=state:" + state).body())
                                .contains("\"value\":1.0"));
            }
        }
    }

    @Test
    void aDirectoryThatAnotherHostHasOpenIsRefused() throws Exception {
        try (var folder = HostFolder.make(); var host = start(folder)) {
            assertThat(host.isActive()).isTrue();
            assertThatThrownBy(() -> start(folder))
                    .hasStackTraceContaining(PluginStorageException.class.getName())
                    .rootCause()
                    .hasMessageContaining("is in use by another Patchbay");
        }
    }
}
