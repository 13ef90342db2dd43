package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.InstallRequest;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.PluginStorageException;
import dev.patchbay.PushProgress;
import dev.patchbay.PushProgress.Phase;
import dev.patchbay.RemoteDeniedException;
import dev.patchbay.RemoteFailedException;
import dev.patchbay.engine.EngineWorld.Asked;
import dev.patchbay.image.Descriptor;
import dev.patchbay.image.ImageManifest;
import dev.patchbay.image.Manifest;
import dev.patchbay.image.MediaType;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.plugin.Slice;
import dev.patchbay.reference.Digest;
import dev.patchbay.reference.Reference;
import dev.patchbay.registry.FakeRegistry.Behaviour;
import dev.patchbay.registry.FakeRegistry.Step;
import dev.patchbay.registry.RegistryAccess;
import dev.patchbay.registry.RegistryException;
import dev.patchbay.store.SampleImage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A plugin is published under its own name, whole or not at all, on virtual time. */
class PluginPushTest {
    private static final String NAME = "registry.example.com/me/echo:v1";
    private static final String REPOSITORY = "registry.example.com/me/echo";

    private final EngineWorld world = new EngineWorld();

    @AfterEach
    void close() {
        assertThat(world.store.holdCount()).isZero();
        world.close();
    }

    private Asked<List<PushProgress>> push(String name) {
        return world.ask(world.plugins.push(name, RegistryAccess.ANONYMOUS).collectList());
    }

    private void install(String remote, SampleImage sample) {
        world.registry.publish(remote, sample);
        var request = new InstallRequest(Reference.parse(remote), Optional.of(PluginName.parse(NAME)),
                List.of(),
                RegistryAccess.ANONYMOUS);
        world.ask(world.plugins.install(request).then()).done();
    }

    private PluginRecord record(PluginId id) {
        return world.store.kept(id).orElseThrow().record();
    }

    private static List<Phase> phases(List<PushProgress> steps, Digest blob) {
        return steps.stream()
                .filter(PushProgress.Blob.class::isInstance)
                .map(PushProgress.Blob.class::cast)
                .filter(step -> step.digest().equals(blob))
                .map(PushProgress.Blob::phase)
                .toList();
    }

    /** The same plugin as Docker keeps it after its clean-up: without what its record does not name (D19). */
    private PluginRecord without(PluginId id, Optional<Digest> manifest, Slice<Digest> layers) {
        PluginRecord record = record(id);
        return new PluginRecord(record.plugin(), record.rootfs(), record.config(), layers, manifest, "");
    }

    @Test
    void publishesWhatWasCreatedAndTellsOfIt() {
        PluginId id = world.create(NAME);
        Digest manifest = record(id).manifest().orElseThrow();
        world.events.clear();

        var steps = push(NAME).value();

        assertThat(steps.getFirst()).isEqualTo(new PushProgress.Started(Reference.parse(NAME)));
        assertThat(steps.getLast()).isEqualTo(new PushProgress.Done("v1", manifest,
                world.registry.tagged(NAME).orElseThrow().bytes().length));
        assertThat(world.registry.tagged(NAME).orElseThrow().mediaType())
                .isEqualTo(MediaType.DOCKER_MANIFEST);
        assertThat(world.registry.hasBlob(REPOSITORY, record(id).config().orElseThrow())).isTrue();
        assertThat(record(id).blobsums().items())
                .allMatch(layer -> world.registry.hasBlob(REPOSITORY, layer));
        assertThat(world.events).singleElement().satisfies(event -> {
            assertThat(event.type().wireName()).isEqualTo("push");
            assertThat(event.attributes())
                    .isEqualTo(Map.of("reference", NAME, "digest", manifest.toString()));
        });
    }

    @Test
    void publishesWhatWasPulledToTheByte() {
        SampleImage sample = SampleImage.of("one");
        install("docker.io/vieux/echo:v9", sample);

        push(NAME).done();

        assertThat(world.registry.tagged(NAME).orElseThrow().bytes())
                .isEqualTo(sample.image().manifest().bytes());
    }

    @Test
    void tellsWhatReallyHappensToEachBlobD25() {
        PluginId id = world.create(NAME);
        Digest config = record(id).config().orElseThrow();
        Digest layer = record(id).blobsums().items().getFirst();
        world.registry.putBlob(REPOSITORY, config, new byte[1]);
        world.registry.script(request -> request.what().equals(layer.toString()),
                new Behaviour.Waits(Duration.ofSeconds(1)));

        var pushing = push(NAME);
        world.pass(Duration.ofSeconds(1));

        var steps = pushing.value();
        assertThat(phases(steps, config)).last().isEqualTo(Phase.EXISTS);
        assertThat(phases(steps, config)).doesNotContain(Phase.UPLOADING, Phase.UPLOADED);
        assertThat(phases(steps, layer)).first().isEqualTo(Phase.PREPARING);
        assertThat(phases(steps, layer)).last().isEqualTo(Phase.UPLOADED);
        assertThat(phases(steps, layer)).doesNotContain(Phase.EXISTS).isSorted();
    }

    @Test
    void takesBlobsOverFromTheRepositoryThatItWasPulledFrom() {
        SampleImage sample = SampleImage.of("one");
        install("registry.example.com/vieux/echo:v9", sample);

        var steps = push(NAME).value();

        assertThat(phases(steps, sample.image().config().digest())).last().isEqualTo(Phase.MOUNTED);
    }

    @Test
    void takesNothingOverFromAnotherRegistry() {
        SampleImage sample = SampleImage.of("one");
        install("docker.io/vieux/echo:v9", sample);

        assertThat(phases(push(NAME).value(), sample.image().config().digest())).last()
                .isEqualTo(Phase.UPLOADED);
    }

    @Test
    void publishesNoManifestWithoutItsLayersD19() {
        PluginId id = world.create(NAME);
        world.store.loseBlob(record(id).blobsums().items().getFirst());

        assertThat(push(NAME).error()).isInstanceOf(PluginStorageException.class)
                .hasMessageContainingAll(NAME, "is not whole",
                        record(id).blobsums().items().getFirst().toString());

        assertThat(world.registry.tagged(NAME)).isEmpty();
        assertThat(world.registry.requests()).isEmpty();
    }

    @Test
    void rebuildsALostManifestTheSameEveryTimeAndRemembersItD24() {
        PluginId id = world.create(NAME);
        world.store.loseBlob(record(id).manifest().orElseThrow());
        push(NAME).done();
        Digest rebuilt = world.registry.tagged(NAME).orElseThrow().digest();
        assertThat(record(id).manifest()).contains(rebuilt);
        assertThat(world.store.hasBlob(rebuilt)).isTrue();

        world.store.loseBlob(rebuilt);
        push(NAME).done();

        assertThat(world.registry.tagged(NAME).orElseThrow().digest()).isEqualTo(rebuilt);
    }

    @Test
    void rebuildsTheManifestOfARecordWithoutOneWithTheTypesOfItsLayersD24() {
        SampleImage sample = Publications.of(
                "{\"entrypoint\":[\"/bin/p\"],\"interface\":{\"socket\":\"p.sock\"}}",
                "plain");
        install("docker.io/vieux/echo:v9", sample);
        PluginId id = world.view(NAME).plugin().id();
        world.close();
        var record = without(id, Optional.empty(), record(id).blobsums());
        try (var later = new EngineWorld(_ -> {}, w -> {
            w.store.put(record);
            sample.blobs().values().forEach(w.store::putBlob);
            w.store.putBlob(sample.image().configJson());
        })) {
            var steps = later.ask(later.plugins.push(NAME, RegistryAccess.ANONYMOUS).collectList());
            steps.done();
            var manifest = later.registry.tagged(NAME).orElseThrow();

            assertThat(((ImageManifest) Manifest.parse(manifest)).layers()).extracting(Descriptor::mediaType)
                    .containsExactly(MediaType.DOCKER_LAYER);
            assertThat(later.store.kept(id).orElseThrow().record().manifest()).contains(manifest.digest());
        }
    }

    @Test
    void publishesNothingOfAPluginWhoseLayersNobodyKnowsD19() {
        PluginId id = world.create(NAME);
        var record = without(id, Optional.empty(), Slice.none());
        try (var later = new EngineWorld(_ -> {}, w -> w.store.put(record))) {
            assertThat(later.ask(later.plugins.push(NAME, RegistryAccess.ANONYMOUS).then()).error())
                    .isInstanceOf(PluginStorageException.class)
                    .hasMessageContaining("which layers it had");
            assertThat(later.registry.requests()).isEmpty();
        }
    }

    @Test
    void publishesNoManifestWhenABlobBreaksOff() {
        world.create(NAME);
        world.registry.script(Step.UPLOAD,
                new Behaviour.Fails(new RegistryException.Unavailable("it hung up", null)));

        assertThat(push(NAME).error()).isInstanceOf(RemoteFailedException.class)
                .hasMessage("error pushing plugin: it hung up");

        assertThat(world.registry.requests(Step.PUBLISH)).isEmpty();
        assertThat(world.eventTypes()).doesNotContain("push");
    }

    @Test
    void tellsWhoIsNotAllowedTo() {
        world.create(NAME);
        world.registry.script(Step.PUBLISH, new Behaviour.Fails(new RegistryException.Denied("not you")));

        assertThat(push(NAME).error()).isInstanceOf(RemoteDeniedException.class)
                .hasMessage("error pushing plugin: not you");
    }

    @Test
    void keepsItsContentForAsLongAsItIsPushedAndLetsItGoWhenCancelled() {
        PluginId id = world.create(NAME);
        world.registry.script(Step.UPLOAD, new Behaviour.Hangs());
        var pushing = push(NAME);
        List<Digest> layers = record(id).blobsums().items();

        world.ask(world.plugins.remove(NAME, dev.patchbay.Force.NO)).done();
        world.pass(Duration.ofSeconds(2)); // the collection that follows removing
        assertThat(layers).allMatch(world.store::hasBlob);

        pushing.cancel();
        world.settle();
        assertThat(world.registry.underWay()).isZero();
        world.pass(Duration.ofSeconds(2));
        assertThat(layers).noneMatch(world.store::hasBlob);
    }

    @Test
    void pushesAPluginWithoutAManifestThatIsRemovedMeanwhile() {
        PluginId id = world.create(NAME);
        world.store.loseBlob(record(id).manifest().orElseThrow());
        world.store.delayWrites(Duration.ofSeconds(1), world.time);

        var pushing = push(NAME); // reads a layer first
        var removing = world.ask(world.plugins.remove(NAME, dev.patchbay.Force.NO));
        world.pass(Duration.ofSeconds(20));

        removing.done();
        pushing.done();
        assertThat(world.registry.tagged(NAME)).isPresent();
    }

    @Test
    void pushesOnlyWhatIsThere() {
        assertThat(push("nobody").error()).isInstanceOf(PluginNotFoundException.class);
    }
}
