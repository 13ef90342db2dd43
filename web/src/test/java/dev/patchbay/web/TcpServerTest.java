package dev.patchbay.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.authz.AuthzChain;
import dev.patchbay.authz.AuthzOptions;
import dev.patchbay.authz.AuthzWorld;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class TcpServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final Route WHO = Route.get(PathPattern.of("/who"),
            exchange -> Mono.just(Json.reply(200, List.of(exchange.caller().transport().name()))));

    @TempDir
    private Path folder;

    @Test
    void servesLoopbackAndTellsTheRealPort() throws Exception {
        PluginServer server = bind(new ListenAddress.Tcp("127.0.0.1", 0, Optional.empty()), _ -> {});
        try {
            assertThat(port(server)).isPositive();
            assertThat(get(server, "Host: 127.0.0.1:" + port(server))).endsWith("[\"TCP\"]\n");
        } finally {
            server.close().block(PATIENCE);
        }
    }

    @Test
    void refusesAForeignHost() throws Exception {
        PluginServer server = bind(new ListenAddress.Tcp("127.0.0.1", 0, Optional.empty()), _ -> {});
        try {
            assertThat(get(server, "Host: evil.example")).startsWith("HTTP/1.1 403 ")
                    .contains("does not name this server");
        } finally {
            server.close().block(PATIENCE);
        }
    }

    @Test
    void wantsATokenOnTcpIfThereAreSome() throws Exception {
        var tokens = new Tokens(List.of("0123456789abcdef", "secret-of-the-second"));
        PluginServer server = bind(new ListenAddress.Tcp("127.0.0.1", 0, Optional.empty()),
                builder -> builder.tokens(tokens));
        try {
            String host = "Host: localhost\r\n";
            for (String none : List.of("", "Authorization: Bearer wrong\r\n",
                    "Authorization: Basic 0123456789abcdef\r\n",
                    "Sec-WebSocket-Protocol: patchbay.token.!\r\n")) {
                assertThat(get(server, (host + none).strip())).startsWith("HTTP/1.1 401 ")
                        .containsIgnoringCase("www-authenticate: Bearer")
                        .contains("{\"message\":\"a token is needed here");
            }
            assertThat(get(server, host + "Authorization: bearer secret-of-the-second"))
                    .endsWith("[\"TCP\"]\n");
            String offer = Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString("0123456789abcdef".getBytes(
                            StandardCharsets.US_ASCII));
            assertThat(get(server, host + "Sec-WebSocket-Protocol: x, patchbay.token." + offer))
                    .endsWith("[\"TCP\"]\n");
            tokens.replace(List.of("another-one-by-now"));
            assertThat(get(server, host + "Authorization: Bearer 0123456789abcdef"))
                    .startsWith("HTTP/1.1 401 ");
            assertThat(get(server, host + "Authorization: Bearer another-one-by-now"))
                    .endsWith("[\"TCP\"]\n");
        } finally {
            server.close().block(PATIENCE);
        }
    }

    @Test
    void refusesToListenBeyondLoopbackWithoutCertificates() {
        assertThatThrownBy(() -> bind(new ListenAddress.Tcp("0.0.0.0", 0, Optional.empty()), _ -> {}))
                .cause()
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on tcp://0.0.0.0:0")
                .hasMessageContaining("without mutual TLS");
    }

    @Test
    void listensAnywhereIfTheRiskIsTaken() {
        PluginServer server = bind(new ListenAddress.Tcp("0.0.0.0", 0, Optional.empty()),
                builder -> builder.plainTcp(ServerConfig.PlainTcp.EVERYWHERE_AT_OWN_RISK));
        assertThat(port(server)).isPositive();
        server.close().block(PATIENCE);
    }

    @Test
    void namesTheAddressThatIsTaken() {
        PluginServer server = bind(new ListenAddress.Tcp("127.0.0.1", 0, Optional.empty()), _ -> {});
        try {
            int taken = port(server);
            assertThatThrownBy(
                    () -> bind(new ListenAddress.Tcp("127.0.0.1", taken, Optional.empty()), _ -> {}))
                    .hasMessageEndingWith("tcp://127.0.0.1:" + taken + ": Address already in use");
        } finally {
            server.close().block(PATIENCE);
        }
    }

    @Test
    void admitsOnlyClientsWithACertificateOfItsAuthority() throws Exception {
        TlsFiles own = certificate("server", "server");
        TlsFiles client = certificate("client", "client");
        var files = new TlsFiles(client.certificate(), own.certificate(), own.key());
        PluginServer server = bind(new ListenAddress.Tcp("127.0.0.1", 0, Optional.of(files)), _ -> {});
        try {
            SslContext known = trusting(own).keyManager(client.certificate().toFile(), client.key().toFile())
                    .build();
            assertThat(ask(server, known)).endsWith("[\"MUTUAL_TLS\"]\n");
            SslContext anonymous = trusting(own).build();
            assertThatThrownBy(() -> ask(server, anonymous)).isInstanceOf(IOException.class);
            TlsFiles stranger = certificate("stranger", "client");
            SslContext unknown = trusting(own)
                    .keyManager(stranger.certificate().toFile(), stranger.key().toFile())
                    .build();
            assertThatThrownBy(() -> ask(server, unknown)).isInstanceOf(IOException.class);
        } finally {
            server.close().block(PATIENCE);
        }
    }

    @Test
    void tellsAuthorizationPluginsWhoseCertificateItIs() throws Exception {
        TlsFiles own = certificate("server", "server");
        TlsFiles client = certificate("client", "bob, OU=ops");
        var files = new TlsFiles(client.certificate(), own.certificate(), own.key());
        try (var world = new AuthzWorld()) {
            var plugin = world.enabled("authz");
            var chain = AuthzWorld.some(AuthzChain.open(world.plugins(), AuthzOptions.naming(List.of())));
            PluginServer server = bind(new ListenAddress.Tcp("127.0.0.1", 0, Optional.of(files)),
                    config -> config.authorization(new Authorization(chain, Optional.empty())));
            try {
                SslContext known = trusting(own)
                        .keyManager(client.certificate().toFile(), client.key().toFile())
                        .build();
                assertThat(ask(server, known)).endsWith("[\"MUTUAL_TLS\"]\n");
            } finally {
                server.close().block(PATIENCE);
            }
            assertThat(plugin.received()).hasSize(2).allSatisfy(request -> {
                JsonNode told = Json.mapper().readTree(request.body());
                assertThat(told.path("User").asString()).isEqualTo("bob");
                assertThat(told.path("UserAuthNMethod").asString()).isEqualTo("TLS");
                String pem = told.path("RequestPeerCertificates").path(0).asString();
                assertThat(new String(Base64.getDecoder().decode(pem), StandardCharsets.US_ASCII))
                        .isEqualTo(Files.readString(client.certificate()));
            });
        }
    }

    @Test
    void namesCertificatesThatCannotBeUsed() throws Exception {
        Path junk = Files.writeString(folder.resolve("junk"), "no certificate");
        var files = new TlsFiles(junk, junk, junk);
        assertThatThrownBy(() -> bind(new ListenAddress.Tcp("127.0.0.1", 0, Optional.of(files)), _ -> {}))
                .cause()
                .isInstanceOf(IOException.class)
                .hasMessageContaining(junk.toString());
    }

    private static SslContextBuilder trusting(TlsFiles server) {
        return SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .trustManager(server.certificate().toFile());
    }

    /** By the JDK's own client: what matters is what the server lets through. */
    private static String ask(PluginServer server, SslContext context) throws IOException {
        SSLContext jdk = ((JdkSslContext) context).context();
        try (var socket = jdk.getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), port(server))) {
            socket.getOutputStream()
                    .write("GET /who HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A certificate that vouches for itself, made by the JDK's own tool. */
    private TlsFiles certificate(String name, String subject) throws Exception {
        Path store = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", "a", "-keyalg", "EC", "-dname", "CN=" + subject, "-ext",
                "san=dns:localhost,ip:127.0.0.1", "-keystore", store.toString(), "-storepass",
                new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
        Path certificate = pem(name + ".crt", "CERTIFICATE", keys.getCertificate("a").getEncoded());
        Path key = pem(name + ".key", "PRIVATE KEY", keys.getKey("a", PASSWORD).getEncoded());
        return new TlsFiles(certificate, certificate, key);
    }

    private Path pem(String file, String kind, byte[] content) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(content);
        return Files.writeString(folder.resolve(file),
                "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n");
    }

    private static PluginServer bind(ListenAddress.Tcp address, Consumer<ServerConfig.Builder> changes) {
        return TestServer.bind(ServerConfig.of(List.of(address), changes), List.of(WHO));
    }

    private static int port(PluginServer server) {
        return switch (server.addresses().getFirst()) {
            case ListenAddress.Tcp tcp -> tcp.port();
            case ListenAddress.Unix _ -> throw new AssertionError("not TCP");
        };
    }

    private static String get(PluginServer server, String host) throws IOException {
        try (var client = RawClient
                .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port(server)))) {
            return client.send("GET /who HTTP/1.1\r\nConnection: close\r\n" + host + "\r\n\r\n").readAll();
        }
    }
}
