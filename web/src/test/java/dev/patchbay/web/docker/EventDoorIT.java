package dev.patchbay.web.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.patchbay.event.Actor;
import dev.patchbay.event.EventRecorder;
import dev.patchbay.event.EventType;
import dev.patchbay.event.Happening;
import dev.patchbay.event.Recorders;
import dev.patchbay.event.RingJournal;
import dev.patchbay.web.FakePlugins;
import dev.patchbay.web.RawClient;
import dev.patchbay.web.TestServer;
import dev.patchbay.web.feed.EventHub;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Docker's events over a socket: how replies end, for clients that take little, and for those that take nothing. */
@Timeout(60)
final class EventDoorIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int KEPT = 4000;
    private static final String UNTIL = "until=" + (FakePlugins.NOW.getEpochSecond() + 1);
    /** More than waits for a socket, here and in the kernel. */
    private static final int MUCH = 400_000;

    private final EventRecorder recorder = Recorders
            .immediate(new RingJournal(KEPT, 1L << 30, new Random(1)));
    private final FakePlugins plugins = new FakePlugins(recorder);
    private final EventHub hub = new EventHub(plugins);
    private final VirtualTimeScheduler timers = VirtualTimeScheduler.create();
    private final TestServer server = TestServer.start(Samples.routes(plugins, hub, timers));
    private int told;

    @AfterEach
    void stop() {
        server.close();
        timers.dispose();
    }

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            recorder.tell(List.of(new Happening(FakePlugins.NOW, EventType.CRASH, Optional.empty(),
                    "a:latest", List.of(), 1, Actor.ENGINE,
                    Map.of("n", "<" + ++told + ">", "reason", "x".repeat(1000)))), _ -> {});
        }
    }

    private RawClient events(String query) throws IOException {
        RawClient client = RawClient.connect(server.socket())
                .send("GET /events?" + query + " HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n");
        assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200 OK\r\n")
                .contains("transfer-encoding: chunked\r\n", "Content-Type: application/json\r\n");
        return client;
    }

    private static long lines(String text) {
        return text.lines().filter(line -> line.startsWith("{\"Type\":\"plugin\",")).count();
    }

    @Test
    void cutsAClientOffThatTakesNothingAndNoOther() throws Exception {
        try (RawClient stalled = events(""); RawClient other = events("")) {
            publish(KEPT / 2);
            other.readUntil("<" + KEPT / 2 + ">");
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
                timers.advanceTimeBy(Samples.SLOW_TIMEOUT);
                return hub.feeds() == 1;
            });

            publish(1);

            assertThat(other.readUntil("\n\r\n")).isNotEmpty();
            String all = stalled.readAll();
            assertThat(lines(all)).isPositive().isLessThan(KEPT / 2);
            assertThat(all).doesNotEndWith("\r\n0\r\n\r\n");
        }
    }

    @Test
    void tellsASlowClientAllUntilTheEndOfItsWindow() throws Exception {
        publish(KEPT / 2);
        try (RawClient client = events(UNTIL)) {
            var all = new ByteArrayOutputStream();
            all.writeBytes(client.read(MUCH));
            publish(KEPT / 4);
            timers.advanceTimeBy(Duration.ofSeconds(1));
            while (all.size() < 2 * MUCH) {
                all.writeBytes(client.read(MUCH));
                timers.advanceTimeBy(Samples.SLOW_TIMEOUT.minusSeconds(1));
            }
            all.writeBytes(client.readAll().getBytes(StandardCharsets.UTF_8));
            String text = all.toString(StandardCharsets.UTF_8);

            assertThat(lines(text)).isEqualTo(KEPT / 2 + KEPT / 4);
            assertThat(text).endsWith("\r\n0\r\n\r\n");
        }
        await().atMost(PATIENCE).until(() -> hub.feeds() == 0);
    }

    @Test
    void endsWithItsWindowIfNothingHappens() throws Exception {
        publish(3);
        try (RawClient client = events(UNTIL)) {
            client.readUntil("<3>");
            client.readUntil("\n\r\n");
            timers.advanceTimeBy(Duration.ofSeconds(1));

            assertThat(client.readAll()).isEqualTo("0\r\n\r\n");
        }
    }

    @Test
    void anEndInThePastIsTheEnd() throws Exception {
        publish(3);
        try (RawClient client = events("since=1&until=" + FakePlugins.NOW.getEpochSecond() + ".123456789")) {
            String all = client.readAll();

            assertThat(lines(all)).isEqualTo(3);
            assertThat(all).endsWith("\r\n0\r\n\r\n");
        }
    }

    @Test
    void cutsAClientOffThatHasLostSomething() throws Exception {
        try (RawClient client = events("")) {
            publish(1);
            client.readUntil("\n\r\n");
            publish(3 * KEPT);
            String all = client.readAll();

            assertThat(lines(all)).isLessThan(KEPT);
            assertThat(all).doesNotEndWith("\r\n0\r\n\r\n");
        }
    }

    @Test
    void endsWhenTheEngineIsClosed() throws Exception {
        try (RawClient client = events("")) {
            publish(1);
            client.readUntil("\n\r\n");
            plugins.close().block(PATIENCE);

            assertThat(client.readAll()).isEqualTo("0\r\n\r\n");
        }
    }

    @Test
    void tellsAClientThatKnowsNoChunks() throws Exception {
        try (RawClient client = RawClient.connect(server.socket())
                .send("GET /events?" + UNTIL + " HTTP/1.0\r\nHost: d\r\n\r\n")) {
            assertThat(client.readAll()).startsWith("HTTP/1.")
                    .contains(" 505 ", "HTTP/1.0 does not have")
                    .doesNotContain("chunked");
        }
        assertThat(hub.feeds()).isZero();
    }
}
