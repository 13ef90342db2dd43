package dev.patchbay.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.image.Descriptor;
import dev.patchbay.image.MediaType;
import dev.patchbay.image.RawManifest;
import dev.patchbay.reference.Digest;
import dev.patchbay.reference.Reference;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MirrorTest {
    private static final Reference NAME = Reference.parse("some/plugin:1.0");

    private final FakeRegistryServer mirror = FakeRegistryServer.start();
    private final FakeRegistryServer hub = FakeRegistryServer.start();
    private final HttpRegistry registry = HttpRegistry.open(RegistryWorld.impatient(config -> config
            .mirrors(List.of(URI.create(mirror.origin())))
            .hub(URI.create(hub.origin()))));

    @BeforeEach
    void fill() {
        hub.putManifest("some/plugin", "1.0", MediaType.DOCKER_MANIFEST, RegistryWorld.MANIFEST);
    }

    @AfterEach
    void close() {
        registry.close().block(RegistryWorld.PATIENCE);
        mirror.close();
        hub.close();
    }

    private RawManifest pull(HttpRegistry from) {
        var repository = from.repository(NAME, Registry.Action.PULL,
                new RegistryAccess(RegistryWorld.USER, Map.of("X-Meta-Key", List.of("value"))));
        return Objects.requireNonNull(repository.manifest(NAME).block(RegistryWorld.PATIENCE));
    }

    @Test
    void asksMirrorsFirstAndSaysForWhom() {
        mirror.putManifest("some/plugin", "1.0", MediaType.OCI_MANIFEST, RegistryWorld.MANIFEST);
        assertThat(pull(registry).mediaType()).isEqualTo(MediaType.OCI_MANIFEST);
        assertThat(mirror.requests().getLast().parameter("ns")).contains("docker.io");
        assertThat(hub.requests()).isEmpty();
    }

    @Test
    void fallsBackWhateverTheMirrorDoes() {
        for (Fault fault : List.of(Fault.none(), Fault.close(), Fault.status(500), Fault.garbage("?\r\n\r\n"),
                Fault.status(429, "Retry-After", "3600"), Fault.hang(),
                Fault.reply(right -> Reply.of(200)))) {
            mirror.behave();
            mirror.failAlways("GET ", fault);
            assertThat(pull(registry).mediaType()).isEqualTo(MediaType.DOCKER_MANIFEST);
        }
    }

    @Test
    void givesMirrorsNeitherCredentialsNorHeadersD27() {
        mirror.requireBasic("user", "s3cret");
        hub.requireBasic("user", "s3cret");
        assertThat(pull(registry).bytes()).isEqualTo(RegistryWorld.MANIFEST);
        assertThat(mirror.requests()).isNotEmpty().allSatisfy(seen -> {
            assertThat(seen.header("Authorization")).isEmpty();
            assertThat(seen.header("X-Meta-Key")).isEmpty();
        });
        mirror.requireToken("user", "s3cret");
        assertThat(pull(registry).bytes()).isEqualTo(RegistryWorld.MANIFEST);
        assertThat(mirror.requests().stream().filter(seen -> seen.uri().startsWith("/token"))).isNotEmpty()
                .allSatisfy(seen -> assertThat(seen.method() + seen.header("Authorization"))
                        .isEqualTo("GETOptional.empty"));
    }

    @Test
    void keepsTheMirrorsPathD27() {
        var below = HttpRegistry.open(RegistryWorld.impatient(config -> config
                .mirrors(List.of(URI.create(mirror.origin() + "/a/b/")))
                .hub(URI.create(hub.origin()))));
        try {
            pull(below);
        } finally {
            below.close().block(RegistryWorld.PATIENCE);
        }
        assertThat(mirror.requests().getFirst().path()).isEqualTo("/a/b/v2/some/plugin/manifests/1.0");
    }

    @Test
    void tellsTheHubsFailureWhenAllFailAlike() {
        hub.behave();
        hub.failAlways("GET ", Fault.status(404));
        assertThatThrownBy(() -> pull(registry)).isInstanceOf(RegistryException.NotFound.class)
                .hasMessageStartingWith("cannot fetch the manifest of some/plugin:1.0: " + hub.origin());
    }

    @Test
    void tellsOfOtherAnswersRatherThanOfMissingThings() {
        mirror.failAlways("GET ", Fault.close());
        hub.failAlways("GET ", Fault.status(404));
        assertThatThrownBy(() -> pull(registry)).isInstanceOf(RegistryException.NotFound.class);
        mirror.behave();
        mirror.failAlways("GET ", Fault.status(403));
        assertThatThrownBy(() -> pull(registry)).isInstanceOf(RegistryException.Denied.class);
    }

    @Test
    void asksFirstWhoHasServedBefore() {
        var repository = registry.repository(NAME, Registry.Action.PULL, RegistryAccess.ANONYMOUS);
        repository.manifest(NAME).block(RegistryWorld.PATIENCE);
        int asked = mirror.requests().size();
        repository.manifest(NAME).block(RegistryWorld.PATIENCE);
        assertThat(mirror.requests()).hasSize(asked);
    }
}
