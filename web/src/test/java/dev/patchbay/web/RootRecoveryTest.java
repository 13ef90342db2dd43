package dev.patchbay.web;

import static dev.patchbay.authz.AuthzWorld.ALLOW;
import static dev.patchbay.authz.AuthzWorld.PATIENCE;
import static dev.patchbay.authz.AuthzWorld.REQUEST;
import static dev.patchbay.authz.AuthzWorld.RESPONSE;
import static dev.patchbay.authz.AuthzWorld.some;
import static dev.patchbay.web.GuardedServer.DENY;
import static dev.patchbay.web.GuardedServer.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.InvalidRequestException;
import dev.patchbay.PluginUse;
import dev.patchbay.Plugins;
import dev.patchbay.Provider;
import dev.patchbay.UnaskedPlugins;
import dev.patchbay.authz.AuthzChain;
import dev.patchbay.authz.AuthzOptions;
import dev.patchbay.syscall.RequiresRoot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
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
    @RequiresRoot
    void letsNobodyOutWhoIsNotRoot() throws Exception {
        server.plugin().on(REQUEST, DENY);
        // Everybody can connect, so that nothing but who it is stands in the way.
        Files.setPosixFilePermissions(server.socket(), PosixFilePermissions.fromString("rw-rw-rw-"));
        Files.setPosixFilePermissions(Objects.requireNonNull(server.socket().getParent()),
                PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(statusFor(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")))
                .isEqualTo("403");
        assertThat(server.noted()).isEmpty();
        assertThat(statusFor(List.of("setpriv", "--regid=65534", "--clear-groups"))).isEqualTo("200");
    }

    /** The status of an answer to somebody. */
    private String statusFor(List<String> somebody) throws IOException, InterruptedException {
        var command = new ArrayList<>(somebody);
        command.addAll(List.of("curl", "--silent", "--max-time", "20", "--output", "/dev/null",
                "--write-out", "%{http_code}", "--unix-socket", server.socket().toString(), "http://d/open"));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String status = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(process.waitFor()).isZero();
        return status;
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
    void letsRootAloneOutWhenItCannotBeToldWhomToAsk() throws Exception {
        var chain = some(AuthzChain.open(new UnaskedPlugins() {
            @Override
            public Flux<Provider> byCapability(String capability) {
                return Flux.error(new InvalidRequestException("there is no list today", null));
            }
        }, AuthzOptions.naming(List.of())));
        server.restart(server.routes(), config -> config.authorization(new Authorization(chain,
                Optional.of(details -> Mono.fromRunnable(() -> server.noted().add(details))))));
        assertThat(server.post(JSON + "Content-Length: 3\r\n", "[1]")).startsWith("HTTP/1.1 500 ")
                .contains("authorization plugins could not be asked: there is no list today");
        assertThat(server.handled()).isEmpty();
        assertThat(server.noted()).isEmpty();
        assertThat(server.get("/open")).startsWith("HTTP/1.1 200 ").endsWith("[\"open\"]\n");
        assertThat(server.noted()).singleElement()
                .satisfies(note -> assertThat(note).containsEntry("refusal",
                        "authorization plugins could not be asked: there is no list today"));
    }

    /** An engine in which a look-up fails from some time on, for a reason that is none of a plugin's. */
    private static final class FaultyPlugins extends UnaskedPlugins {
        private final Plugins real;
        private final AtomicInteger good;

        FaultyPlugins(Plugins real, int good) {
            this.real = real;
            this.good = new AtomicInteger(good);
        }

        @Override
        public Flux<Provider> byCapability(String capability) {
            return real.byCapability(capability);
        }

        @Override
        public Mono<PluginUse> lookUp(String nameOrId, String capability) {
            return Mono.defer(() -> good.getAndDecrement() > 0
                    ? real.lookUp(nameOrId, capability)
                    : Mono.error(new IllegalStateException("a fault of ours")));
        }
    }

    private void restartWithFault(int goodLookUps) {
        var chain = some(AuthzChain.open(new FaultyPlugins(server.world().plugins(), goodLookUps),
                AuthzOptions.naming(List.of())));
        server.restart(server.routes(), config -> config.authorization(new Authorization(chain,
                Optional.of(details -> Mono.fromRunnable(() -> server.noted().add(details))))));
    }

    @Test
    @RequiresRoot
    void letsRootAloneOutWhenAskingFailsForNoFaultOfAPlugin() throws Exception {
        restartWithFault(0);
        assertThat(server.post(JSON + "Content-Length: 3\r\n", "[1]")).startsWith("HTTP/1.1 500 ")
                .contains("authorization plugins could not be asked: ");
        assertThat(server.handled()).isEmpty();
        assertThat(server.get("/open")).startsWith("HTTP/1.1 200 ").endsWith("[\"open\"]\n");
        assertThat(server.noted()).hasSize(1);
    }

    @Test
    void withholdsAnAnswerWhenAskingFailsForNoFaultOfAPlugin() throws Exception {
        restartWithFault(1);
        assertThat(server.post(JSON + "Content-Length: 3\r\n", "[1]")).startsWith("HTTP/1.1 500 ")
                .contains("authorization plugins could not be asked: ")
                .contains("the request was carried out, but its answer is withheld");
        assertThat(server.handled()).containsExactly("[1]");
    }

    @Test
    @RequiresRoot
    void letsRootOutAlsoWhenTheEngineIsClosed() throws Exception {
        server.world().plugins().close().block(PATIENCE);
        assertThat(server.get("/json")).startsWith("HTTP/1.1 5")
                .contains("plugin authz:latest failed with error: AuthZPlugin.AuthZReq: ");
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
