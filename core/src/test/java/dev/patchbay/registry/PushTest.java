package dev.patchbay.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.image.Descriptor;
import dev.patchbay.image.MediaType;
import dev.patchbay.image.RawManifest;
import dev.patchbay.reference.Digest;
import dev.patchbay.reference.Reference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

@Timeout(60)
class PushTest {
    private static final int SIZE = 3_000_000;
    private static final int CHUNK = 10_000;

    private final RegistryWorld world = new RegistryWorld();
    private final byte[] content = new byte[SIZE];
    private final List<Long> sent = Collections.synchronizedList(new ArrayList<>());
    private final Descriptor blob;

    PushTest() {
        new Random(5).nextBytes(content);
        blob = new Descriptor("application/blob", Digest.sha256(content), content.length);
    }

    @AfterEach
    void close() throws InterruptedException {
        world.close();
    }

    private Flux<ByteBuffer> chunks() {
        return Flux.range(0, SIZE / CHUNK).map(i -> ByteBuffer.wrap(content, i * CHUNK, CHUNK).slice());
    }

    private Repository.Upload upload(Repository to, Descriptor what, Optional<Reference> from) {
        return Objects
                .requireNonNull(to.upload(what, chunks(), from, sent::add).block(RegistryWorld.PATIENCE));
    }

    private Repository.Upload upload() {
        return upload(world.pushing(RegistryWorld.USER), blob, Optional.empty());
    }

    private void assertArrived() {
        assertThat(world.server.blob(RegistryWorld.NAME, blob.digest())).hasValueSatisfying(
                bytes -> assertThat(bytes).isEqualTo(content));
    }

    @Test
    void sendsABlobInOnePiece() {
        world.server.requireToken("user", "s3cret");
        assertThat(upload()).isEqualTo(Repository.Upload.SENT);
        assertArrived();
        assertThat(world.requests("(PUT|PATCH) .*")).singleElement().satisfies(put -> {
            assertThat(put.header("Content-Length")).contains(Integer.toString(SIZE));
            assertThat(put.uri()).contains("?state=0&digest=" + blob.digest());
            assertThat(put.header("X-Meta-Key")).contains("value");
        });
    }

    @Test
    void tellsHowMuchHasReallyBeenSentD25() {
        upload();
        assertThat(sent).isSorted().endsWith((long) SIZE).hasSizeGreaterThan(10);
        assertThat(sent.getFirst()).isLessThan(SIZE);
    }

    @Test
    void sendsNothingThatIsThere() {
        world.server.putBlob(RegistryWorld.NAME, content);
        assertThat(upload()).isEqualTo(Repository.Upload.EXISTED);
        assertThat(world.requests("(POST|PUT|PATCH) .*")).isEmpty();
    }

    @Test
    void takesABlobOverFromAnotherRepository() {
        world.server.putBlob("other/source", content);
        world.server.requireToken("user", "s3cret");
        var source = Optional.of(world.server.reference("other/source"));
        assertThat(upload(world.pushing(RegistryWorld.USER), blob, source))
                .isEqualTo(Repository.Upload.MOUNTED);
        assertArrived();
        assertThat(world.requests("POST /token"))
                .anySatisfy(asked -> assertThat(new String(asked.body(), UTF_8))
                        .contains("repository%3Aother%2Fsource%3Apull"));
    }

    @Test
    void sendsWhatCannotBeTakenOver() {
        var source = Optional.of(world.server.reference("other/source"));
        assertThat(upload(world.pushing(RegistryWorld.USER), blob, source)).isEqualTo(Repository.Upload.SENT);
        assertArrived();
        var elsewhere = Optional.of(Reference.parse("example.com/other/source"));
        world.server.behave();
        assertThat(upload(world.pushing(RegistryWorld.USER), blob, elsewhere))
                .isEqualTo(Repository.Upload.EXISTED);
        assertThat(world.requests("POST .*mount=.*")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 1000, 1_000_000, SIZE - 1, SIZE})
    void goesOnWhereTheConnectionBroke(int bytes) {
        world.server.breakUploads(1, bytes);
        assertThat(upload()).isEqualTo(Repository.Upload.SENT);
        assertArrived();
        assertThat(sent).endsWith((long) SIZE);
    }

    @Test
    void asksOnlyForTheRestWhenTheConnectionBroke() {
        world.server.breakUploads(1, 1_000_000);
        upload();
        assertThat(world.requests("PATCH .*")).singleElement()
                .satisfies(
                        patch -> assertThat(patch.header("Content-Range")).contains("1000000-" + (SIZE - 1)));
    }

    @Test
    void givesUpWhenEachConnectionBreaks() {
        world.server.breakUploads(100, 0);
        assertThatThrownBy(this::upload).isInstanceOf(RegistryException.Unavailable.class)
                .hasMessageStartingWith("cannot send " + blob.digest() + " to ");
    }

    @Test
    void sendsPiecesToARegistryThatFindsTheWholeTooLarge() {
        world.server.fail("PUT .*uploads", Fault.status(413));
        assertThat(upload()).isEqualTo(Repository.Upload.SENT);
        assertArrived();
        assertThat(world.requests("PATCH .*")).isNotEmpty();
    }

    @Test
    void sendsPiecesIfItIsToldTo() {
        var registry = HttpRegistry
                .open(RegistryWorld.impatient(config -> config.uploadChunkBytes(1_000_001)));
        try {
            var repository = registry.repository(world.server.reference(RegistryWorld.NAME),
                    Registry.Action.PUSH,
                    RegistryAccess.ANONYMOUS);
            assertThat(upload(repository, blob, Optional.empty())).isEqualTo(Repository.Upload.SENT);
        } finally {
            registry.close().block(RegistryWorld.PATIENCE);
        }
        assertArrived();
        assertThat(world.requests("PATCH .*")).extracting(patch -> patch.header("Content-Range").orElse(""))
                .containsExactly("0-1000000", "1000001-2000001", "2000002-2999999");
    }

    @Test
    void beginsAgainWhenTheRegistryHasLostTheUpload() {
        world.server.fail("PUT .*uploads", Fault.status(404));
        assertThat(upload()).isEqualTo(Repository.Upload.SENT);
        assertArrived();
    }

    @Test
    void showsCredentialsToNoOtherHostThatTakesTheBlob() throws InterruptedException {
        var other = FakeRegistryServer.start();
        try {
            other.failAlways("PUT ", Fault.reply(_ -> Reply.of(201)));
            world.server.requireBasic("user", "s3cret");
            world.server.fail("POST ",
                    Fault.reply(_ -> Reply.of(202).with("Location", other.origin() + "/up?a=b")));
            assertThat(upload()).isEqualTo(Repository.Upload.SENT);
            assertThat(other.requests()).singleElement().satisfies(put -> {
                assertThat(put.uri()).isEqualTo("/up?a=b&digest=" + blob.digest());
                assertThat(put.header("Authorization")).isEmpty();
                assertThat(put.header("X-Meta-Key")).isEmpty();
                assertThat(put.body()).isEqualTo(content);
            });
        } finally {
            other.close();
        }
    }

    @Test
    void doesNotBelieveARegistryThatGotSomethingElse() {
        world.server.fail("PUT .*uploads",
                Fault.reply(right -> right.with("Docker-Content-Digest", "sha256:" + "0".repeat(64))));
        assertThatThrownBy(this::upload).isInstanceOf(RegistryException.Broken.class)
                .hasMessageContaining("says it has");
        world.server.fail("PUT .*uploads", Fault.reply(right -> right.without("Docker-Content-Digest")));
    }

    @Test
    void saysThatContentIsTooShort() {
        var longer = new Descriptor("a/b", blob.digest(), SIZE + 5);
        assertThatThrownBy(() -> upload(world.pushing(RegistryWorld.USER), longer, Optional.empty()))
                .isInstanceOf(RegistryException.Broken.class)
                .hasMessageContaining("5 bytes are missing at its end");
    }

    @Test
    void tellsTheFailureOfContentAsItIs() {
        var failing = chunks().take(20).concatWith(Flux.error(new IllegalStateException("disk")));
        var upload = world.pushing(RegistryWorld.USER).upload(blob, failing, Optional.empty(), sent::add);
        assertThatThrownBy(() -> upload.block(RegistryWorld.PATIENCE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("disk");
    }

    @Test
    void publishesAManifestUnlessItIsThere() {
        byte[] bytes = "{\"x\":1}".getBytes(UTF_8);
        var manifest = new RawManifest(MediaType.DOCKER_MANIFEST, Digest.sha256(bytes), bytes);
        for (int i = 0; i < 2; i++) {
            assertThat(
                    world.pushing(RegistryWorld.USER).publish("2.0", manifest).block(RegistryWorld.PATIENCE))
                    .isEqualTo(manifest.digest());
        }
        assertThat(world.requests("PUT .*manifests/2.0")).singleElement()
                .satisfies(put -> assertThat(put.header("Content-Type")).contains(MediaType.DOCKER_MANIFEST));
        assertThat(world.server.manifest(RegistryWorld.NAME, "2.0")).contains(bytes);
    }

    @Test
    void saysWhyAManifestIsRefused() {
        var manifest = new RawManifest(MediaType.DOCKER_MANIFEST, Digest.sha256(content), content);
        world.server.failAlways("PUT ", Fault.status(403));
        assertThatThrownBy(() -> world.pushing(RegistryWorld.USER)
                .publish("2.0", manifest)
                .block(RegistryWorld.PATIENCE))
                .isInstanceOf(RegistryException.Denied.class)
                .hasMessageStartingWith("push access denied");
    }
}
