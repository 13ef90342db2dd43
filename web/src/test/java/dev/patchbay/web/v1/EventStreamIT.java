package dev.patchbay.web.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.patchbay.Plugins;
import dev.patchbay.event.EventType;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class EventStreamIT {
    private static final String EVENTS = "/patchbay/v1/events";

    private static final String EPOCH = ScriptedPlugins.EPOCH;

    private final NativeServer server = new NativeServer();
    private final ScriptedPlugins plugins = server.plugins;

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void saysHelloAndThenEachEventAfterIt() throws Exception {
        plugins.publish(Samples.event(1));
        try (var client = new SocketClient(server.unixClient(), EVENTS, "")) {
            assertThat(client.subprotocol()).isEmpty();
            assertThat(client.next())
                    .isEqualTo("{\"frame\":\"hello\",\"epoch\":\"" + EPOCH + "\",\"oldest\":1,\"head\":1,"
                            + "\"heartbeatMs\":30000,\"maxCredit\":1000000,\"node\":\"test-node\","
                            + "\"version\":\"0.1.0-test\"}");
            assertThat(client.next())
                    .isEqualTo("{\"frame\":\"subscribed\",\"recovered\":true,\"reason\":\"ok\","
                            + "\"resumeFrom\":\"" + EPOCH + ":1\",\"head\":1}");
            plugins.publish(Samples.event(2));
            plugins.publish(Samples.event(3));
            assertThat(client.next()).isEqualTo("{\"frame\":\"event\",\"seq\":2,\"prev\":1,"
                    + "\"time\":\"2026-01-31T12:00:02Z\",\"type\":\"enable\",\"plugin\":{\"id\":\""
                    + Samples.ID.hex() + "\",\"name\":\"sample:latest\"},\"generation\":3,"
                    + "\"actor\":{\"kind\":\"engine\"},\"attributes\":{\"k\":\"v\"}}");
            assertThat(client.next()).startsWith("{\"frame\":\"event\",\"seq\":3,\"prev\":2,");
        }
    }

    @Test
    void beginsWhereThePlainConnectionSays() {
        for (int seq = 1; seq <= 5; seq++) {
            plugins.publish(Samples.event(seq));
        }
        try (var client = new SocketClient(server.unixClient(), EVENTS + "?since=" + EPOCH + ":3")) {
            client.next();
            assertThat(client.next()).contains("\"resumeFrom\":\"" + EPOCH + ":3\"");
            assertThat(client.next()).contains("\"seq\":4,\"prev\":3,");
            assertThat(client.next()).contains("\"seq\":5,\"prev\":4,");
            plugins.publish(Samples.event(6));
            assertThat(client.next()).contains("\"seq\":6,\"prev\":5,");
        }
        try (var client = new SocketClient(server.unixClient(), EVENTS + "?since=2026-01-31T12:00:04Z")) {
            client.next();
            client.next();
            assertThat(client.next()).contains("\"seq\":4,\"prev\":3,");
        }
    }

    @Test
    void speaksToAnIndependentClientOverTcpWithoutSubprotocol() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        URI uri = URI.create("ws://127.0.0.1:" + server.tcp().getPort() + EVENTS);
        try (HttpClient http = HttpClient.newHttpClient()) {
            WebSocket socket = http.newWebSocketBuilder()
                    .buildAsync(uri, keep(heard))
                    .get(20, TimeUnit.SECONDS);
            assertThat(heard.poll(20, TimeUnit.SECONDS)).startsWith("{\"frame\":\"hello\"");
            assertThat(heard.poll(20, TimeUnit.SECONDS)).startsWith("{\"frame\":\"subscribed\"");
            plugins.publish(Samples.event(1));
            assertThat(heard.poll(20, TimeUnit.SECONDS)).contains("\"seq\":1,");
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(20, TimeUnit.SECONDS);
            assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("closed 1000");
        }
        awaitSubscribers(0);
    }

    private static WebSocket.Listener keep(BlockingQueue<String> heard) {
        return new WebSocket.Listener() {
            @Override
            public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                heard.add(data.toString());
                socket.request(1);
                return CompletableFuture.completedStage(null);
            }

            @Override
            public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                heard.add("closed " + code);
                return CompletableFuture.completedStage(null);
            }
        };
    }

    @Test
    void passesOnlyWhatTheFiltersLetThrough() {
        try (var client = new SocketClient(
                server.unixClient(), EVENTS + "?filters=%7B%22type%22:%5B%22crash%22%5D%7D&plugin=other")) {
            client.next();
            client.next();
            plugins.publish(Samples.event(1));
            plugins.publish(Samples.event(2, EventType.CRASH, Samples.ID, "sample:latest"));
            plugins.publish(Samples.event(3, EventType.CRASH, Samples.OTHER_ID, "other:latest"));
            assertThat(client.next()).contains("\"seq\":3,\"prev\":0,");
        }
    }

    @Test
    void aClientThatClosesIsForgottenAtOnce() {
        try (var client = new SocketClient(server.unixClient(), EVENTS, "")) {
            client.next();
            awaitSubscribers(1);
        }
        awaitSubscribers(0);
    }

    @Test
    void aClientThatVanishesIsForgottenAtOnce() throws Exception {
        try (var client = new RawSocket(server.socket(), EVENTS)) {
            begun(client);
            awaitSubscribers(1);
        }
        awaitSubscribers(0);
    }

    @Test
    void pingsAndClosesAClientThatNeverAnswersWith4012() throws Exception {
        try (var client = new RawSocket(server.socket(), EVENTS)) {
            begun(client);
            server.timers.advanceTimeBy(NativeServer.HEARTBEAT);
            assertThat(client.read().opcode()).isEqualTo(RawSocket.PING);
            settle(client);
            server.timers.advanceTimeBy(NativeServer.PONG_TIMEOUT);
            RawSocket.Heard close = client.read();
            assertThat(close.opcode()).isEqualTo(RawSocket.CLOSE);
            assertThat(close.code()).isEqualTo(4012);
            client.drain();
        }
        awaitSubscribers(0);
    }

    @Test
    void aClientThatAnswersPingsStays() throws Exception {
        try (var client = new RawSocket(server.socket(), EVENTS)) {
            begun(client);
            for (int round = 0; round < 3; round++) {
                server.timers.advanceTimeBy(NativeServer.HEARTBEAT);
                RawSocket.Heard ping = client.read();
                assertThat(ping.opcode()).isEqualTo(RawSocket.PING);
                byte[] payload = new byte[ping.payload().remaining()];
                ping.payload().get(payload);
                client.send(RawSocket.PONG, payload);
                settle(client);
                server.timers.advanceTimeBy(NativeServer.PONG_TIMEOUT);
            }
            plugins.publish(Samples.event(1));
            assertThat(client.read().text()).contains("\"seq\":1,");
        }
    }

    private static void begun(RawSocket client) throws Exception {
        assertThat(client.readUntil(RawSocket.TEXT).text()).contains("\"frame\":\"hello\"");
        assertThat(client.readUntil(RawSocket.TEXT).text()).contains("\"frame\":\"subscribed\"");
    }

    /** Has the server do whatever it was told before: it answers our ping after that. */
    private static void settle(RawSocket client) throws Exception {
        client.send(RawSocket.PING, new byte[]{42});
        assertThat(client.read().opcode()).isEqualTo(RawSocket.PONG);
    }

    @Test
    void aBinaryFrameIsRefusedWith1003() throws Exception {
        assertThat(closeAfter(RawSocket.BINARY, new byte[]{1, 2, 3})).isEqualTo(1003);
    }

    @Test
    void aTextFrameIsNotUnderstood() throws Exception {
        assertThat(closeAfter(RawSocket.TEXT, "{\"subscribe\":1}".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(4500);
    }

    @Test
    void anOversizedFrameIsRefusedWith1009BeforeItsPayload() throws Exception {
        try (var client = new RawSocket(server.socket(), EVENTS)) {
            client.readUntil(RawSocket.TEXT);
            client.send(0x80 | RawSocket.TEXT, 1 << 30, new byte[0]);
            assertThat(client.readUntil(RawSocket.CLOSE).code()).isEqualTo(1009);
            client.drain();
        }
        awaitSubscribers(0);
    }

    @Test
    void aFragmentedMessageIsPutTogether() throws Exception {
        try (var client = new RawSocket(server.socket(), EVENTS)) {
            begun(client);
            byte[] frame = "{\"frame\":\"credit\",\"sub\":\"x\",\"n\":1}".getBytes(StandardCharsets.UTF_8);
            client.send(RawSocket.TEXT, 3, Arrays.copyOf(frame, 3));
            client.send(0x80 | RawSocket.CONTINUATION, frame.length - 3,
                    Arrays.copyOfRange(frame, 3, frame.length));
            assertThat(client.readUntil(RawSocket.TEXT).text()).contains("\"code\":\"unknown_sub\"");
        }
    }

    private int closeAfter(int opcode, byte[] payload) throws Exception {
        try (var client = new RawSocket(server.socket(), EVENTS)) {
            client.readUntil(RawSocket.TEXT);
            client.send(opcode, payload);
            int code = client.readUntil(RawSocket.CLOSE).code();
            client.drain();
            awaitSubscribers(0);
            return code;
        }
    }

    @Test
    void aClientThatReadsNothingSlowsNobodyElse() throws Exception {
        try (var stalled = new RawSocket(server.socket(), EVENTS);
                var brisk = new SocketClient(server.unixClient(), EVENTS, "")) {
            brisk.next();
            brisk.next();
            awaitSubscribers(2);
            for (int seq = 1; seq <= 3000; seq++) {
                plugins.publish(Samples.big(seq));
            }
            for (int seq = 1; seq <= 3000; seq++) {
                assertThat(brisk.next()).contains("\"seq\":" + seq + ",");
            }
            stalled.send(RawSocket.PING, new byte[0]); // it is still connected
        }
        awaitSubscribers(0);
    }

    @Test
    void aClientThatTakesNothingIsCutOffWhenNotEvenTheCloseFrameGetsThrough() throws Exception {
        try (var stalled = new RawSocket(server.socket(), EVENTS)) {
            awaitSubscribers(1);
            for (int seq = 1; seq <= 3000; seq++) {
                plugins.publish(Samples.big(seq));
            }
            server.advanceUntil(stalled::isCutOff);
        }
        awaitSubscribers(0);
    }

    @Test
    void theEnginesEndClosesWith4009() throws Exception {
        try (var client = new SocketClient(server.unixClient(), EVENTS, "")) {
            client.next();
            plugins.endEvents();
            assertThat(client.closed()).isEqualTo(new SocketClient.Closed(4009, EPOCH + ":0 shutting down"));
        }
    }

    @Test
    void theServersEndClosesWith4009() throws Exception {
        try (var client = new SocketClient(server.unixClient(), EVENTS, "")) {
            client.next();
            server.closeServer();
            assertThat(client.closed()).isEqualTo(new SocketClient.Closed(4009, EPOCH + ":0 shutting down"));
        }
    }

    private void awaitSubscribers(int count) {
        await().atMost(NativeServer.PATIENCE).until(() -> server.feeds() == count);
    }
}
