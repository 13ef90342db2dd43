package dev.patchbay.web;

import static dev.patchbay.authz.AuthzWorld.ALLOW;
import static dev.patchbay.authz.AuthzWorld.PATIENCE;
import static dev.patchbay.authz.AuthzWorld.REQUEST;
import static dev.patchbay.authz.AuthzWorld.RESPONSE;
import static dev.patchbay.web.GuardedServer.DENY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.syscall.RequiresRoot;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

/** The way out: root goes past authorization plugins, where that is open, and nobody else does. */
@Timeout(60)
class RootRecoveryTest {
    private final GuardedServer server = new GuardedServer();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    @RequiresRoot
    void letsRootOutWhereThatIsOpen() throws Exception {
        server.plugin().on(REQUEST, DENY);
        assertThat(server.get("/open")).startsWith("HTTP/1.1 200 ").endsWith("[\"open\"]\n");
        assertThat(server.noted()).singleElement()
                .satisfies(note -> assertThat(note)
                        .containsAllEntriesOf(Map.of("method", "GET", "path", "/open", "refusal",
                                "authorization denied by plugin authz:latest: not you", "user", "uid 0",
                                "pid",
                                Long.toString(ProcessHandle.current().pid())))
                        .containsKey("request"));
        assertThat(server.told(RESPONSE)).isEmpty();
        assertThat(server.get("/json")).startsWith("HTTP/1.1 403 ");
        server.plugin().on(REQUEST, ALLOW).on(RESPONSE, DENY);
        assertThat(server.get("/open")).startsWith("HTTP/1.1 200 ");
        server.plugin().on(RESPONSE, ALLOW);
        server.noted().clear();
        server.get("/open");
        assertThat(server.noted()).as("nobody went past anybody").isEmpty();
    }

    @Test
    void letsNobodyOutOverTcp() throws Exception {
        server.plugin().on(REQUEST, DENY);
        PluginServer tcp = TestServer.bind(
                ServerConfig.of(List.of(new ListenAddress.Tcp("127.0.0.1", 0, Optional.empty())),
                        config -> config.authorization(
                                server.authorization(Optional.of(_ -> Mono.empty())))),
                server.routes());
        int port = ((ListenAddress.Tcp) tcp.addresses().getFirst()).port();
        try (var client = RawClient.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            client.send("GET /open HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(client.readAll()).startsWith("HTTP/1.1 403 ");
        } finally {
            tcp.close().block(PATIENCE);
        }
    }

    @Test
    @RequiresRoot
    void letsRootOutOfAServerThatIsFull() throws Exception {
        server.restart(server.routes(), config -> config
                .limits(new ServerConfig.Limits(4 << 20, 64 << 10, 1, 100, PATIENCE))
                .authorization(server.authorization(Optional.of(_ -> Mono.empty()))));
        var asked = new CountDownLatch(1);
        server.plugin().on(REQUEST, (_, peer) -> {
            asked.countDown();
            peer.awaitEnd();
        }, DENY);
        try (var client = RawClient.connect(server.socket())) {
            client.send("GET /json HTTP/1.1\r\nHost: d\r\n\r\n");
            assertThat(asked.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(server.get("/json")).startsWith("HTTP/1.1 503 ");
            assertThat(server.get("/open")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    @RequiresRoot
    void letsRootOutAlsoWhenTheEngineIsClosed() throws Exception {
        server.world().plugins().close().block(PATIENCE);
        assertThat(server.get("/json")).startsWith("HTTP/1.1 ").doesNotContain("HTTP/1.1 200");
        assertThat(server.get("/open")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void letsNobodyOutUnlessThatIsOpen() throws Exception {
        server.restart(Optional.empty());
        server.plugin().on(REQUEST, DENY);
        assertThat(server.get("/open")).startsWith("HTTP/1.1 403 ");
    }

    @Test
    @RequiresRoot
    void letsRootOutAlsoIfThatCannotBeTold() throws Exception {
        server.restart(Optional.of(_ -> Mono.error(new IllegalStateException("no journal"))));
        server.plugin().on(REQUEST, DENY);
        assertThat(server.get("/open")).startsWith("HTTP/1.1 200 ");
    }
}
