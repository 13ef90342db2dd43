package dev.patchbay.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.patchbay.benchmarks.measure.Access;
import dev.patchbay.benchmarks.measure.Endpoint;
import dev.patchbay.benchmarks.measure.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoadPluginsTest {
    private static final int PLUGINS = 8;
    private static final int REFUSALS = 4;

    private final AtomicInteger asked = new AtomicInteger();

    /** A daemon that will not remove some. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            boolean refused = exchange.getRequestMethod().equals("DELETE")
                    && asked.incrementAndGet() <= REFUSALS;
            byte[] body = "{\"message\":\"it is in use\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(refused ? 409 : 200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Test
    void onlyWhatIsRefusedStaysBehind() throws Exception {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        try {
            var target = new Target.Tcp("127.0.0.1", server.getAddress().getPort());
            var plugins = LoadPlugins.make(Endpoint.of(target, Access.OPEN), PLUGINS,
                    LoadPlugins.LEAST_EVENT_BYTES, 0, Optional.empty());
            assertThatThrownBy(plugins::close).isInstanceOf(IOException.class)
                    .hasMessageContaining("it is in use");
            assertThat(asked).hasValue(PLUGINS);
        } finally {
            server.stop(0);
        }
    }
}
