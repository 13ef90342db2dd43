package dev.patchbay.web.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.patchbay.event.EventType;
import dev.patchbay.web.Json;
import dev.patchbay.web.RawClient;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** The same events through the other doors: server-sent events, lines of JSON, CloudEvents. */
@Timeout(60)
final class StreamDoorsIT {
    private static final String EVENTS = "/patchbay/v1/events";
    private static final String EPOCH = ScriptedPlugins.EPOCH;

    private final NativeServer server = new NativeServer();
    private final ScriptedPlugins plugins = server.plugins;

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void streamsServerSentEventsThatABrowserResumes() throws Exception {
        plugins.publish(Samples.event(1));
        plugins.publish(Samples.event(2));
        try (RawClient client = get(EVENTS, "Accept: text/event-stream\r\nLast-Event-ID: " + EPOCH + ":1")) {
            assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("Content-Type: text/event-stream\r\n", "Cache-Control: no-store\r\n");
            assertThat(client.readUntil("\n\n")).contains("event: hello\ndata: {\"frame\":\"hello\",");
            assertThat(client.readUntil("\n\n")).contains("id: " + EPOCH + ":1\nevent: subscribed\ndata: {");
            assertThat(client.readUntil("\n\n"))
                    .contains("id: " + EPOCH + ":2\ndata: {\"frame\":\"event\",\"seq\":2,\"prev\":1,");
            server.timers.advanceTimeBy(NativeServer.HEARTBEAT);
            assertThat(client.readUntil("\n\n")).contains(": heartbeat\n\n");
            plugins.publish(Samples.event(3));
            assertThat(client.readUntil("\n\n")).contains("id: " + EPOCH + ":3\ndata: {");
        }
        await().atMost(NativeServer.PATIENCE).until(() -> server.feeds() == 0);
    }

    @Test
    void aBrowserDoesNotResumeWithinASnapshot() throws Exception {
        plugins.publish(Samples.event(1));
        plugins.installed.put("a", Samples.plugin());
        try (RawClient client = get(EVENTS + "?since=snapshot", "Accept: text/event-stream")) {
            client.readUntil("\r\n\r\n");
            client.readUntil("\n\n");
            String begin = client.readUntil("\n\n") + client.readUntil("\n\n") + client.readUntil("\n\n");
            assertThat(begin).contains("event: subscribed\n", "event: snapshot.begin\n", "event: plugin\n")
                    .doesNotContain("id: ");
            assertThat(client.readUntil("\n\n")).contains("id: " + EPOCH + ":1\nevent: snapshot.end\n");
        }
    }

    @Test
    void streamsLinesOfJson() throws Exception {
        plugins.publish(Samples.event(1));
        try (RawClient client = get(EVENTS + "?since=oldest&type=crash", "Accept: application/x-ndjson")) {
            assertThat(client.readUntil("\r\n\r\n")).contains("Content-Type: application/x-ndjson\r\n");
            assertThat(client.readUntil("}\n")).contains("{\"frame\":\"hello\",");
            assertThat(client.readUntil("}\n")).contains("{\"frame\":\"subscribed\",");
            server.timers.advanceTimeBy(NativeServer.HEARTBEAT);
            assertThat(client.readUntil("}\n")).contains("{\"frame\":\"bookmark\",\"seq\":1}\n");
            server.timers.advanceTimeBy(NativeServer.HEARTBEAT);
            assertThat(client.readUntil("}\n")).contains("{\"frame\":\"bookmark\",\"seq\":1}\n");
            plugins.publish(Samples.event(2, EventType.CRASH, Samples.ID, "sample:latest"));
            assertThat(client.readUntil("}\n")).contains("{\"frame\":\"event\",\"seq\":2,\"prev\":0,");
            server.closeServer();
            assertThat(client.readUntil("\r\n0\r\n\r\n")).doesNotContain("{");
        }
    }

    @Test
    void cutsAStreamOffWhoseClientTakesNothing() throws Exception {
        try (RawClient client = get(EVENTS, "Accept: application/x-ndjson")) {
            client.readUntil("subscribed");
            for (int seq = 1; seq <= 5000; seq++) {
                plugins.publish(Samples.big(seq));
            }
            server.advanceUntil(() -> server.feeds() == 0);
        }
    }

    @Test
    void servesAClientThatTakesLittleAtATime() throws Exception {
        int step = 400_000; // more than waits for the socket, here and in the kernel
        for (int seq = 1; seq <= 8000; seq++) {
            plugins.publish(Samples.big(seq));
        }
        try (RawClient client = get(EVENTS + "?since=oldest", "Accept: application/x-ndjson")) {
            var all = new ByteArrayOutputStream();
            while (all.size() < 9_200_000) {
                all.writeBytes(client.read(step));
                server.timers.advanceTimeBy(NativeServer.SLOW_TIMEOUT.minusSeconds(1));
            }
            String rest = client.readUntil("\"seq\":8000,");
            assertThat(rest).isNotEmpty();
        }
    }

    @Test
    void keepsLittleForClientsThatTakeNothing() throws Exception {
        for (int seq = 1; seq <= 8000; seq++) {
            plugins.publish(Samples.big(seq));
        }
        long before = directBytes();
        List<RawClient> stalled = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                RawClient client = get(EVENTS + "?since=oldest", "Accept: text/event-stream");
                stalled.add(client);
                client.readUntil("event: subscribed\n");
            }
            // What serves this client comes after what was there to do for the others.
            try (RawClient client = get(EVENTS + "?since=oldest", "Accept: application/x-ndjson")) {
                assertThat(client.read(9_000_000)).isNotEmpty();
            }
            assertThat(directBytes() - before).isLessThan(40L << 20);
        } finally {
            for (RawClient client : stalled) {
                client.close();
            }
        }
    }

    private static long directBytes() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
    }

    @Test
    void streamsCloudEvents() throws Exception {
        plugins.publish(Samples.event(1));
        try (var client = new SocketClient(server.unixClient(), EVENTS + "?since=gone:1",
                "cloudevents.json")) {
            assertThat(client.subprotocol()).contains("cloudevents.json");
            JsonNode gap = client.json();
            assertThat(gap.get("type").stringValue()).isEqualTo("dev.patchbay.gap");
            assertThat(gap.at("/data/reason").stringValue()).isEqualTo("epoch_changed");
            JsonNode event = client.json();
            assertThat(event).isEqualTo(Json.mapper().readTree("""
                    {"specversion":"1.0","id":"%s:1","source":"urn:patchbay:node:test-node",
                     "type":"dev.patchbay.plugin.enable","datacontenttype":"application/json",
                     "sequence":"0000000000000000001","time":"2026-01-31T12:00:01Z","subject":"sample:latest",
                     "data":{"time":"2026-01-31T12:00:01Z","type":"enable",
                      "plugin":{"id":"%s","name":"sample:latest"},"generation":3,
                      "actor":{"kind":"engine"},"attributes":{"k":"v"}}}
                    """.formatted(EPOCH, Samples.ID.hex())));
            plugins.publish(Samples.event(2));
            assertThat(client.json().get("sequence").stringValue()).isEqualTo("0000000000000000002");
            client.say("{\"frame\":\"credit\",\"sub\":\"x\",\"n\":1}");
            assertThat(client.closed().code()).isEqualTo(4500);
        }
    }

    @Test
    void refusesWhatADoorDoesNotHave() throws Exception {
        for (Map.Entry<String, String> refusal : Map.of(
                "?since=snapshot",
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: cloudevents.json",
                "?since=yesterday", "Accept: text/event-stream",
                "", "Accept: text/event-stream\r\nLast-Event-ID: 7").entrySet()) {
            try (RawClient client = get(EVENTS + refusal.getKey(), refusal.getValue())) {
                assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 400 ")
                        .contains("application/problem+json");
            }
        }
    }

    private RawClient get(String target, String header) throws Exception {
        return RawClient.connect(server.socket())
                .send("GET " + target + " HTTP/1.1\r\nHost: d\r\n" + header + "\r\n\r\n");
    }
}
