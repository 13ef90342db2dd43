package dev.patchbay.store;

import static dev.patchbay.store.PluginStoreContract.PATIENCE;
import static dev.patchbay.store.PluginStoreContract.get;
import static dev.patchbay.store.PluginStoreContract.id;
import static dev.patchbay.store.PluginStoreContract.record;
import static dev.patchbay.store.PluginStoreContract.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.image.LayerProgress;
import dev.patchbay.image.LayerProgress.Phase;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.reference.Digest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** What every {@link PluginStore} does with published images and their blobs. */
public interface ImageStoreContract {
    /** The store under test: fresh, empty, loaded. */
    PluginStore store();

    /** What a new process finds after this one has ended. */
    List<Loaded> afterRestart();

    /** Stages an image from its own source. */
    default StagedPlugin stage(SampleImage sample) {
        return get(store().stage(sample.image(), sample.source(), _ -> {}));
    }

    /** Stages an image and installs it. */
    default PluginRecord install(SampleImage sample) {
        StagedPlugin staged = stage(sample);
        PluginRecord record = record(id('a'), staged);
        run(store().install(staged, record));
        return record;
    }

    /** All bytes of a blob. */
    default byte[] bytes(Digest blob) {
        return get(store().blob(blob)
                .collect(ByteArrayOutputStream::new, InMemoryStore::append)
                .map(ByteArrayOutputStream::toByteArray));
    }

    /** Expects a refusal whose sentence has these words, and that it leaves nothing behind. */
    default void refuses(SampleImage sample, BlobSource source, String... words) {
        StepVerifier.create(store().stage(sample.image(), source, _ -> {}))
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(InvalidContentException.class)
                        .hasMessageContainingAll(words))
                .verify(PATIENCE);
        assertThat(get(store().collectGarbage(true)).unreferenced()).isZero();
        assertThat(get(store().collectGarbage(false)).bytes()).isZero();
    }

    @Test
    @DisplayName("stores manifest, configuration and every layer of an image to the byte (D19)")
    default void storesEveryBlobOfAnImageD19() {
        SampleImage sample = SampleImage
                .of(List.of(SampleImage.layer("a", "one"), SampleImage.layer("b", "two")));
        PluginRecord installed = install(sample);

        assertThat(get(store().collectGarbage(false)).deleted()).isZero();
        assertThat(bytes(sample.image().manifest().digest())).isEqualTo(sample.image().manifest().bytes());
        assertThat(bytes(sample.image().config().digest())).isEqualTo(sample.image().configJson());
        sample.blobs().forEach((digest, content) -> assertThat(bytes(digest)).isEqualTo(content));
        assertThat(installed.blobsums().items()).containsExactlyElementsOf(
                sample.image().layers().stream().map(layer -> layer.digest()).toList());
    }

    @Test
    default void fetchesOnlyTheLayersThatItDoesNotHave() {
        byte[] shared = SampleImage.layer("a", "shared");
        install(SampleImage.of(List.of(shared)));
        SampleImage second = SampleImage.of(List.of(shared, SampleImage.layer("b", "new")));
        List<Digest> asked = new CopyOnWriteArrayList<>();
        List<LayerProgress> progress = new CopyOnWriteArrayList<>();

        StagedPlugin staged = get(store().stage(second.image(), layer -> {
            asked.add(layer.digest());
            return second.source().open(layer);
        }, progress::add));

        assertThat(asked).containsExactly(staged.layers().getLast());
        assertThat(phases(progress, staged.layers().getFirst())).contains(Phase.EXISTS, Phase.COMPLETE)
                .doesNotContain(Phase.WAITING, Phase.DOWNLOADING, Phase.DOWNLOADED);
        assertThat(phases(progress, staged.layers().getLast()))
                .contains(Phase.WAITING, Phase.DOWNLOADING, Phase.DOWNLOADED, Phase.EXTRACTING,
                        Phase.COMPLETE);
    }

    private static List<Phase> phases(List<LayerProgress> progress, Digest layer) {
        return progress.stream().filter(p -> p.layer().equals(layer)).map(LayerProgress::phase).toList();
    }

    @Test
    default void asksTheSourceOnlyOnceItIsSubscribedTo() {
        var asked = new AtomicInteger();
        SampleImage sample = SampleImage.of("one");
        var staged = store().stage(sample.image(), layer -> {
            asked.incrementAndGet();
            return sample.source().open(layer);
        }, _ -> {});

        assertThat(asked).hasValue(0);
        assertThat(get(staged).layers()).hasSize(1);
        assertThat(asked).hasValue(1);
    }

    @Test
    default void passesOnTheErrorOfTheSourceAsItIs() {
        var broken = new IllegalStateException("the registry went away");
        SampleImage sample = SampleImage.of("one");
        BlobSource source = layer -> sample.source().open(layer).take(1).concatWith(Flux.error(broken));

        StepVerifier.create(store().stage(sample.image(), source, _ -> {}))
                .expectErrorSatisfies(e -> assertThat(e).isSameAs(broken))
                .verify(PATIENCE);
        assertThat(get(store().collectGarbage(true)).blobs()).isZero();
    }

    @Test
    default void refusesALayerThatIsCutOff() {
        SampleImage sample = SampleImage.of("one");
        byte[] whole = sample.blobs().values().iterator().next();
        refuses(sample, SampleImage.always(Arrays.copyOf(whole, whole.length - 1)),
                sample.image().layers().getFirst().digest().shortHex(), String.valueOf(whole.length - 1));
    }

    @Test
    default void refusesALayerThatGoesOn() {
        SampleImage sample = SampleImage.of("one");
        byte[] whole = sample.blobs().values().iterator().next();
        refuses(sample, SampleImage.always(Arrays.copyOf(whole, whole.length + 1)),
                sample.image().layers().getFirst().digest().shortHex(), String.valueOf(whole.length));
    }

    @Test
    default void refusesALayerWithOneWrongByte() {
        SampleImage sample = SampleImage.of("one");
        byte[] swapped = sample.blobs().values().iterator().next().clone();
        swapped[4] ^= 1; // the time in the header, which no decompressor looks at
        refuses(sample, SampleImage.always(swapped), sample.image().layers().getFirst().digest().shortHex());
    }

    @Test
    default void refusesALayerThatTheConfigurationDoesNotName() {
        byte[] layer = Gzip.of(SampleImage.layer("a", "one"));
        SampleImage sample = SampleImage.packed(List.of(layer),
                List.of(Digest.sha256(new byte[0]).toString()));
        refuses(sample, sample.source(), Digest.sha256(layer).shortHex());
    }

    @Test
    @DisplayName("takes the digest of a packed layer for a diff id, as Docker's create writes it (D12)")
    default void takesPackedDigestsForDiffIdsD12() {
        byte[] layer = Gzip.of(SampleImage.layer("a", "one"));

        assertThat(
                stage(SampleImage.packed(List.of(layer), List.of(Digest.sha256(layer).toString()))).layers())
                .hasSize(1);
    }

    @Test
    default void discardsAStagedImageWithItsBlobs() {
        StagedPlugin staged = stage(SampleImage.of("one"));
        run(store().discard(staged));

        assertThat(get(store().collectGarbage(true)).blobs()).isZero();
    }

    @Test
    default void reportsGarbageInADryRunAndDeletesNone() {
        PluginRecord gone = install(SampleImage.of("one"));
        run(store().remove(id('a')));

        GarbageReport dry = get(store().collectGarbage(true));
        assertThat(dry.dryRun()).isTrue();
        assertThat(dry.blobs()).isEqualTo(3);
        assertThat(dry.unreferenced()).isEqualTo(3);
        assertThat(dry.deleted()).isZero();
        assertThat(get(store().blobSize(gone.config().orElseThrow()))).isPositive();
        GarbageReport real = get(store().collectGarbage(false));
        assertThat(real).isEqualTo(new GarbageReport(false, 3, 3, 3, dry.bytes(), 0, List.of()));
        StepVerifier.create(store().blobSize(gone.config().orElseThrow())).verifyComplete();
    }

    @Test
    default void doesNotCollectWhatIsHeldUntilItIsReleased() {
        BlobHold hold = store().hold(List.of());
        Digest kept = get(store().put(new byte[]{1, 2, 3}, hold));
        assertThat(get(store().collectGarbage(false)).deleted()).isZero();
        assertThat(bytes(kept)).containsExactly(1, 2, 3);
        assertThat(get(store().blobSize(kept))).isEqualTo(3);

        BlobHold second = store().hold(List.of(kept));
        store().release(hold);
        store().release(hold);
        assertThat(get(store().collectGarbage(false)).deleted()).isZero();
        store().release(second);
        assertThat(get(store().collectGarbage(false)).deleted()).isEqualTo(1);
    }

    @Test
    default void failsToReadABlobThatIsNotThere() {
        Digest missing = Digest.sha256(new byte[]{9});

        StepVerifier.create(store().blobSize(missing)).verifyComplete();
        StepVerifier.create(store().blob(missing)).verifyError(StoreException.class);
    }

    @Test
    default void handsOutABlobAsItIsAskedFor() {
        BlobHold hold = store().hold(List.of());
        Digest blob = get(store().put(new byte[200_000], hold));

        StepVerifier.create(store().blob(blob).map(ByteBuffer::remaining), 0)
                .thenRequest(1)
                .assertNext(count -> assertThat(count).isPositive())
                .thenCancel()
                .verify(PATIENCE);
        store().release(hold);
    }
}
