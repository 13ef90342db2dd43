package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.Force;
import dev.patchbay.InstallRequest;
import dev.patchbay.PluginConflictException;
import dev.patchbay.PluginConflictException.Kind;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.PluginStorageException;
import dev.patchbay.PrivilegesException;
import dev.patchbay.PullProgress;
import dev.patchbay.RemoteFailedException;
import dev.patchbay.Status.State;
import dev.patchbay.UpgradeRequest;
import dev.patchbay.engine.EngineWorld.Asked;
import dev.patchbay.executor.ContainerRequest;
import dev.patchbay.executor.FakeBehaviour;
import dev.patchbay.executor.FakeRuntimeExecutor.SentSignal;
import dev.patchbay.executor.Signal;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.reference.Reference;
import dev.patchbay.registry.FakeRegistry.Behaviour;
import dev.patchbay.registry.FakeRegistry.Step;
import dev.patchbay.registry.RegistryAccess;
import dev.patchbay.registry.RegistryException;
import dev.patchbay.store.InMemoryStore.Operation;
import dev.patchbay.store.Loaded;
import dev.patchbay.store.SampleImage;
import dev.patchbay.store.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A plugin gets another version, goes back, or keeps the one that it has, on virtual time. */
class PluginUpgradeTest {
    private static final String V1 = "docker.io/vieux/echo:v1";
    private static final String V2 = "docker.io/vieux/echo:v2";
    private static final String NAME = "vieux/echo:v1";
    private static final Duration TIMEOUT = EngineWorld.TIMEOUT;

    private final SampleImage first = Publications.withEnv("one", "DEBUG=0", "GONE=0");
    private final SampleImage second = Publications.withEnv("two", "DEBUG=0", "LEVEL=3");
    private final EngineWorld world = new EngineWorld();
    private PluginId id = Lives.PLUGIN;

    @BeforeEach
    void installTheFirst() {
        world.registry.publish(V1, first);
        world.registry.publish(V2, second);
        var request = new InstallRequest(Reference.parse(V1), Optional.empty(), List.of(),
                RegistryAccess.ANONYMOUS);
        world.ask(world.plugins.install(request).then()).done();
        id = world.view(NAME).plugin().id();
        world.events.clear();
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Asked<List<PullProgress>> upgrade(String nameOrId, String remote) {
        var request = new UpgradeRequest(Reference.parse(remote), List.of(), RegistryAccess.ANONYMOUS);
        return world.ask(world.plugins.upgrade(nameOrId, request).collectList());
    }

    private Loaded.Intact kept() {
        return world.store.kept(id).orElseThrow();
    }

    /** As a process leaves it that was killed after it had noted that the plugin is off. */
    private void leaveContainer() {
        var request = new ContainerRequest(id, 7, "{}", world.store.rootfs(id), Path.of("/run/patchbay-test"),
                Optional.empty());
        world.ask(world.executor.start(request)).done();
    }

    @Test
    void filesAreNotExchangedUnderWhatAnEarlierProcessLeft() {
        leaveContainer();

        upgrade(NAME, V2).done();

        assertThat(world.executor.liveContainers()).isEmpty();
        assertThat(world.executor.signals()).extracting(SentSignal::signal).containsExactly(Signal.TERM);
        assertThat(world.view(NAME).status().generation()).as("its number counts").isEqualTo(7);
        leaveContainer();
        world.ask(world.plugins.rollBack(NAME)).done();
        assertThat(world.executor.liveContainers()).isEmpty();
    }

    @Test
    void whatCannotBeRemovedKeepsItsFiles() {
        leaveContainer();
        world.script(id, FakeBehaviour.LISTENS.failingDelete());

        assertThat(upgrade(NAME, V2).error()).isInstanceOf(PluginStorageException.class)
                .hasMessageContaining("as scripted");

        assertThat(world.store.done()).doesNotContain(Operation.UPGRADE);
        world.script(id, FakeBehaviour.LISTENS);
        oldVersionIsWhole();
    }

    private void oldVersionIsWhole() {
        world.settle();
        assertThat(world.store.stagedCount()).isZero();
        assertThat(world.registry.underWay()).isZero();
        assertThat(kept().record().config()).contains(first.image().config().digest());
        assertThat(kept().previous()).isEmpty();
        assertThat(world.view(NAME).plugin().reference()).isEqualTo(V1);
        assertThat(world.eventTypes()).doesNotContain("upgrade");
        world.registry.calm();
        upgrade(NAME, V2).done();
    }

    @Test
    void upgradesByNameAndByIdAndKeepsNameAndIdD4() {
        var steps = upgrade(id.hex(), V2).value();

        assertThat(steps.getFirst()).isEqualTo(
                new PullProgress.Resolved(Reference.parse(V2), second.image().manifest().digest()));
        assertThat(steps.getLast()).isEqualTo(new PullProgress.Done(id));
        assertThat(world.view(NAME).plugin().id()).isEqualTo(id);
        assertThat(world.view(NAME).plugin().reference()).isEqualTo(V2);
        assertThat(world.view(NAME).previousReference()).contains(V1);
        upgrade(id.shortHex(), V1).done();
        assertThat(world.view(NAME).plugin().reference()).isEqualTo(V1);
    }

    @Test
    void storesAllOfTheNewVersionInOneStepD14() {
        upgrade(NAME, V2).done();

        PluginRecord record = kept().record();
        assertThat(record.plugin().reference()).isEqualTo(V2);
        assertThat(record.plugin().config()).isEqualTo(world.view(NAME).plugin().config());
        assertThat(record.config()).contains(second.image().config().digest());
        assertThat(record.manifest()).contains(second.image().manifest().digest());
        assertThat(record.blobsums().items()).containsExactlyElementsOf(second.blobs().keySet());
        assertThat(world.store.done()).doesNotContain(Operation.SAVE).containsOnlyOnce(Operation.UPGRADE);
    }

    @Test
    void tellsOfAnUpgradeWithReferencesAndDigest() {
        upgrade(NAME, V2).done();

        assertThat(world.events).singleElement().satisfies(event -> {
            assertThat(event.type().wireName()).isEqualTo("upgrade");
            assertThat(event.attributes()).isEqualTo(Map.of("reference", V2, "from", V1, "digest",
                    second.image().manifest().digest().toString()));
        });
    }

    @Test
    void carriesOverTheSettingsOfTheMomentOfTheSwapD17() {
        world.ask(world.plugins.set(NAME, List.of("DEBUG=1"))).done();
        world.registry.script(Step.BLOB, new Behaviour.Waits(Duration.ofSeconds(5)));
        var upgrading = upgrade(NAME, V2);
        world.ask(world.plugins.set(NAME, List.of("DEBUG=2", "GONE=1"))).done();
        world.events.clear();
        world.pass(Duration.ofSeconds(20));

        assertThat(world.view(NAME).plugin().settings().env()).containsExactly("DEBUG=2", "LEVEL=3");
        assertThat(upgrading.value()).containsSubsequence(new PullProgress.SettingsDropped(List.of("GONE")),
                new PullProgress.Done(id));
        assertThat(world.events).singleElement()
                .satisfies(event -> assertThat(event.attributes()).containsEntry("settingsDropped", "GONE"));
    }

    @Test
    void changesNothingInMemoryWhenTheDiskRefusesD16() {
        world.store.failNext(Operation.UPGRADE, new StoreException("no space left on device", null));

        assertThat(upgrade(NAME, V2).error()).isInstanceOf(PluginStorageException.class)
                .hasMessage("no space left on device");

        assertThat(world.view(NAME).plugin().config()).isEqualTo(kept().record().plugin().config());
        oldVersionIsWhole();
    }

    @Test
    void theOldVersionIsUsableWhileTheNewOneIsPulled() {
        world.registry.script(Step.BLOB, new Behaviour.Hangs());
        var upgrading = upgrade(NAME, V2);

        world.ask(world.plugins.set(NAME, List.of("DEBUG=1"))).done();
        world.ask(world.plugins.enable(NAME, TIMEOUT)).done();

        assertThat(world.state(NAME)).isEqualTo(State.RUNNING);
        upgrading.cancel();
        world.ask(world.plugins.disable(NAME, Force.NO)).done();
        oldVersionIsWhole();
    }

    @Test
    void refusesToUpgradeAnEnabledPlugin() {
        world.ask(world.plugins.enable(NAME, TIMEOUT)).done();

        assertThat(upgrade(NAME, V2).error()).isInstanceOf(PluginConflictException.class)
                .hasMessage("plugin must be disabled before upgrading: plugin vieux/echo:v1 is enabled");
        assertThat(world.registry.requests(Step.MANIFEST)).hasSize(1);
    }

    @Test
    void refusesTheSwapOfAPluginThatWasEnabledMeanwhile() {
        world.registry.script(Step.BLOB, new Behaviour.Waits(Duration.ofSeconds(5)));
        var upgrading = upgrade(NAME, V2);
        world.ask(world.plugins.enable(NAME, TIMEOUT)).done();
        world.pass(Duration.ofSeconds(20));

        assertThat(upgrading.error()).isInstanceOf(PluginConflictException.class)
                .hasMessageContaining("must be disabled before upgrading");
        assertThat(world.state(NAME)).isEqualTo(State.RUNNING);
        world.ask(world.plugins.disable(NAME, Force.NO)).done();
        oldVersionIsWhole();
    }

    @Test
    void refusesTheSecondOfTwoUpgrades() {
        world.registry.script(Step.MANIFEST, new Behaviour.Hangs());
        var one = upgrade(NAME, V2);

        assertThat(upgrade(id.hex(), V2).error())
                .isInstanceOfSatisfying(PluginConflictException.class,
                        e -> assertThat(e.kind()).isEqualTo(Kind.UPGRADING))
                .hasMessage("plugin vieux/echo:v1 is being upgraded");
        assertThat(one.isOver()).as("the second one's end does not end the first").isFalse();
        assertThat(upgrade(NAME, V2).error()).isInstanceOf(PluginConflictException.class);
        one.cancel();
        oldVersionIsWhole();
    }

    @Test
    void discardsTheNewVersionOfAPluginThatWasRemovedMeanwhile() {
        world.registry.script(Step.BLOB, new Behaviour.Waits(Duration.ofSeconds(5)));
        var upgrading = upgrade(NAME, V2);
        world.ask(world.plugins.remove(NAME, Force.NO)).done();
        world.pass(Duration.ofSeconds(20));

        assertThat(upgrading.error()).isInstanceOf(PluginNotFoundException.class);
        assertThat(world.store.stagedCount()).isZero();
    }

    @Test
    void leavesTheOldVersionAndNothingStagedWhenThePullBreaksOffD15() {
        world.registry.script(request -> request.step() == Step.BLOB,
                new Behaviour.Breaks(new RegistryException.Unavailable("it hung up", null)));

        assertThat(upgrade(NAME, V2).error()).isInstanceOf(RemoteFailedException.class);

        oldVersionIsWhole();
    }

    @Test
    void checksTheNewVersionsPrivileges() {
        world.registry.publish("docker.io/vieux/echo:v3", Publications.privileged("three"));

        assertThat(upgrade(NAME, "vieux/echo:v3").error()).isInstanceOf(PrivilegesException.class)
                .hasMessageStartingWith("incorrect privileges");

        oldVersionIsWhole();
    }

    @Test
    void upgradesToTheSameVersionAgainWhichRepairsItsFiles() {
        upgrade(NAME, V1).done();

        assertThat(world.view(NAME).previousReference()).contains(V1);
        assertThat(kept().previous()).isPresent();
    }

    @Test
    void goesBackToThePreviousVersionWithItsSettingsAndForwardAgain() {
        world.ask(world.plugins.set(NAME, List.of("DEBUG=1", "GONE=1"))).done();
        upgrade(NAME, V2).done();
        world.ask(world.plugins.set(NAME, List.of("DEBUG=2"))).done();
        world.events.clear();

        world.ask(world.plugins.rollBack(id.shortHex())).done();

        assertThat(world.view(NAME).plugin().settings().env()).containsExactly("DEBUG=1", "GONE=1");
        assertThat(world.view(NAME).plugin().reference()).isEqualTo(V1);
        assertThat(world.view(NAME).previousReference()).contains(V2);
        assertThat(kept().record().config()).contains(first.image().config().digest());
        assertThat(world.events).singleElement().satisfies(event -> {
            assertThat(event.type().wireName()).isEqualTo("rollback");
            assertThat(event.attributes()).containsEntry("reference", V1).containsEntry("from", V2);
        });
        world.ask(world.plugins.rollBack(NAME)).done();
        assertThat(world.view(NAME).plugin().settings().env()).containsExactly("DEBUG=2", "LEVEL=3");
        assertThat(kept().record().config()).contains(second.image().config().digest());
    }

    @Test
    void knowsThePreviousVersionAfterARestart() {
        upgrade(NAME, V2).done();
        var loaded = kept();
        var record = loaded.record();
        var found = Life.found(record, loaded.previous(), 0, Lives.NOW);

        assertThat(Views.of(new PluginState.Stopped(found)).previousReference()).contains(V1);
    }

    @Test
    void refusesToGoBackWhereThereIsNothingOrWhileItRuns() {
        assertThat(world.ask(world.plugins.rollBack(NAME)).error()).isInstanceOfSatisfying(
                PluginConflictException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NO_PREVIOUS));
        upgrade(NAME, V2).done();
        world.ask(world.plugins.enable(NAME, TIMEOUT)).done();
        assertThat(world.ask(world.plugins.rollBack(NAME)).error())
                .isInstanceOf(PluginConflictException.class)
                .hasMessage("plugin must be disabled before rolling back: plugin vieux/echo:v1 is enabled");
    }

    @Test
    void keepsThePresentVersionWhenTheDiskRefusesToGoBack() {
        upgrade(NAME, V2).done();
        world.store.failNext(Operation.ROLL_BACK, new StoreException("read-only file system", null));

        assertThat(world.ask(world.plugins.rollBack(NAME)).error())
                .isInstanceOf(PluginStorageException.class);

        assertThat(world.view(NAME).plugin().reference()).isEqualTo(V2);
    }

    @Test
    void collectsGarbageWhenAskedAndTellsWhatItDid() {
        var garbage = world.store.putBlob(new byte[]{1, 2, 3});

        assertThat(world.ask(world.plugins.collectGarbage(true)).value().unreferenced()).isEqualTo(1);
        assertThat(world.store.hasBlob(garbage)).isTrue();
        assertThat(world.ask(world.plugins.collectGarbage(false)).value().deleted()).isEqualTo(1);
        assertThat(world.store.hasBlob(garbage)).isFalse();
        assertThat(first.digests()).allMatch(world.store::hasBlob);
        world.store.failNext(Operation.COLLECT_GARBAGE, new StoreException("cannot read", null));
        assertThat(world.ask(world.plugins.collectGarbage(false)).error())
                .isInstanceOf(PluginStorageException.class);
        world.ask(world.plugins.collectGarbage(true)).done();
    }

    @Test
    void collectsGarbageOneAtATime() {
        world.store.delayWrites(Duration.ofSeconds(1), world.time);
        var one = world.ask(world.plugins.collectGarbage(false));
        var two = world.ask(world.plugins.collectGarbage(true));
        world.pass(Duration.ofSeconds(1));

        assertThat(one.isOver()).isTrue();
        assertThat(two.isOver()).isFalse();
        world.pass(Duration.ofSeconds(1));
        two.done();
    }
}
