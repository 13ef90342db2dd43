package dev.patchbay.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.function.Consumer;
import reactor.core.publisher.Flux;

/** A registry with one plugin in it, and an impatient client. */
final class RegistryWorld {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final String NAME = "some/plugin";
    static final byte[] MANIFEST = "{\"schemaVersion\":2}".getBytes(UTF_8);
    static final byte[] CONTENT = "0123456789abcdefghijklmnopqrstuv".getBytes(UTF_8);
    static final Credentials.Password USER = new Credentials.Password("user", "s3cret");
    static final int ATTEMPTS = 3;

    final FakeRegistryServer server = FakeRegistryServer.start();
    final HttpRegistry registry;
    final Digest manifest = server.putManifest(NAME, "1.0", MediaType.DOCKER_MANIFEST, MANIFEST);
    final Descriptor blob = new Descriptor("application/blob", server.putBlob(NAME, CONTENT), CONTENT.length);

    RegistryWorld() {
        this(_ -> {});
    }

    RegistryWorld(Consumer<RegistryConfig.Builder> changes) {
        registry = HttpRegistry.open(impatient(changes));
    }

    static RegistryConfig impatient(Consumer<RegistryConfig.Builder> changes) {
        return RegistryConfig.of(config -> {
            var moment = Duration.ofMillis(500);
            config.timeouts(new RegistryTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), moment, moment,
                    moment))
                    .retries(new RegistryRetries(ATTEMPTS, Duration.ofMillis(1), Duration.ofMillis(4),
                            Duration.ofSeconds(2)));
            changes.accept(config);
        });
    }

    Repository repository() {
        return repository(new Credentials.Anonymous());
    }

    Repository repository(Credentials credentials) {
        return registry.repository(server.reference(NAME), Registry.Action.PULL,
                new RegistryAccess(credentials, Map.of("X-Meta-Key", List.of("value"))));
    }

    Repository pushing(Credentials credentials) {
        return registry.repository(server.reference(NAME), Registry.Action.PUSH,
                new RegistryAccess(credentials, Map.of("X-Meta-Key", List.of("value"))));
    }

    RawManifest pull(Repository repository) {
        return Objects.requireNonNull(repository.manifest(server.reference(NAME + ":1.0")).block(PATIENCE));
    }

    byte[] fetch(Repository repository) {
        return bytes(repository.blob(blob));
    }

    static byte[] bytes(Flux<ByteBuffer> content) {
        var all = new ByteArrayOutputStream();
        content.doOnNext(chunk -> {
            byte[] part = new byte[chunk.remaining()];
            chunk.get(part);
            all.writeBytes(part);
        }).blockLast(PATIENCE);
        return all.toByteArray();
    }

    /** Requests of one kind, without the attempts at TLS that never become one. */
    List<Seen> requests(String which) {
        return server.requests().stream().filter(seen -> seen.toString().matches(which)).toList();
    }

    /** Ends all; fails if a connection stays open. */
    void close() throws InterruptedException {
        try {
            registry.close().block(PATIENCE);
            assertThat(server.isLeftAlone()).as("all connections are closed").isTrue();
        } finally {
            server.close();
        }
    }
}
