package dev.patchbay.web.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.patchbay.web.RawClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;

/** What hostile and broken clients get. */
@Timeout(60)
@SuppressWarnings("StringConcatToTextBlock") // HTTP has line ends of its own
final class StreamSecurityIT {
    private static final String EVENTS = "/patchbay/v1/events";
    private static final String HANDSHAKE = " HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    private final NativeServer server = new NativeServer();
    private final ScriptedPlugins plugins = server.plugins;

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void refusesPagesOfAnotherOrigin() throws Exception {
        try (var client = RawClient.connect(server.socket())) {
            client.send("GET " + EVENTS + HANDSHAKE + "Origin: http://evil.example\r\n\r\n");
            assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void negotiatesNoCompression() throws Exception {
        try (var client = RawClient.connect(server.socket())) {
            client.send("GET " + EVENTS + HANDSHAKE
                    + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, x-webkit-deflate-frame\r\n\r\n");
            assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 101 ")
                    .doesNotContainIgnoringCase("sec-websocket-extensions");
        }
    }

    @Test
    void endsAConnectionWithACompressedFrameBeforeItIsUnpacked() throws Exception {
        try (var client = new RawSocket(server.socket(), EVENTS)) {
            client.readUntil(RawSocket.TEXT);
            client.send(0xc0 | RawSocket.TEXT, 4, new byte[]{1, 2, 3, 4});
            RawSocket.Heard close = client.readUntil(RawSocket.CLOSE);
            assertThat(close.code()).isEqualTo(1002);
        }
        awaitNoFeeds();
    }

    @Test
    void endsAConnectionWithAContinuationOfNothing() throws Exception {
        try (var client = new RawSocket(server.socket(), EVENTS)) {
            client.readUntil(RawSocket.TEXT);
            client.send(RawSocket.CONTINUATION, new byte[]{'{'});
            assertThat(client.readUntil(RawSocket.CLOSE).code()).isEqualTo(1002);
        }
        awaitNoFeeds();
    }

    @Test
    void endsAMessageThatGrowsFrameByFrame() throws Exception {
        try (var client = new RawSocket(server.socket(), EVENTS)) {
            client.readUntil(RawSocket.TEXT);
            client.send(RawSocket.TEXT, 8000, new byte[8000]);
            client.send(RawSocket.CONTINUATION, 8000, new byte[8000]);
            client.send(RawSocket.CONTINUATION, 8000, new byte[8000]);
            assertThat(client.readUntil(RawSocket.CLOSE).code()).isEqualTo(1009);
        }
        awaitNoFeeds();
    }

    @Test
    void endsAConnectionWithTextThatIsNone() throws Exception {
        try (var client = new RawSocket(server.socket(), EVENTS)) {
            client.readUntil(RawSocket.TEXT);
            client.send(RawSocket.TEXT, new byte[]{(byte) 0xc3, 0x28});
            assertThat(client.readUntil(RawSocket.CLOSE).code()).isEqualTo(1007);
        }
        awaitNoFeeds();
    }

    @Test
    void endsAConnectionWithTenThousandSubscriptions() throws Exception {
        try (var client = new RawSocket(server.socket(), EVENTS)) {
            client.readUntil(RawSocket.TEXT);
            try {
                for (int sub = 0; sub < 10_000; sub++) {
                    client.send(RawSocket.TEXT, ("{\"frame\":\"subscribe\",\"sub\":\"s" + sub + "\"}")
                            .getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException _) {
                // The server has heard enough.
            }
            RawSocket.Heard close = client.readUntil(RawSocket.CLOSE);
            assertThat(close.code()).isEqualTo(4502);
            close.payload().getShort();
            assertThat(close.text()).startsWith(ScriptedPlugins.EPOCH + ":0 more than 64 errors");
        }
        awaitNoFeeds();
    }

    @Test
    void readsNothingThatWouldBeAnsweredWhileNothingIsTaken() throws Exception {
        try (var client = new RawSocket(server.socket(), EVENTS)) {
            client.readUntil(RawSocket.TEXT);
            client.readUntil(RawSocket.TEXT);
            for (int seq = 1; seq <= 3000; seq++) {
                plugins.publish(Samples.big(seq));
            }
            byte[] wrong = "{\"frame\":\"credit\",\"sub\":\"x\",\"n\":1}".getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 60; i++) {
                client.send(RawSocket.TEXT, wrong);
            }
            for (int seq = 1, errors = 0; seq <= 3000 || errors < 60;) {
                String text = client.readUntil(RawSocket.TEXT).text();
                if (text.contains("unknown_sub")) {
                    errors++;
                } else if (text.contains("\"frame\":\"event\"")) {
                    assertThat(text).contains("\"seq\":" + seq++ + ",");
                }
            }
        }
        awaitNoFeeds();
    }

    @Test
    void endsAConnectionWithMorePingsThanItMay() throws Exception {
        try (var client = new RawSocket(server.socket(), EVENTS)) {
            client.readUntil(RawSocket.TEXT);
            client.readUntil(RawSocket.TEXT);
            client.send(RawSocket.PING, new byte[]{1, 2, 3});
            assertThat(client.readUntil(RawSocket.PONG).payload().array()).containsExactly(1, 2, 3);
            var sent = new AtomicInteger();
            Thread flood = Thread.ofPlatform().daemon().start(() -> {
                while (sent.get() < 100_000 && client.trySend(RawSocket.PING, new byte[125])) {
                    sent.incrementAndGet();
                }
            });
            assertThat(client.readUntil(RawSocket.CLOSE).code()).isEqualTo(4502);
            flood.join();
            assertThat(sent).hasValueLessThan(50_000); // some are on their way when it is too many
        }
        awaitNoFeeds();
    }

    @Test
    void readsNoPingWhileNothingIsTaken() throws Exception {
        try (var client = new RawSocket(server.socket(), EVENTS)) {
            client.readUntil(RawSocket.TEXT);
            client.readUntil(RawSocket.TEXT);
            for (int seq = 1; seq <= 3000; seq++) {
                plugins.publish(Samples.big(seq));
            }
            var sent = new AtomicInteger();
            Thread flood = Thread.ofPlatform().daemon().start(() -> {
                while (sent.get() < 100_000 && client.trySend(RawSocket.PING, new byte[125])) {
                    sent.incrementAndGet();
                }
            });
            server.advanceUntil(() -> !flood.isAlive()); // it is cut off as a client that takes nothing
            assertThat(sent).hasValueLessThan(50_000);
        }
    }

    @Test
    void answersNoPingWhileNothingIsTaken() throws Exception {
        plugins.logs.set((_, _) -> Flux.never());
        plugins.installed.put("a", Samples.plugin());
        try (var client = new RawSocket(server.socket(), "/patchbay/v1/plugins/sample/logs?follow=true")) {
            client.send(RawSocket.PING, new byte[]{1, 2, 3});
            assertThat(client.readUntil(RawSocket.PONG).payload().array()).containsExactly(1, 2, 3);
            for (int i = 0; i < 100_000; i++) {
                client.send(RawSocket.PING, ByteBuffer.allocate(125).putInt(i).array());
            }
            int pongs = 0;
            int last = -1;
            while (last < 99_999) {
                last = client.readUntil(RawSocket.PONG).payload().getInt(0);
                pongs++;
            }
            assertThat(pongs).isLessThan(20_000); // what fits into the sockets and below the mark, and the newest
        }
    }

    @Test
    @DisplayName("D46: a subscriber that takes nothing for a while misses nothing when it does again")
    void aSlowSubscriberMissesNothingD46() throws Exception {
        try (var client = new RawSocket(server.socket(), EVENTS)) {
            client.readUntil(RawSocket.TEXT);
            client.readUntil(RawSocket.TEXT);
            for (int seq = 1; seq <= 5000; seq++) {
                plugins.publish(Samples.big(seq));
            }
            for (int seq = 1; seq <= 5000; seq++) {
                assertThat(client.readUntil(RawSocket.TEXT).text())
                        .contains("\"seq\":" + seq + ",\"prev\":" + (seq - 1) + ",");
            }
        }
    }

    @Test
    void closesASubscriberThatTakesNothingForTooLongWith4008() throws Exception {
        try (var client = new RawSocket(server.socket(), EVENTS)) {
            client.readUntil(RawSocket.TEXT);
            client.readUntil(RawSocket.TEXT);
            for (int seq = 1; seq <= 3000; seq++) {
                plugins.publish(Samples.big(seq));
            }
            // In steps that leave the close frame its time.
            await().atMost(NativeServer.PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> {
                server.timers.advanceTimeBy(Duration.ofSeconds(1));
                return server.feeds() == 0;
            });
            RawSocket.Heard close = client.readUntil(RawSocket.CLOSE); // the kernel has room for it once we read
            assertThat(close.code()).isEqualTo(4008);
        }
    }

    @Test
    void forgetsAHalfOpenConnection() throws Exception {
        try (var client = new RawSocket(server.socket(), EVENTS)) {
            client.readUntil(RawSocket.TEXT);
            server.advanceUntil(() -> server.feeds() == 0);
        }
    }

    private void awaitNoFeeds() {
        await().atMost(NativeServer.PATIENCE).until(() -> server.feeds() == 0);
    }
}
