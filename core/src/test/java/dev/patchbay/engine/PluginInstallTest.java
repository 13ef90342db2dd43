package dev.patchbay.engine;

import static dev.patchbay.engine.Installs.NAME;
import static dev.patchbay.engine.Installs.REMOTE;
import static dev.patchbay.engine.Installs.platform;
import static dev.patchbay.engine.Installs.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.EngineClosedException;
import dev.patchbay.InstallRequest;
import dev.patchbay.PluginConflictException;
import dev.patchbay.PrivilegesException;
import dev.patchbay.PullProgress;
import dev.patchbay.RemoteDeniedException;
import dev.patchbay.RemoteFailedException;
import dev.patchbay.RemoteNotFoundException;
import dev.patchbay.UnusableImageException;
import dev.patchbay.UpgradeRequest;
import dev.patchbay.engine.EngineWorld.Asked;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.plugin.Privilege;
import dev.patchbay.reference.Reference;
import dev.patchbay.registry.FakeRegistry.Behaviour;
import dev.patchbay.registry.FakeRegistry.Step;
import dev.patchbay.registry.RegistryAccess;
import dev.patchbay.registry.RegistryException;
import dev.patchbay.store.InMemoryStore.Operation;
import dev.patchbay.store.SampleImage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a plugin that is asked for, or installed, on virtual time. */
class PluginInstallTest {
    private final Installs installs = new Installs();
    private final EngineWorld world = installs.world;
    private final RegistryException brokenOff = new RegistryException.Unavailable("it hung up", null);

    @AfterEach
    void close() {
        installs.close();
    }

    private Asked<List<Privilege>> privileges(String remote) {
        return world.ask(world.plugins.privileges(Reference.parse(remote), RegistryAccess.ANONYMOUS));
    }

    private PluginRecord stored(String name) {
        return world.store.kept(world.view(name).plugin().id()).orElseThrow().record();
    }

    @Test
    void installsADisabledPluginAndTellsOfIt() {
        SampleImage sample = SampleImage.of("one");
        world.registry.publish(REMOTE, sample);

        var steps = installs.of(REMOTE).value();

        var id = world.view(NAME).plugin().id();
        assertThat(steps.getFirst()).isEqualTo(
                new PullProgress.Resolved(Reference.parse(REMOTE), sample.image().manifest().digest()));
        assertThat(steps.getLast()).isEqualTo(new PullProgress.Done(id));
        assertThat(steps.subList(1, steps.size() - 1)).isNotEmpty()
                .allMatch(PullProgress.Layer.class::isInstance);
        assertThat(world.view(NAME).plugin().enabled()).isFalse();
        assertThat(world.events).singleElement().satisfies(event -> {
            assertThat(event.type().wireName()).isEqualTo("pull");
            assertThat(event.name()).isEqualTo(NAME);
            assertThat(event.attributes()).isEqualTo(Map.of("reference", REMOTE, "digest",
                    sample.image().manifest().digest().toString()));
        });
    }

    @Test
    void storesTheFullReferenceWithTheFirstSaveD13() {
        world.registry.publish("docker.io/vieux/echo:latest", SampleImage.of("one"));

        installs.of("vieux/echo").done();

        assertThat(world.view("vieux/echo").plugin().name().familiar()).isEqualTo("vieux/echo:latest");
        assertThat(stored("vieux/echo").plugin().reference()).isEqualTo("docker.io/vieux/echo:latest");
        assertThat(world.store.done()).doesNotContain(Operation.SAVE);
    }

    @Test
    void recordsEveryBlobSoThatNoneIsGarbageD19() {
        SampleImage sample = Publications.of(
                "{\"entrypoint\":[\"/bin/p\"],\"interface\":{\"socket\":\"p.sock\"}}", "one", "two");
        world.registry.publish(REMOTE, sample);

        installs.of(REMOTE).done();
        world.pass(Duration.ofSeconds(5));

        PluginRecord record = stored(NAME);
        assertThat(record.config()).contains(sample.image().config().digest());
        assertThat(record.manifest()).contains(sample.image().manifest().digest());
        assertThat(record.blobsums().items()).hasSize(2);
        assertThat(sample.digests()).allMatch(world.store::hasBlob);
    }

    @ParameterizedTest
    @CsvSource({"a/b,a/b:latest,docker.io/a/b:latest", "a/b:v1,a/b:v1,docker.io/a/b:v1",
            "a/b@D,a/b:latest,docker.io/a/b@D", "a/b:v1@D,a/b:v1,docker.io/a/b@D"})
    void derivesTheLocalNameAndTheReferenceThatIsFetched(String remote, String name, String fetched) {
        SampleImage sample = SampleImage.of("one");
        String digest = sample.image().manifest().digest().toString();
        world.registry.publish("docker.io/a/b:latest", sample);
        world.registry.publish("docker.io/a/b:v1", sample);

        installs.of(remote.replace("D", digest)).done();

        assertThat(world.view(name).plugin().name().familiar()).isEqualTo(name);
        assertThat(world.view(name).plugin().reference()).isEqualTo(fetched.replace("D", digest));
        assertThat(world.registry.requests(Step.MANIFEST)).containsExactly(fetched.replace("D", digest));
    }

    @Test
    void givesAnInstalledPluginItsAlias() {
        world.registry.publish(REMOTE, SampleImage.of("one"));

        installs.of(
                new InstallRequest(Reference.parse(REMOTE), Optional.of(PluginName.parse("mine")), List.of(),
                        RegistryAccess.ANONYMOUS))
                .done();

        assertThat(world.view("mine").plugin().reference()).isEqualTo(REMOTE);
    }

    @Test
    void tellsWhatAPluginAsksForAndKeepsNothing() {
        world.registry.publish(REMOTE, Publications.privileged("one"));

        assertThat(privileges(REMOTE).value()).isEqualTo(Publications.PRIVILEGES);

        assertThat(world.registry.requests(Step.BLOB)).hasSize(1);
        assertThat(world.store.done()).doesNotContain(Operation.STAGE);
    }

    @Test
    void anErrorWhileAskingForPrivilegesIsNoEmptyListD1() {
        assertThat(privileges(REMOTE).error()).isInstanceOf(RemoteNotFoundException.class)
                .hasMessage("error resolving plugin reference: " + REMOTE + ": not found");
        world.registry.publish(REMOTE, SampleImage.of("one"));
        world.registry.script(Step.MANIFEST,
                new Behaviour.Fails(new RegistryException.Denied("who are you")));
        assertThat(privileges(REMOTE).error()).isInstanceOf(RemoteDeniedException.class)
                .hasMessage(
                        "error resolving plugin reference: pull access denied, repository does not exist or"
                                + " may require authorization: who are you");
        world.registry.script(Step.MANIFEST, new Behaviour.Fails(brokenOff));
        assertThat(privileges(REMOTE).error()).isInstanceOf(RemoteFailedException.class)
                .hasMessage("error resolving plugin reference: " + REMOTE + ": it hung up");
        world.registry.calm();
        world.registry.script(Step.BLOB, new Behaviour.Breaks(brokenOff));
        assertThat(privileges(REMOTE).error()).isInstanceOf(RemoteFailedException.class)
                .hasMessageContaining("plugin config of " + REMOTE);
    }

    @Test
    void followsTheOneEntryOfAnIndexThatFitsD3() {
        SampleImage ours = Publications.privileged("ours");
        SampleImage theirs = SampleImage.of("theirs");
        publishIndex(Map.of("linux/arm64", theirs, "linux/amd64", ours));

        assertThat(privileges(REMOTE).value()).isEqualTo(Publications.PRIVILEGES);
        installs.of(request(REMOTE, Publications.PRIVILEGES)).done();

        assertThat(stored(NAME).manifest()).contains(ours.image().manifest().digest());
        assertThat(world.registry.requests(Step.BLOB))
                .doesNotContain(theirs.image().config().digest().toString());
    }

    @Test
    void tellsThePlatformsThatAnIndexOffers() {
        publishIndex(
                Map.of("linux/arm64", SampleImage.of("theirs"), "linux/s390x", SampleImage.of("others")));

        assertThat(installs.of(REMOTE).error()).isInstanceOf(UnusableImageException.class)
                .hasMessageStartingWith(REMOTE)
                .hasMessageContainingAll("linux/arm64", "linux/s390x", "not linux/amd64");
    }

    private void publishIndex(Map<String, SampleImage> images) {
        images.forEach((platform, image) -> world.registry
                .publish("registry.example.com/vieux/echo:" + platform.replace('/', '-'), image));
        var manifests = new java.util.TreeMap<String, dev.patchbay.image.RawManifest>();
        images.forEach((platform, image) -> manifests.put(platform, image.image().manifest()));
        world.registry.publish(REMOTE, Publications.index(manifests));
    }

    @Test
    void givesUpOnIndexesThatLeadToOneAnother() {
        var index = SampleImage.of("one").image().manifest();
        for (int depth = 0; depth < 5; depth++) {
            world.registry.publish("registry.example.com/vieux/echo:" + depth, index);
            index = Publications.index(Map.of("linux/amd64", index));
        }
        world.registry.publish(REMOTE, index);

        assertThat(installs.of(REMOTE).error()).isInstanceOf(UnusableImageException.class)
                .hasMessageContaining("indexes");
    }

    @Test
    void checksPrivilegesBeforeAnyLayerIsFetched() {
        SampleImage sample = Publications.privileged("one");
        world.registry.publish(REMOTE, sample);

        var refused = installs.of(request(REMOTE, Publications.PRIVILEGES.subList(0, 1)));

        assertThat(refused.error()).isInstanceOfSatisfying(PrivilegesException.class,
                e -> assertThat(e.asked()).isEqualTo(Publications.PRIVILEGES))
                .hasMessage("incorrect privileges: the plugin asks for network [host], mount [/var/lib/a];"
                        + " not granted: mount [/var/lib/a]");
        assertThat(world.registry.requests(Step.BLOB))
                .containsExactly(sample.image().config().digest().toString());
        assertThat(world.store.done()).doesNotContain(Operation.STAGE);
        assertThat(world.events).isEmpty();
    }

    @Test
    void saysWhatWasGrantedWithoutBeingAskedFor() {
        world.registry.publish(REMOTE, SampleImage.of("one"));

        assertThat(installs.of(request(REMOTE, Publications.PRIVILEGES)).error())
                .isInstanceOf(PrivilegesException.class)
                .hasMessage("incorrect privileges: the plugin asks for nothing; granted without being asked"
                        + " for: network [host], mount [/var/lib/a]");
    }

    @Test
    void judgesTheConfigurationThatWasFetchedAndNeverReadsItAgainD2() {
        SampleImage sample = Publications.privileged("one");
        world.registry.publish(REMOTE, sample);

        installs.of(request(REMOTE, Publications.PRIVILEGES)).done();

        assertThat(world.registry.requests(Step.BLOB))
                .containsOnlyOnce(sample.image().config().digest().toString());
        assertThat(stored(NAME).config()).contains(sample.image().config().digest());
    }

    @Test
    void refusesTheSecondOfTwoInstallsOfOneNameD7() {
        world.registry.publish(REMOTE, SampleImage.of("one"));
        world.registry.script(Step.MANIFEST, new Behaviour.Hangs());
        var first = installs.of(REMOTE);

        var second = installs.of(REMOTE);

        assertThat(first.isOver()).isFalse();
        assertThat(second.error()).isInstanceOf(PluginConflictException.class)
                .hasMessage("plugin " + NAME + " already exists");
        assertThat(world.registry.requests()).hasSize(1);
        first.cancel();
        installs.nothingIsLeft();
    }

    @Test
    void refusesANameThatIsTakenBeforeAnythingIsAsked() {
        world.create(NAME);

        assertThat(installs.of(REMOTE).error()).isInstanceOf(PluginConflictException.class);
        assertThat(world.registry.requests()).isEmpty();
    }

    @Test
    void refusesEverythingAfterItsEnd() {
        world.ask(world.plugins.close()).done();
        var remote = Reference.parse(REMOTE);
        var upgrade = new UpgradeRequest(remote, List.of(), RegistryAccess.ANONYMOUS);

        assertThat(installs.of(REMOTE).error()).isInstanceOf(EngineClosedException.class);
        assertThat(privileges(REMOTE).error()).isInstanceOf(EngineClosedException.class);
        assertThat(world.ask(world.plugins.upgrade(NAME, upgrade).then()).error())
                .isInstanceOf(EngineClosedException.class);
        assertThat(world.ask(world.plugins.push(NAME, RegistryAccess.ANONYMOUS).then()).error())
                .isInstanceOf(EngineClosedException.class);
        assertThat(world.ask(world.plugins.collectGarbage(false)).error())
                .isInstanceOf(EngineClosedException.class);
    }
}
