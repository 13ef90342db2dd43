package dev.patchbay.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.image.Descriptor;
import dev.patchbay.image.MediaType;
import dev.patchbay.image.RawManifest;
import dev.patchbay.reference.Digest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.test.StepVerifier;

@Timeout(60)
class PullTest {
    private final RegistryWorld world = new RegistryWorld();

    @AfterEach
    void close() throws InterruptedException {
        world.close();
    }

    @Test
    void readsAManifestByTag() {
        world.server.putManifest(RegistryWorld.NAME, "1.0", MediaType.OCI_MANIFEST + "; charset=utf-8",
                RegistryWorld.MANIFEST);
        RawManifest manifest = world.pull(world.repository());
        assertThat(manifest.bytes()).isEqualTo(RegistryWorld.MANIFEST);
        assertThat(manifest.digest()).isEqualTo(world.manifest);
        assertThat(manifest.mediaType()).isEqualTo(MediaType.OCI_MANIFEST);
    }

    @Test
    void readsAManifestByDigestThoughTheTagHasMovedOn() {
        byte[] newer = "{\"newer\":true}".getBytes(UTF_8);
        world.server.putManifest(RegistryWorld.NAME, "1.0", MediaType.DOCKER_MANIFEST, newer);
        var reference = world.server.reference(RegistryWorld.NAME + ":1.0@" + world.manifest);
        StepVerifier.create(world.repository().manifest(reference).map(RawManifest::bytes))
                .expectNextMatches(bytes -> Arrays.equals(bytes, RegistryWorld.MANIFEST))
                .verifyComplete();
    }

    @Test
    void asksForAllKindsOfManifests() {
        world.pull(world.repository());
        assertThat(world.requests("GET .*manifests.*").getFirst().header("Accept").orElse(""))
                .contains(MediaType.DOCKER_MANIFEST, MediaType.DOCKER_MANIFEST_LIST, MediaType.OCI_MANIFEST,
                        MediaType.OCI_INDEX, "*/*");
    }

    @Test
    void readsALargeBlobAtThePaceOfItsSubscriber() {
        byte[] content = new byte[20_000_000];
        new Random(7).nextBytes(content);
        Digest digest = world.server.putBlob(RegistryWorld.NAME, content);
        var blob = new Descriptor("a/b", digest, content.length);
        var read = new AtomicLong();
        StepVerifier
                .create(world.repository().blob(blob).doOnNext(chunk -> read.addAndGet(chunk.remaining())), 1)
                .expectNextCount(1)
                .then(() -> assertThat(read.get()).isLessThan(content.length))
                .thenCancel()
                .verify(RegistryWorld.PATIENCE);
        assertThat(RegistryWorld.bytes(world.repository().blob(blob))).isEqualTo(content);
    }

    @Test
    void readsAnEmptyBlob() {
        Digest digest = world.server.putBlob(RegistryWorld.NAME, new byte[0]);
        assertThat(RegistryWorld.bytes(world.repository().blob(new Descriptor("a/b", digest, 0)))).isEmpty();
    }

    @Test
    void handsOutBuffersOnTheHeap() {
        StepVerifier.create(world.repository().blob(world.blob))
                .expectNextMatches(ByteBuffer::hasArray)
                .verifyComplete();
    }

    @Test
    void doesNothingBeforeSomebodySubscribes() {
        var _ = world.repository().blob(world.blob);
        var _ = world.repository().manifest(world.server.reference(RegistryWorld.NAME));
        assertThat(world.server.requests()).isEmpty();
    }

    @Test
    void closesTheConnectionOfWhoeverCancels() throws InterruptedException {
        world.server.failAlways("GET .*blobs/", Fault.stallAfter(3));
        StepVerifier.create(world.repository().blob(world.blob))
                .expectNextCount(1)
                .thenCancel()
                .verify(RegistryWorld.PATIENCE);
        assertThat(world.server.isLeftAlone()).isTrue();
    }

    @Test
    void isPatientWithASubscriberThatWaits() {
        var blob = world.repository().blob(world.blob);
        world.server.fail("GET .*blobs/", Fault.stallAfter(10));
        StepVerifier.create(blob, 0)
                .thenRequest(1)
                .expectNextCount(1)
                .thenAwait(Duration.ofMillis(800))
                .then(() -> assertThat(world.requests("GET .*blobs.*")).hasSize(1))
                .thenRequest(Long.MAX_VALUE)
                .thenConsumeWhile(_ -> true)
                .verifyComplete();
        assertThat(world.requests("GET .*blobs.*")).hasSize(2);
    }

    @Test
    void saysThatThereIsNoManifest() {
        var reference = world.server.reference(RegistryWorld.NAME + ":other");
        assertThatThrownBy(() -> world.repository().manifest(reference).block(RegistryWorld.PATIENCE))
                .isInstanceOf(RegistryException.NotFound.class)
                .hasMessage("cannot fetch the manifest of " + reference + ": http://" + world.server.host()
                        + " does not have it: manifest_unknown: manifest unknown");
    }

    @Test
    void failsAtOnceWhatIsUnderWayWhenItCloses() {
        world.server.failAlways("GET .*blobs/", Fault.stallAfter(3));
        StepVerifier.create(world.repository().blob(world.blob))
                .expectNextCount(1)
                .then(() -> world.registry.close().block(RegistryWorld.PATIENCE))
                .expectError()
                .verify(RegistryWorld.PATIENCE);
    }
}
