package dev.patchbay.legacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.patchbay.LegacyPlugin.State;
import dev.patchbay.PluginAddress;
import dev.patchbay.PluginCall;
import dev.patchbay.PluginUnavailableException;
import dev.patchbay.pem.PemFile;
import dev.patchbay.testing.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins that listen on a port, plain and with TLS; which covers the client's connections of that kind. */
class LegacyTlsTest {
    @TempDir
    private static Path made;
    private static final List<TestCertificates> MADE = new ArrayList<>();

    private final LegacyWorld world;
    private final List<HttpServer> servers = new ArrayList<>();
    private final List<ServerSocket> listeners = new ArrayList<>();
    private final List<String> clients = new CopyOnWriteArrayList<>();
    private final TestCertificates own = MADE.get(0);
    private final TestCertificates client = MADE.get(1);
    private final TestCertificates elsewhere = MADE.get(2);

    LegacyTlsTest() throws IOException {
        world = new LegacyWorld();
    }

    @BeforeAll
    static void makeCertificates() throws Exception {
        MADE.add(TestCertificates.make(made, "localhost"));
        MADE.add(TestCertificates.make(made, "client.example"));
        MADE.add(TestCertificates.make(made, "elsewhere.example"));
    }

    @AfterEach
    void close() throws IOException {
        world.close();
        servers.forEach(server -> server.stop(0));
        for (ServerSocket listener : listeners) {
            listener.close();
        }
    }

    private int plain() throws IOException {
        return serving(HttpServer.create(loopback(), 0));
    }

    /** Says in the clear that it does not understand, whatever it is told. */
    private int speakingPlainly() throws IOException {
        var listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        listeners.add(listener);
        var _ = Thread.ofVirtual().start(() -> {
            while (!listener.isClosed()) {
                try (Socket connection = listener.accept()) {
                    connection.getOutputStream()
                            .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException _) {
                    // The client is gone, or the test over.
                }
            }
        });
        return listener.getLocalPort();
    }

    private int tls(TestCertificates certificate) throws Exception {
        HttpsServer server = HttpsServer.create(loopback(), 0);
        var store = PemFile.emptyStore();
        new PemFile(certificate.certificate()).addTo(store, new PemFile(certificate.key()));
        var context = SSLContext.getInstance("TLS");
        context.init(PemFile.keyManagers(store).getKeyManagers(),
                PemFile.trusting(new PemFile(client.certificate()).certificates()).getTrustManagers(),
                new SecureRandom());
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = context.getDefaultSSLParameters();
                wanted.setWantClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        return serving(server);
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private int serving(HttpServer server) {
        server.createContext("/", this::answer);
        server.start();
        servers.add(server);
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (exchange instanceof HttpsExchange secure) {
                clients.add(secure.getSSLSession().getProtocol() + " " + shown(secure));
            }
            exchange.getRequestBody().readAllBytes();
            byte[] answer = (exchange.getRequestURI().getPath().equals("/Plugin.Activate")
                    ? "{\"Implements\":[\"VolumeDriver\"]}"
                    : "{\"Name\":\"" + exchange.getRequestHeaders().getFirst("Host") + "\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private static String shown(HttpsExchange exchange) {
        try {
            return exchange.getSSLSession().getPeerPrincipal().getName();
        } catch (SSLPeerUnverifiedException _) {
            return "nobody";
        }
    }

    /** What a method answers. */
    record Named(String name) {}

    private String asked(String plugin) {
        return world.lookUp(plugin)
                .client()
                .call(PluginCall.of("VolumeDriver.Get", Named.class))
                .blockOptional(LegacyWorld.PATIENCE)
                .orElseThrow()
                .name();
    }

    private String json(int port, String tls) {
        return "{\"Name\":\"ignored\",\"Addr\":\"https://localhost:" + port + "\",\"TLSConfig\":{"
                + tls.replace('\'', '"') + "}}";
    }

    private void write(String name, String text) throws IOException {
        LegacyWorld.write(world.etc().resolve(name), text);
    }

    @Test
    void callsAPluginOnAPort() throws Exception {
        int port = plain();
        write("plain.spec", "tcp://localhost:" + port);
        write("also.spec", "http://127.0.0.1:" + port + "/with/a/path");
        world.begun();
        world.awaitActive("plain");
        assertThat(asked("plain")).isEqualTo("localhost:" + port);
        assertThat(asked("also")).isEqualTo("127.0.0.1:" + port);
        assertThat(world.lookUp("plain")
                .client()
                .stream(PluginCall.of("VolumeDriver.Get"))
                .collectList()
                .blockOptional(LegacyWorld.PATIENCE)
                .orElseThrow()).isNotEmpty();
    }

    @Test
    void callsAPluginThatProvesWhoItIsAndShowsItWhoCalls() throws Exception {
        int port = tls(own);
        write("secure.json", json(port, "'CAFile':'%s','CertFile':'%s','KeyFile':'%s'".formatted(
                own.certificate(), client.certificate(), client.key())));
        world.begun();
        var found = world.awaitActive("secure");
        assertThat(found.address().orElseThrow()).hasToString("https://localhost:" + port)
                .isInstanceOf(PluginAddress.Tcp.class);
        assertThat(asked("secure")).isEqualTo("localhost:" + port);
        assertThat(clients).allMatch("TLSv1.3 CN=client.example"::equals).hasSizeGreaterThan(1);
    }

    @Test
    void asksForNoProofIfToldSoOrIfThereIsNoAuthority() throws Exception {
        int port = tls(elsewhere);
        write("told.json", json(port, "'InsecureSkipVerify':true"));
        write("without.json", json(port, ""));
        world.begun();
        assertThat(asked("told")).isEqualTo("localhost:" + port);
        assertThat(asked("without")).isEqualTo("localhost:" + port);
        assertThat(clients).contains("TLSv1.3 nobody");
        assertThat(world.legacy.notices()).as("who said so need not be told")
                .singleElement()
                .asString()
                .contains("without.json", "without CAFile", "nobody");
    }

    @Test
    void believesNobodyWhomTheAuthorityDoesNotKnowOrWhoHasAnotherName() throws Exception {
        int port = tls(own);
        int other = tls(elsewhere);
        write("unknown.json", json(port, "'CAFile':'%s'".formatted(elsewhere.certificate())));
        write("misnamed.json", json(other, "'CAFile':'%s'".formatted(elsewhere.certificate())));
        write("system.spec", "https://localhost:" + port);
        world.begun();
        for (String name : List.of("unknown", "misnamed", "system")) {
            assertThatThrownBy(() -> world.lookUp(name)).as(name)
                    .isInstanceOf(PluginUnavailableException.class)
                    .hasMessageContaining("Plugin.Activate")
                    .hasMessageContaining("TLS fails");
        }
        assertThat(clients).as("nothing was said to any").isEmpty();
    }

    @Test
    void speaksTlsToAPortIfThereIsATlsConfig() throws Exception {
        int secure = tls(own);
        int open = speakingPlainly();
        String config = "\",\"TLSConfig\":{\"CAFile\":\"" + own.certificate() + "\"}}";
        write("secure.json", "{\"Addr\":\"tcp://localhost:" + secure + config);
        write("open.json", "{\"Addr\":\"tcp://localhost:" + open + config);
        world.begun();
        assertThat(asked("secure")).isEqualTo("localhost:" + secure);
        assertThatThrownBy(() -> world.lookUp("open")).isInstanceOf(PluginUnavailableException.class);
    }

    @Test
    void saysWhichCertificateCannotBeUsed() throws Exception {
        write("absent.json", json(1, "'CAFile':'%s'".formatted(made.resolve("nothing.pem"))));
        write("garbage.json", json(1, "'CAFile':'%s'".formatted(own.key())));
        write("keyless.json", json(1, "'CertFile':'%s','KeyFile':'%s'".formatted(own.certificate(),
                own.certificate())));
        world.begun();
        for (String name : List.of("absent", "garbage", "keyless")) {
            var plugin = world.await(name, it -> it.state() instanceof State.Unusable);
            assertThat(plugin.lastError().orElseThrow()).contains(name + ".json cannot be used: ");
        }
        assertThat(world.find("absent").orElseThrow().lastError().orElseThrow()).contains("nothing.pem");
    }

    @Test
    void takesACertificateThatWasRenewed() throws Exception {
        int port = tls(own);
        Path authority = Files.copy(elsewhere.certificate(), world.root.resolve("ca.pem"));
        write("renewed.json", json(port, "'CAFile':'%s'".formatted(authority)));
        world.begun();
        world.await("renewed", plugin -> plugin.state() instanceof State.Failing);
        Files.copy(own.certificate(), world.root.resolve("new.pem"));
        Files.move(world.root.resolve("new.pem"), authority, StandardCopyOption.ATOMIC_MOVE);
        world.awaitActive("renewed");
    }

    @Test
    void noticesACertificateWhoseFolderComesLater() throws Exception {
        int port = tls(own);
        Path authority = world.root.resolve("certs/of/it/ca.pem");
        write("early.json", json(port, "'CAFile':'%s'".formatted(authority)));
        world.begun();
        world.await("early", plugin -> plugin.state() instanceof State.Unusable);
        Files.createDirectories(authority.getParent());
        Files.copy(own.certificate(), authority);
        world.awaitActive("early");
    }

    @Test
    void noticesThatALinkOnTheWayToACertificateIsExchanged() throws Exception {
        int port = tls(own);
        Path folder = Files.createDirectories(world.root.resolve("secret"));
        Files.copy(elsewhere.certificate(), Files.createDirectory(folder.resolve("..1")).resolve("ca.pem"));
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..1"));
        Files.createSymbolicLink(folder.resolve("ca.pem"), Path.of("..data/ca.pem"));
        write("linked.json", json(port, "'CAFile':'%s'".formatted(folder.resolve("ca.pem"))));
        world.begun();
        world.await("linked", plugin -> plugin.state() instanceof State.Failing);

        Files.copy(own.certificate(), Files.createDirectory(folder.resolve("..2")).resolve("ca.pem"));
        Files.createSymbolicLink(folder.resolve("..new"), Path.of("..2"));
        Files.move(folder.resolve("..new"), folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        world.awaitActive("linked");
    }
}
