package dev.patchbay.examples.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.examples.HostClient;
import dev.patchbay.examples.HostClient.Answer;
import dev.patchbay.examples.HostFolder;
import dev.patchbay.examples.RequiresRuntime;
import dev.patchbay.examples.Sample;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The Vert.x host with a real plugin, over HTTP. */
@Tag("runtime")
@RequiresRuntime
@Timeout(120)
class VertxHostIT {
    @Test
    void startsAPluginCallsItAndTellsOfIt() throws Exception {
        try (var folder = HostFolder.make()) {
            Vertx vertx = Vertx.vertx();
            try {
                var host = new VertxHost(folder.root(), folder.execRoot(), 0);
                String deployed = vertx.deployVerticle(host).await();
                try (var client = new HostClient(host.port())) {
                    Sample.install(host.plugins(), "sample");
                    var events = client.listen("/events");

                    assertThat(client.post("/plugins/sample/enable", "text/plain", ""))
                            .isEqualTo(new Answer(200, "enabled"));
                    events.await("event: start");
                    assertThat(events.await("data: ")).isEqualTo("data: sample:latest host-0");
                    events.await("event: enable");
                    assertThat(client.post("/plugins/sample/echo", "text/plain", "good day"))
                            .isEqualTo(new Answer(200, "good day"));
                    assertThat(client.post("/plugins/other/echo", "text/plain", "x").status())
                            .isEqualTo(404);

                    vertx.undeploy(deployed).await();
                    events.await("event: engine_stopping");
                    events.awaitEnd();
                }
            } finally {
                vertx.close().await();
            }
        }
    }
}
