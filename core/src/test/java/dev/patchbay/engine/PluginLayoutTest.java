package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.Consent;
import dev.patchbay.Force;
import dev.patchbay.InstallRequest;
import dev.patchbay.PluginConflictException;
import dev.patchbay.PluginStorageException;
import dev.patchbay.PrivilegesException;
import dev.patchbay.UnusableImageException;
import dev.patchbay.image.OciLayout;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.reference.Digest;
import dev.patchbay.reference.Reference;
import dev.patchbay.registry.RegistryAccess;
import dev.patchbay.store.PluginContexts;
import dev.patchbay.store.SampleImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** A plugin leaves as an archive and comes back, on virtual time. */
class PluginLayoutTest {
    private static final Consent NOTHING = new Consent.Exactly(List.of());

    private final EngineWorld world = new EngineWorld();

    @AfterEach
    void close() {
        assertThat(world.store.holdCount()).isZero();
        assertThat(world.store.stagedCount()).isZero();
        world.close();
    }

    private EngineWorld.Asked<PluginId> read(String name, Consent consent, Publisher<ByteBuffer> layout) {
        return world.ask(world.plugins.importLayout(name, consent, layout));
    }

    private byte[] exported(String name) {
        return world.ask(world.plugins.export(name).collect(ByteArrayOutputStream::new, StoredBlobs::append))
                .value()
                .toByteArray();
    }

    private void installed(String name, SampleImage sample) {
        world.registry.publish("docker.io/vieux/echo:v9", sample);
        world.ask(world.plugins.install(new InstallRequest(Reference.parse("vieux/echo:v9"),
                Optional.of(PluginName.parse(name)), Publications.PRIVILEGES, RegistryAccess.ANONYMOUS))
                .then())
                .done();
    }

    private static Flux<ByteBuffer> chunks(byte[] tar) {
        return PluginContexts.chunked(tar);
    }

    @Test
    void whatIsExportedCanBeImportedToTheByte() {
        SampleImage sample = Publications.privileged("one");
        installed("echo", sample);
        byte[] tar = exported("echo");
        world.ask(world.plugins.remove("echo", Force.NO)).done();
        world.ask(world.plugins.collectGarbage(false)).done();
        world.events.clear();

        PluginId id = read("other", new Consent.Exactly(Publications.PRIVILEGES), chunks(tar)).value();

        var record = world.store.kept(id).orElseThrow().record();
        assertThat(record.manifest()).contains(sample.image().manifest().digest());
        assertThat(record.plugin().reference()).isEqualTo("other:latest");
        assertThat(record.plugin().enabled()).isFalse();
        assertThat(world.eventTypes()).containsExactly("create");
        assertThat(sample.digests()).allMatch(world.store::hasBlob);
        assertThat(exported("other").length).isEqualTo(tar.length);
    }

    @Test
    void checksPrivilegesOfAnImportToo() {
        installed("echo", Publications.privileged("one"));
        byte[] tar = exported("echo");

        assertThat(read("other", NOTHING, chunks(tar)).error()).isInstanceOf(PrivilegesException.class)
                .hasMessageStartingWith("incorrect privileges: the plugin asks for network [host]");

        read("other", new Consent.Everything(), chunks(tar)).done();
    }

    @Test
    void keepsNoContentOfAnImportThatWasRefused() {
        SampleImage sample = Publications.privileged("one");
        world.pass(Duration.ofSeconds(2)); // the collection that follows opening

        assertThat(read("other", NOTHING, chunks(layout(sample, true))).error())
                .isInstanceOf(PrivilegesException.class);
        world.pass(Duration.ofSeconds(2));

        assertThat(sample.digests()).noneMatch(world.store::hasBlob);
    }

    @Test
    void refusesALayoutWithoutOneOfItsLayers() {
        SampleImage sample = SampleImage.of("one");
        Digest layer = sample.image().layers().getFirst().digest();

        assertThat(read("other", NOTHING, chunks(layout(sample, false))).error())
                .isInstanceOf(UnusableImageException.class)
                .hasMessage("layer " + layer + " is not in the archive");

        read("other", NOTHING, chunks(layout(sample, true))).done();
    }

    private static byte[] layout(SampleImage sample, boolean whole) {
        var manifest = sample.image().manifest();
        var tar = PluginContexts.empty()
                .file(OciLayout.MARKER_FILE, OciLayout.marker())
                .file(OciLayout.INDEX_FILE,
                        OciLayout.index(manifest.descriptor(), Reference.parse("vieux/echo:v1")))
                .file("blobs/sha256/" + manifest.digest().hex(), manifest.bytes())
                .file("blobs/sha256/" + sample.image().config().digest().hex(), sample.image().configJson());
        if (whole) {
            sample.blobs().forEach((digest, bytes) -> tar.file("blobs/sha256/" + digest.hex(), bytes));
        }
        return tar.bytes();
    }

    @Test
    void refusesWhatIsNoLayoutAndGivesTheNameBack() {
        assertThat(read("echo", NOTHING, PluginContexts.sample("x").publisher()).error())
                .isInstanceOf(UnusableImageException.class);

        world.create("echo");
    }

    @Test
    void refusesANameThatIsTakenBeforeItReads() {
        world.create("echo");

        assertThat(read("echo", NOTHING, Flux.error(new AssertionError("was read"))).error())
                .isInstanceOf(PluginConflictException.class);
    }

    @Test
    void leavesNothingOfAnImportThatIsCancelled() {
        var reading = read("echo", NOTHING, Flux.never());
        reading.cancel();
        world.settle();

        world.create("echo");
    }

    @Test
    void exportsNothingOfAPluginThatIsNotWhole() {
        PluginId id = world.create("echo");
        world.store.loseBlob(world.store.kept(id).orElseThrow().record().config().orElseThrow());

        assertThat(world.ask(world.plugins.export("echo").then()).error())
                .isInstanceOf(PluginStorageException.class)
                .hasMessageContaining("is not whole");
    }

    @Test
    void anIndexThatNamesNothingWeCanRunIsTold() {
        var ours = SampleImage.of("one").image();
        byte[] index = Publications.index(Map.of("plan9/mips", ours.manifest())).bytes();
        byte[] tar = PluginContexts.empty()
                .file(OciLayout.MARKER_FILE, OciLayout.marker())
                .file(OciLayout.INDEX_FILE, index)
                .file("blobs/sha256/" + ours.manifest().digest().hex(), ours.manifest().bytes())
                .bytes();

        assertThat(read("echo", NOTHING, chunks(tar)).error()).isInstanceOf(UnusableImageException.class)
                .hasMessageContainingAll("plan9/mips");
    }
}
