package dev.patchbay.store;

import static dev.patchbay.store.PluginStoreContract.PATIENCE;
import static dev.patchbay.store.PluginStoreContract.get;
import static dev.patchbay.store.PluginStoreContract.id;
import static dev.patchbay.store.PluginStoreContract.record;
import static dev.patchbay.store.PluginStoreContract.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.archive.LayoutWriter;
import dev.patchbay.image.OciLayout;
import dev.patchbay.reference.Digest;
import dev.patchbay.reference.Reference;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** What every {@link PluginStore} does with image layouts. */
public interface LayoutStoreContract extends VersionStoreContract {
    /** The layout of an image, with one blob that may claim to be another. */
    static byte[] layout(SampleImage sample, byte[] blob, Digest name) {
        var image = sample.image();
        Stream<LayoutWriter.Blob> blobs = Stream.concat(
                Stream.of(blob(image.manifest().digest(), image.manifest().bytes()),
                        blob(image.config().digest(), image.configJson()), blob(name, blob)),
                sample.blobs().entrySet().stream().map(layer -> blob(layer.getKey(), layer.getValue())));
        byte[] index = OciLayout.index(image.manifest().descriptor(),
                Reference.parse("example.com/sample:1"));
        var writer = new LayoutWriter(OciLayout.marker(), index, blobs.toList());
        return get(writer.bytes()
                .collect(ByteArrayOutputStream::new, InMemoryStore::append)
                .map(ByteArrayOutputStream::toByteArray));
    }

    private static LayoutWriter.Blob blob(Digest name, byte[] content) {
        return new LayoutWriter.Blob(name, content.length, PluginContexts.chunked(content));
    }

    /** The layout of an image and a blob that nobody names. */
    static byte[] layout(SampleImage sample) {
        byte[] more = {1, 2, 3};
        return layout(sample, more, Digest.sha256(more));
    }

    @Test
    default void readsALayoutAndStagesFromIt() {
        SampleImage sample = SampleImage.of("one");
        ImportedLayout imported = get(store().readLayout(PluginContexts.chunked(layout(sample))));

        assertThat(get(store().collectGarbage(false)).deleted()).isZero();
        assertThat(imported.index().digest()).isEqualTo(Digest.sha256(imported.index().bytes()));
        assertThat(bytes(sample.image().manifest().digest())).isEqualTo(sample.image().manifest().bytes());
        StagedPlugin staged = get(store().stage(sample.image(), SampleImage.none(), _ -> {}));
        run(store().install(staged, record(id('a'), staged)));
        store().release(imported.lease());
        assertThat(get(store().collectGarbage(false)).deleted()).isEqualTo(1);
    }

    @Test
    default void refusesALayoutWithABlobThatIsNotWhatItsNameSaysAndKeepsNothingOfIt() {
        byte[] swapped = layout(SampleImage.of("one"), new byte[]{1, 2, 3},
                Digest.sha256(new byte[]{3, 2, 1}));

        refusesLayout(swapped, "name");
    }

    @Test
    default void refusesALayoutWithoutIndex() {
        refusesLayout(PluginContexts.empty().file("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}").bytes(),
                "index.json");
    }

    @Test
    default void passesOnTheFailureOfALayoutsSender() {
        byte[] whole = layout(SampleImage.of("one"));
        var broken = new IOException("connection reset");

        StepVerifier.create(store().readLayout(
                PluginContexts.chunked(Arrays.copyOf(whole, whole.length / 2))
                        .concatWith(Flux.error(broken))))
                .expectErrorSatisfies(e -> assertThat(e).isSameAs(broken))
                .verify(PATIENCE);
        assertThat(get(store().collectGarbage(true)).blobs()).isZero();
    }

    /** Expects a refusal whose sentence has a word, and that it leaves nothing. */
    default void refusesLayout(byte[] layout, String word) {
        StepVerifier.create(store().readLayout(PluginContexts.chunked(layout)))
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(InvalidContentException.class)
                        .hasMessageContaining(word))
                .verify(PATIENCE);
        get(store().collectGarbage(false));
        assertThat(get(store().collectGarbage(true)))
                .isEqualTo(new GarbageReport(true, 0, 0, 0, 0, 0, List.of()));
    }
}
