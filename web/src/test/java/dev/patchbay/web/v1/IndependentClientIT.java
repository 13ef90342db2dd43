package dev.patchbay.web.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.patchbay.web.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** A WebSocket client that has nothing of ours: Python's {@code websockets}, over TCP. */
@Timeout(60)
final class IndependentClientIT {
    /** Debian's, which has Debian's modules, whatever else is installed. */
    private static final String PYTHON = "/usr/bin/python3";

    private static final String CLIENT = """
            import asyncio, sys, websockets
            async def main(uri, protocols, says):
                async with websockets.connect(uri, subprotocols=protocols or None) as socket:
                    print("protocol", socket.subprotocol, flush=True)
                    for text in says:
                        await socket.send(text)
                    try:
                        async for message in socket:
                            print(message, flush=True)
                    except websockets.ConnectionClosedError:
                        pass
                    print("closed", socket.close_code, socket.close_reason, flush=True)
            asyncio.run(main(sys.argv[1], [p for p in sys.argv[2].split(",") if p], sys.argv[3:]))
            """;

    private final NativeServer server = new NativeServer();

    @BeforeAll
    static void needsWebsockets() throws Exception {
        assumeTrue(isInstalled(), "skipped: there is no Python with the module websockets on this machine");
    }

    private static boolean isInstalled() throws InterruptedException {
        try {
            return new ProcessBuilder(PYTHON, "-c", "import websockets")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor() == 0;
        } catch (IOException _) {
            return false;
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void readsThePlainStream() throws Exception {
        server.plugins.publish(Samples.event(1));
        Process client = start("?since=oldest", "");
        try (BufferedReader lines = client.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("protocol None");
            assertThat(json(lines).get("frame").stringValue()).isEqualTo("hello");
            assertThat(json(lines).get("frame").stringValue()).isEqualTo("subscribed");
            assertThat(json(lines).get("seq").intValue()).isEqualTo(1);
            server.plugins.publish(Samples.big(2));
            assertThat(json(lines).get("prev").intValue()).isEqualTo(1);
            server.plugins.endEvents();
            assertThat(lines.readLine())
                    .isEqualTo("closed 4009 " + ScriptedPlugins.EPOCH + ":2 shutting down");
        } finally {
            end(client);
        }
    }

    @Test
    void subscribesInOurSubprotocol() throws Exception {
        server.plugins.publish(Samples.event(1));
        server.plugins.publish(Samples.event(2));
        Process client = start("", "other,patchbay.v1",
                "{\"frame\":\"subscribe\",\"sub\":\"p\",\"from\":\"oldest\",\"credit\":1}",
                "{\"frame\":\"credit\",\"sub\":\"p\",\"n\":1}");
        try (BufferedReader lines = client.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("protocol patchbay.v1");
            assertThat(json(lines).get("maxCredit").intValue()).isEqualTo(StreamLimits.MAX_CREDIT);
            assertThat(json(lines).get("recovered").booleanValue()).isTrue();
            assertThat(json(lines).get("seq").intValue()).isEqualTo(1);
            assertThat(json(lines).get("seq").intValue()).isEqualTo(2);
            server.closeServer();
            assertThat(lines.readLine()).startsWith("closed 4009 " + ScriptedPlugins.EPOCH + ":2 ");
        } finally {
            end(client);
        }
    }

    private Process start(String query, String protocols, String... says) throws IOException {
        var command = new ArrayList<>(List.of(PYTHON, "-c", CLIENT,
                "ws://127.0.0.1:" + server.tcp().getPort() + "/patchbay/v1/events" + query, protocols));
        command.addAll(List.of(says));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static JsonNode json(BufferedReader lines) throws IOException {
        return Json.mapper().readTree(lines.readLine());
    }

    private static void end(Process client) throws InterruptedException {
        client.destroy();
        assertThat(client.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
}
