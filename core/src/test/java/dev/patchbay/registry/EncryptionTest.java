package dev.patchbay.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.image.MediaType;
import dev.patchbay.reference.Reference;
import dev.patchbay.testing.TestCertificates;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.resolver.InetSocketAddressResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** Who must prove who they are. Behind every name there is the fake registry, but no name is known as this machine's. */
@Timeout(60)
class EncryptionTest {
    private static final String HOST = "registry.example";
    private static final List<TestCertificates> MADE = new ArrayList<>();

    @TempDir
    private Path folder;
    private final TestCertificates own = MADE.getFirst();
    private final TestCertificates foreign = MADE.getLast();
    private FakeRegistryServer server = FakeRegistryServer.start();

    @BeforeAll
    static void makeCertificates(@TempDir Path made) throws Exception {
        MADE.add(TestCertificates.make(made, HOST));
        MADE.add(TestCertificates.make(made, "client.example"));
    }

    @AfterAll
    static void forgetCertificates() {
        MADE.clear();
    }

    @BeforeEach
    void start() throws Exception {
        server.close();
        server = FakeRegistryServer.start(context(ClientAuth.NONE));
        server.putManifest("a/b", "1.0", MediaType.DOCKER_MANIFEST, RegistryWorld.MANIFEST);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private SslContext context(ClientAuth clients) throws Exception {
        return SslContextBuilder.forServer(own.certificate().toFile(), own.key().toFile())
                .trustManager(foreign.certificate().toFile())
                .clientAuth(clients)
                .build();
    }

    private byte[] pull(String host, List<String> insecure) {
        var registry = HttpRegistry.open(
                RegistryWorld.impatient(config -> config.certificates(folder).insecure(insecure)),
                EncryptionTest::everythingHere);
        try {
            var name = Reference.parse(host + ":" + server.port() + "/a/b:1.0");
            var manifest = registry.repository(name, Registry.Action.PULL, RegistryAccess.ANONYMOUS)
                    .manifest(name);
            return Objects.requireNonNull(manifest.block(RegistryWorld.PATIENCE)).bytes();
        } finally {
            registry.close().block(RegistryWorld.PATIENCE);
        }
    }

    /** All names lead here, though DNS says so only of some. */
    private static Sockets everythingHere() {
        var real = Sockets.open();
        return new Sockets(real.loops(), new Loopback(), host -> Mono.fromCallable(
                () -> List.of(host.startsWith("forged.")
                        ? InetAddress.getLoopbackAddress()
                        : InetAddress.getByAddress(new byte[]{(byte) 192, 0, 2, 1}))));
    }

    private void trust(String name, Path file) throws Exception {
        Path certificates = Files.createDirectories(folder.resolve(HOST + ":" + server.port()));
        Files.copy(file, certificates.resolve(name));
    }

    @Test
    void refusesACertificateThatNobodyVouchesFor() {
        assertThatThrownBy(() -> pull(HOST, List.of())).isInstanceOf(RegistryException.Unavailable.class)
                .hasMessageContaining("https://" + HOST + ":" + server.port()
                        + " has a certificate that is not to be trusted");
    }

    @Test
    void trustsTheAuthoritiesInTheRegistrysFolder() throws Exception {
        trust("ca.crt", own.certificate());
        assertThat(pull(HOST, List.of())).isEqualTo(RegistryWorld.MANIFEST);
    }

    @Test
    void refusesACertificateForAnotherName() throws Exception {
        Path certificates = Files.createDirectories(folder.resolve("other.example:" + server.port()));
        Files.copy(own.certificate(), certificates.resolve("ca.crt"));
        assertThatThrownBy(() -> pull("other.example", List.of()))
                .isInstanceOf(RegistryException.Unavailable.class)
                .hasMessageContaining("not to be trusted");
    }

    @Test
    void takesAnyCertificateOfAnInsecureRegistry() {
        assertThat(pull(HOST, List.of(HOST + ":" + server.port()))).isEqualTo(RegistryWorld.MANIFEST);
        assertThat(pull("other.example", List.of("192.0.2.0/24"))).isEqualTo(RegistryWorld.MANIFEST);
    }

    @Test
    void neverFallsBackToPlainHttpForOthers() {
        server.close();
        server = FakeRegistryServer.start();
        assertThatThrownBy(() -> pull(HOST, List.of("192.0.3.0/24")))
                .isInstanceOf(RegistryException.Unavailable.class)
                .hasMessageContaining("does not speak TLS");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void showsItsCertificateWithKeysOfBothForms() throws Exception {
        for (Path key : List.of(foreign.key(), foreign.oldStyleKey())) {
            server.close();
            server = FakeRegistryServer.start(context(ClientAuth.REQUIRE));
            server.putManifest("a/b", "1.0", MediaType.DOCKER_MANIFEST, RegistryWorld.MANIFEST);
            trust("ca.crt", own.certificate());
            assertThatThrownBy(() -> pull(HOST, List.of())).isInstanceOf(RegistryException.Unavailable.class);
            trust("client.cert", foreign.certificate());
            trust("client.key", key);
            assertThat(pull(HOST, List.of())).isEqualTo(RegistryWorld.MANIFEST);
        }
    }

    @Test
    void saysThatAKeyIsMissing() throws Exception {
        trust("client.cert", foreign.certificate());
        assertThatThrownBy(() -> pull(HOST, List.of())).isInstanceOf(RegistryException.Unavailable.class)
                .hasMessageContaining("client.cert has no client.key beside it");
    }

    @Test
    void doesNotFollowARedirectFromTlsToPlainHttp() throws Exception {
        trust("ca.crt", own.certificate());
        server.failAlways("GET ", Fault.redirect("http://plain.example/x"));
        assertThatThrownBy(() -> pull(HOST, List.of())).isInstanceOf(RegistryException.Broken.class)
                .hasMessageContaining("leads to http://plain.example, which is not encrypted");
    }

    @Test
    void believesNoDnsThatTakesEncryptionAway() throws Exception {
        trust("ca.crt", own.certificate());
        server.fail("GET ", Fault.redirect("http://forged.example/x"));
        assertThatThrownBy(() -> pull(HOST, List.of())).isInstanceOf(RegistryException.Broken.class)
                .hasMessageContaining("leads to http://forged.example, which is not encrypted");
        server.fail("GET ", Fault.status(401, "WWW-Authenticate",
                "Bearer realm=\"http://forged.example/token\""));
        assertThatThrownBy(() -> pull(HOST, List.of())).isInstanceOf(RegistryException.Broken.class)
                .hasMessageContaining("http://forged.example, which is not encrypted");
    }

    @Test
    void asksEachOfTwoMirrorsOnOneHost() {
        var plain = FakeRegistryServer.start();
        var registry = HttpRegistry.open(RegistryWorld.impatient(config -> config
                .mirrors(List.of(URI.create(plain.origin()), URI.create(server.origin())))
                .hub(URI.create(plain.origin()))));
        try {
            var name = Reference.parse("a/b:1.0");
            var repository = registry.repository(name, Registry.Action.PULL, RegistryAccess.ANONYMOUS);
            assertThat(
                    Objects.requireNonNull(repository.manifest(name).block(RegistryWorld.PATIENCE)).bytes())
                    .isEqualTo(RegistryWorld.MANIFEST);
        } finally {
            registry.close().block(RegistryWorld.PATIENCE);
            plain.close();
        }
    }

    @Test
    void saysThatAKeyIsNotWhole() throws Exception {
        trust("client.cert", foreign.certificate());
        Files.writeString(folder.resolve(HOST + ":" + server.port()).resolve("client.key"),
                "-----BEGIN PRIVATE KEY-----\nA\n-----END PRIVATE KEY-----\n");
        assertThatThrownBy(() -> pull(HOST, List.of())).isInstanceOf(RegistryException.Unavailable.class)
                .hasMessageContaining("a key is not whole");
    }

    /** Every name leads here. */
    private static final class Loopback extends AddressResolverGroup<InetSocketAddress> {
        @Override
        protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
            return new InetSocketAddressResolver(executor, new InetNameResolver(executor) {
                @Override
                protected void doResolve(String name, Promise<InetAddress> promise) {
                    promise.setSuccess(InetAddress.getLoopbackAddress());
                }

                @Override
                protected void doResolveAll(String name, Promise<List<InetAddress>> promise) {
                    promise.setSuccess(List.of(InetAddress.getLoopbackAddress()));
                }
            });
        }
    }
}
