package dev.patchbay.web.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.patchbay.web.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
