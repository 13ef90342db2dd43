package dev.patchbay.examples.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.examples.HostClient;
import dev.patchbay.examples.HostClient.Answer;
import dev.patchbay.examples.HostFolder;
import dev.patchbay.examples.RequiresRuntime;
import dev.patchbay.examples.Sample;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The plain host with a real plugin, over HTTP. */
@Tag("runtime")
@RequiresRuntime
@Timeout(120)
class NettyHostIT {
    private static NettyHost start(HostFolder folder, int port) {
        return NettyHost.start(folder.root(), folder.execRoot(), port)
                .blockOptional(Sample.PATIENCE)
                .orElseThrow();
    }

    @Test
    void startsAPluginCallsItAndTellsOfIt() throws Exception {
        try (var folder = HostFolder.make()) {
            NettyHost host = start(folder, 0);
            try (var client = new HostClient(host.server().port())) {
                Sample.install(host.plugins(), "sample");
                var events = client.listen("/events");

                assertThat(client.post("/plugins/sample/enable", "text/plain", ""))
                        .isEqualTo(new Answer(200, "enabled"));
                events.await("event: start");
                String byWhom = events.await("data: sample:latest ");
                events.await("event: enable");
                assertThat(byWhom).hasSizeGreaterThan("data: sample:latest ".length());
                assertThat(events.await("data: ")).isEqualTo(byWhom);
                assertThat(client.post("/plugins/sample/echo", "text/plain", "good day"))
                        .isEqualTo(new Answer(200, "good day"));
                assertThat(client.post("/plugins/other/echo", "text/plain", "x").status()).isEqualTo(404);
                assertThat(client.get("/health").status()).isEqualTo(200);

                host.stop().block(Sample.PATIENCE);
                events.await("event: engine_stopping");
                events.awaitEnd();
            }
        }
    }

    @Test
    void leavesNothingOpenIfItsPortIsTaken() throws Exception {
        try (var folder = HostFolder.make(); var other = HostFolder.make()) {
            NettyHost first = start(folder, 0);
            assertThatThrownBy(() -> start(other, first.server().port())).hasMessageContaining(
                    "Failed to bind");
            start(other, 0).stop().block(Sample.PATIENCE); // its directory is free again
            first.stop().block(Sample.PATIENCE);
        }
    }
}
