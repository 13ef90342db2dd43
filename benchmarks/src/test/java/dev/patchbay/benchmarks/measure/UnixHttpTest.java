package dev.patchbay.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against servers that say nothing: the kernel accepts connections, and nobody reads what is sent. */
@Timeout(60)
class UnixHttpTest {
    private static final Duration SHORT = Duration.ofMillis(300);

    private final ServerSocket silent;

    UnixHttpTest() throws IOException {
        silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        silent.close();
    }

    @Test
    void givesUpOnAnAnswerThatDoesNotCome() throws IOException {
        Endpoint endpoint = to(new Target.Tcp("127.0.0.1", silent.getLocalPort()));
        try (UnixHttp http = endpoint.connect()) {
            assertThatThrownBy(() -> http.get("/_ping")).isInstanceOf(IOException.class)
                    .hasMessage("no answer to GET /_ping within 300 ms");
        }
    }

    @Test
    void givesUpOnAServerThatDoesNotSpeakTls() throws IOException {
        Endpoint endpoint = to(new Target.Tls("localhost", silent.getLocalPort()));

        assertThatThrownBy(endpoint::connect).isInstanceOf(IOException.class)
                .hasMessageStartingWith("no answer to a connection to https://localhost:")
                .hasMessageEndingWith(" within 300 ms");
    }

    private static Endpoint to(Target target) throws IOException {
        return Endpoint.of(target, Access.OPEN).patient(SHORT);
    }
}
