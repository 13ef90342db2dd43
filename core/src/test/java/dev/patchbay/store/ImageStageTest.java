package dev.patchbay.store;

import static dev.patchbay.store.PluginStoreContract.PATIENCE;
import static dev.patchbay.store.PluginStoreContract.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.image.Descriptor;
import dev.patchbay.image.LayerProgress;
import dev.patchbay.image.LayerProgress.Phase;
import dev.patchbay.reference.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** Staging images on a disk: order, overlap, cancellation, and that a failure leaves nothing. */
final class ImageStageTest {
    @TempDir
    Path folder;

    private StoreOnDisk on;

    @BeforeEach
    void open() {
        on = StoreOnDisk.opened(folder.resolve("plugins"));
    }

    @AfterEach
    void close() {
        on.close();
    }

    /** Layers of which each is sent when the test says so. */
    private static final class Gates implements BlobSource {
        private final SampleImage sample;
        final Map<Digest, Sinks.Empty<ByteBuffer>> gates = new ConcurrentHashMap<>();
        private final Map<Digest, CountDownLatch> begun = new ConcurrentHashMap<>();
        final List<Digest> opened = new CopyOnWriteArrayList<>();
        final List<Digest> cancelled = new CopyOnWriteArrayList<>();

        Gates(SampleImage sample) {
            this.sample = sample;
            sample.blobs().keySet().forEach(layer -> {
                gates.put(layer, Sinks.empty());
                begun.put(layer, new CountDownLatch(1));
            });
        }

        @Override
        public Flux<ByteBuffer> open(Descriptor layer) {
            return gate(layer.digest()).asMono()
                    .thenMany(sample.source().open(layer))
                    .doOnSubscribe(_ -> {
                        opened.add(layer.digest());
                        Objects.requireNonNull(begun.get(layer.digest())).countDown();
                    })
                    .doOnCancel(() -> cancelled.add(layer.digest()));
        }

        Sinks.Empty<ByteBuffer> gate(Digest layer) {
            return Objects.requireNonNull(gates.get(layer));
        }

        void awaitOpened(Digest layer) throws InterruptedException {
            assertThat(Objects.requireNonNull(begun.get(layer)).await(30, TimeUnit.SECONDS)).isTrue();
        }

        void open(Digest layer) {
            gate(layer).tryEmitEmpty().orThrow();
        }
    }

    private static Digest layer(SampleImage sample, int index) {
        return sample.image().layers().get(index).digest();
    }

    private static SampleImage threeLayers() {
        return SampleImage.of(List.of(SampleImage.layer("file", "first"), SampleImage.layer("file", "second"),
                SampleImage.layer("file", "third")));
    }

    @Test
    @DisplayName("applies layers in the manifest's order whatever order they arrive in (D21)")
    void appliesLayersInTheManifestsOrderD21() throws Exception {
        SampleImage sample = threeLayers();
        var gates = new Gates(sample);
        var arrived = new CountDownLatch(2);
        var staged = on.store.stage(sample.image(), gates, progress -> {
            if (progress.phase() == Phase.DOWNLOADED) {
                arrived.countDown();
            }
        }).toFuture();
        gates.open(layer(sample, 2));
        gates.open(layer(sample, 1));
        assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();
        gates.open(layer(sample, 0));

        Path rootfs = staged.get(30, TimeUnit.SECONDS).rootfs();
        assertThat(rootfs.resolve("file")).hasContent("third");
    }

    @Test
    void unpacksTheFirstLayerWhileTheLastIsStillArriving() throws Exception {
        SampleImage sample = threeLayers();
        var gates = new Gates(sample);
        var complete = new CountDownLatch(1);
        var staged = on.store.stage(sample.image(), gates, progress -> {
            if (progress.phase() == Phase.COMPLETE && progress.layer().equals(layer(sample, 0))) {
                complete.countDown();
            }
        }).toFuture();
        gates.open(layer(sample, 0));

        assertThat(complete.await(30, TimeUnit.SECONDS)).isTrue();
        gates.open(layer(sample, 1));
        gates.open(layer(sample, 2));
        assertThat(staged.get(30, TimeUnit.SECONDS).layers()).hasSize(3);
    }

    @Test
    void unpacksALayerWhileItIsStillArriving() {
        byte[] noise = new byte[1 << 20];
        new Random(1).nextBytes(noise);
        byte[] tar = PluginContexts.empty().file("../escape", "1").file("noise", noise).bytes();
        SampleImage sample = SampleImage.of(List.of(tar));
        byte[] packed = java.util.Objects.requireNonNull(sample.blobs().get(layer(sample, 0)));
        BlobSource halfOnly = _ -> PluginContexts.chunked(Arrays.copyOf(packed, packed.length / 2))
                .concatWith(Mono.never());

        StepVerifier.create(on.store.stage(sample.image(), halfOnly, _ -> {}))
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(InvalidContentException.class)
                        .hasMessageContaining("../escape"))
                .verify(PATIENCE);
        assertThat(on.unfinished()).isEmpty();
    }

    @Test
    void fetchesAFewLayersSideBySide() throws Exception {
        try (var two = new StoreOnDisk(StoreConfig.at(folder.resolve("two")).withDownloads(2))) {
            two.load();
            SampleImage sample = threeLayers();
            var gates = new Gates(sample);
            var first = new CountDownLatch(1);
            var staged = two.store.stage(sample.image(), gates, progress -> {
                if (progress.phase() == Phase.DOWNLOADED) {
                    first.countDown();
                }
            }).toFuture();
            gates.open(layer(sample, 1));
            assertThat(first.await(30, TimeUnit.SECONDS)).isTrue();
            gates.open(layer(sample, 0));
            gates.open(layer(sample, 2));
            staged.get(30, TimeUnit.SECONDS);

            assertThat(gates.opened.subList(0, 2)).containsExactlyInAnyOrder(layer(sample, 0),
                    layer(sample, 1));
        }
    }

    @Test
    void endsTheOtherFetchesWhenOneFailsAndLeavesNothing() {
        SampleImage sample = threeLayers();
        var gates = new Gates(sample);
        var broken = new IOException("connection reset");
        BlobSource source = layer -> layer.digest().equals(layer(sample, 2))
                ? Mono.<ByteBuffer>error(broken).flux()
                : gates.open(layer);

        StepVerifier.create(on.store.stage(sample.image(), source, _ -> {}))
                .expectErrorSatisfies(e -> assertThat(e).isSameAs(broken))
                .verify(PATIENCE);
        assertThat(gates.cancelled).containsExactlyInAnyOrderElementsOf(gates.opened);
        assertThat(on.unfinished()).isEmpty();
        assertThat(on.blobs()).isEmpty();
    }

    @Test
    void makesNothingABlobBeforeEveryLayerIsThere() throws Exception {
        SampleImage sample = threeLayers();
        var gates = new Gates(sample);
        var two = new CountDownLatch(2);
        Disposable stage = on.store.stage(sample.image(), gates, progress -> {
            if (progress.phase() == Phase.COMPLETE) {
                two.countDown();
            }
        }).subscribe(_ -> {}, _ -> {});
        gates.open(layer(sample, 0));
        gates.open(layer(sample, 1));
        assertThat(two.await(30, TimeUnit.SECONDS)).isTrue();
        gates.awaitOpened(layer(sample, 2)); // its thread may be the last to begin

        assertThat(on.blobs()).isEmpty();
        stage.dispose();
        on.close(); // waits for the clean-up
        assertThat(gates.cancelled).contains(layer(sample, 2));
        assertThat(on.unfinished()).isEmpty();
        assertThat(on.blobs()).isEmpty();
    }

    @Test
    @DisplayName("tells no progress after a stage has ended (D22)")
    void tellsNothingAfterItWasCancelledD22() throws Exception {
        SampleImage sample = threeLayers();
        var gates = new Gates(sample);
        var waiting = new CountDownLatch(3);
        var told = new AtomicInteger();
        Disposable stage = on.store.stage(sample.image(), gates, _ -> {
            told.incrementAndGet();
            waiting.countDown();
        }).subscribe(_ -> {}, _ -> {});
        assertThat(waiting.await(30, TimeUnit.SECONDS)).isTrue();
        stage.dispose();
        int before = told.get();
        gates.gates.values().forEach(Sinks.Empty::tryEmitEmpty);
        on.close();

        assertThat(told).hasValue(before);
    }

    @Test
    void tellsThePhasesOfALayerInTheirOrder() {
        SampleImage sample = threeLayers();
        List<LayerProgress> told = new CopyOnWriteArrayList<>();
        get(on.store.stage(sample.image(), sample.source(), told::add));

        for (int i = 0; i < 3; i++) {
            Digest layer = layer(sample, i);
            assertThat(told).filteredOn(progress -> progress.layer().equals(layer))
                    .extracting(LayerProgress::phase)
                    .isSorted()
                    .contains(Phase.WAITING, Phase.DOWNLOADING, Phase.DOWNLOADED, Phase.EXTRACTING,
                            Phase.COMPLETE);
            assertThat(told).allSatisfy(p -> assertThat(p.current()).isBetween(0L, p.total()));
        }
    }

    @Test
    void takesALayerThatTheManifestNamesTwice() {
        byte[] low = SampleImage.layer("file", "low");
        SampleImage sample = SampleImage.of(List.of(low, SampleImage.layer("file", "high"), low));

        assertThat(get(on.store.stage(sample.image(), sample.source(), _ -> {})).rootfs().resolve("file"))
                .hasContent("low");
    }

    @Test
    void refusesALayerThatIsNoArchiveAndLeavesNothing() {
        byte[] noise = new byte[3000];
        Arrays.fill(noise, (byte) 'x');
        SampleImage sample = SampleImage.packed(List.of(noise), List.of());

        StepVerifier.create(on.store.stage(sample.image(), sample.source(), _ -> {}))
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(InvalidContentException.class)
                        .hasMessageContainingAll(Digest.sha256(noise).shortHex(), "cannot be unpacked"))
                .verify(PATIENCE);
        assertThat(on.unfinished()).isEmpty();
        assertThat(on.blobs()).isEmpty();
    }

    @Test
    void fetchesAgainWhatHasAnotherSizeOnTheDisk() throws IOException {
        SampleImage sample = SampleImage.of("one");
        Path blob = on.layout.blob(layer(sample, 0));
        Files.createDirectories(blob.getParent());
        Files.writeString(blob, "cut");
        get(on.store.stage(sample.image(), sample.source(), _ -> {}));

        assertThat(blob).hasBinaryContent(sample.blobs().get(layer(sample, 0)));
    }

    @Test
    void noticesThatTheDiskHasDamagedALayer() throws IOException {
        SampleImage sample = SampleImage.of("one");
        byte[] damaged = java.util.Objects.requireNonNull(sample.blobs().get(layer(sample, 0))).clone();
        damaged[4] ^= 1; // the time in the header, which no decompressor looks at
        Path blob = on.layout.blob(layer(sample, 0));
        Files.createDirectories(blob.getParent());
        Files.write(blob, damaged);

        StepVerifier.create(on.store.stage(sample.image(), SampleImage.none(), _ -> {}))
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(StoreException.class)
                        .hasMessageContainingAll(blob.toString(), "damaged"))
                .verify(PATIENCE);
        assertThat(on.unfinished()).isEmpty();
    }
}
