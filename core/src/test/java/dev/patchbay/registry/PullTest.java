package dev.patchbay.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.image.Descriptor;
import dev.patchbay.image.MediaType;
import dev.patchbay.image.RawManifest;
import dev.patchbay.reference.Digest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PullTest {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final byte[] MANIFEST = "{\"schemaVersion\":2}".getBytes(UTF_8);

    private final FakeRegistryServer server = FakeRegistryServer.start();
    private final HttpRegistry registry = HttpRegistry.open(RegistryConfig.of(Quick::patience));

    @AfterEach
    void close() {
        registry.close().block(PATIENCE);
        server.close();
    }

    private Repository repository(Credentials credentials) {
        return registry.repository(server.reference("some/plugin"), Registry.Action.PULL,
                new RegistryAccess(credentials, Map.of("X-Meta-Key", List.of("value"))));
    }

    private Repository repository() {
        return repository(new Credentials.Anonymous());
    }

    private RawManifest pull(Repository repository) {
        return Objects
                .requireNonNull(repository.manifest(server.reference("some/plugin:1.0")).block(PATIENCE));
    }

    @Test
    void readsAManifestByTag() {
        Digest digest = server.putManifest("some/plugin", "1.0",
                MediaType.DOCKER_MANIFEST + "; charset=utf-8", MANIFEST);
        RawManifest manifest = pull(repository());
        assertThat(manifest.bytes()).isEqualTo(MANIFEST);
        assertThat(manifest.digest()).isEqualTo(digest);
        assertThat(manifest.mediaType()).isEqualTo(MediaType.DOCKER_MANIFEST);
    }

    @Test
    void readsABlob() {
        byte[] content = "x".repeat(3_000_000).getBytes(UTF_8);
        Digest digest = server.putBlob("some/plugin", content);
        assertThat(bytes(repository(), new Descriptor("a/b", digest, content.length))).isEqualTo(content);
    }

    @Test
    void provesWhoItIsWithAPassword() {
        server.putManifest("some/plugin", "1.0", MediaType.DOCKER_MANIFEST, MANIFEST);
        server.requireBasic("user", "secret");
        assertThat(pull(repository(new Credentials.Password("user", "secret"))).bytes()).isEqualTo(MANIFEST);
        assertThatThrownBy(() -> pull(repository(new Credentials.Password("user", "wrong-secret"))))
                .isInstanceOf(RegistryException.Denied.class)
                .hasMessageContaining(
                        "pull access denied, repository does not exist or may require authorization: ")
                .hasMessageContaining(server.host())
                .hasMessageNotContaining("wrong-secret");
        assertThatThrownBy(() -> pull(repository())).isInstanceOf(RegistryException.Denied.class);
    }

    @Test
    void provesWhoItIsWithAToken() {
        server.putManifest("some/plugin", "1.0", MediaType.DOCKER_MANIFEST, MANIFEST);
        server.requireToken("user", "secret");
        assertThat(pull(repository(new Credentials.Password("user", "secret"))).bytes()).isEqualTo(MANIFEST);
        assertThatThrownBy(() -> pull(repository(new Credentials.Password("user", "wrong-secret"))))
                .isInstanceOf(RegistryException.Denied.class)
                .hasMessageContaining("incorrect username or password");
        server.requireToken("", "");
        assertThat(pull(repository()).bytes()).isEqualTo(MANIFEST);
    }

    @Test
    void saysThatThereIsNoManifest() {
        assertThatThrownBy(() -> pull(repository()))
                .isInstanceOf(RegistryException.NotFound.class)
                .hasMessageContaining(
                        "http://" + server.host() + " does not have it: manifest_unknown: manifest unknown");
    }

    static byte[] bytes(Repository repository, Descriptor blob) {
        var all = new ByteArrayOutputStream();
        for (ByteBuffer chunk : repository.blob(blob).toIterable()) {
            byte[] part = new byte[chunk.remaining()];
            chunk.get(part);
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
