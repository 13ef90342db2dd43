package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.EngineClosedException;
import dev.patchbay.Force;
import dev.patchbay.InstallRequest;
import dev.patchbay.PluginConflictException;
import dev.patchbay.PluginStorageException;
import dev.patchbay.PrivilegesException;
import dev.patchbay.PullProgress;
import dev.patchbay.RemoteDeniedException;
import dev.patchbay.RemoteFailedException;
import dev.patchbay.RemoteNotFoundException;
import dev.patchbay.UnusableImageException;
import dev.patchbay.UpgradeRequest;
import dev.patchbay.engine.EngineWorld.Asked;
import dev.patchbay.image.Platform;
import dev.patchbay.plugin.PluginFilter;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.plugin.Privilege;
import dev.patchbay.reference.Reference;
import dev.patchbay.registry.FakeRegistry.Behaviour;
import dev.patchbay.registry.FakeRegistry.Request;
import dev.patchbay.registry.FakeRegistry.Step;
import dev.patchbay.registry.RegistryAccess;
import dev.patchbay.registry.RegistryException;
import dev.patchbay.store.InMemoryStore.Operation;
import dev.patchbay.store.PluginContexts;
import dev.patchbay.store.SampleImage;
import dev.patchbay.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** What becomes of a plugin that is asked for, installed, or given up, on virtual time. */
class PluginInstallTest {
    private static final String REMOTE = "registry.example.com/vieux/echo:v1";
    private static final String NAME = "registry.example.com/vieux/echo:v1";
    private final RegistryException brokenOff = new RegistryException.Unavailable("it hung up", null);

    private final EngineWorld world = new EngineWorld(c -> c.platform(platform("linux/amd64")), _ -> {});

    @AfterEach
    void close() {
        world.close();
    }

    private static Platform platform(String text) {
        String[] parts = text.split("/", 2);
        return new Platform(parts[0], parts[1], Optional.empty());
    }

    private static InstallRequest request(String remote, List<Privilege> granted) {
        return new InstallRequest(Reference.parse(remote), Optional.empty(), granted,
                RegistryAccess.ANONYMOUS);
    }

    private Asked<List<PullProgress>> install(InstallRequest request) {
        return world.ask(world.plugins.install(request).collectList());
    }

    private Asked<List<PullProgress>> install(String remote) {
        return install(request(remote, List.of()));
    }

    private Asked<List<Privilege>> privileges(String remote) {
        return world.ask(world.plugins.privileges(Reference.parse(remote), RegistryAccess.ANONYMOUS));
    }

    private PluginRecord stored(String name) {
        return world.store.kept(world.view(name).plugin().id()).orElseThrow().record();
    }

    /** After an attempt that came to nothing. */
    private void nothingIsLeft() {
        world.settle();
        assertThat(world.store.stagedCount()).isZero();
        assertThat(world.registry.underWay()).isZero();
        assertThat(world.events).isEmpty();
        world.registry.calm();
        world.store.stopDelaying();
        install(REMOTE).done();
    }

    @Test
    void installsADisabledPluginAndTellsOfIt() {
        SampleImage sample = SampleImage.of("one");
        world.registry.publish(REMOTE, sample);

        var steps = install(REMOTE).value();

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

        install("vieux/echo").done();

        assertThat(world.view("vieux/echo").plugin().name().familiar()).isEqualTo("vieux/echo:latest");
        assertThat(stored("vieux/echo").plugin().reference()).isEqualTo("docker.io/vieux/echo:latest");
        assertThat(world.store.done()).doesNotContain(Operation.SAVE);
    }

    @Test
    void recordsEveryBlobSoThatNoneIsGarbageD19() {
        SampleImage sample = Publications.of(
                "{\"entrypoint\":[\"/bin/p\"],\"interface\":{\"socket\":\"p.sock\"}}", "one", "two");
        world.registry.publish(REMOTE, sample);

        install(REMOTE).done();
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

        install(remote.replace("D", digest)).done();

        assertThat(world.view(name).plugin().name().familiar()).isEqualTo(name);
        assertThat(world.view(name).plugin().reference()).isEqualTo(fetched.replace("D", digest));
        assertThat(world.registry.requests(Step.MANIFEST)).containsExactly(fetched.replace("D", digest));
    }

    @Test
    void givesAnInstalledPluginItsAlias() {
        world.registry.publish(REMOTE, SampleImage.of("one"));

        install(new InstallRequest(Reference.parse(REMOTE), Optional.of(PluginName.parse("mine")), List.of(),
                RegistryAccess.ANONYMOUS)).done();

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
        install(request(REMOTE, Publications.PRIVILEGES)).done();

        assertThat(stored(NAME).manifest()).contains(ours.image().manifest().digest());
        assertThat(world.registry.requests(Step.BLOB))
                .doesNotContain(theirs.image().config().digest().toString());
    }

    @Test
    void tellsThePlatformsThatAnIndexOffers() {
        publishIndex(
                Map.of("linux/arm64", SampleImage.of("theirs"), "linux/s390x", SampleImage.of("others")));

        assertThat(install(REMOTE).error()).isInstanceOf(UnusableImageException.class)
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

        assertThat(install(REMOTE).error()).isInstanceOf(UnusableImageException.class)
                .hasMessageContaining("indexes");
    }

    @Test
    void checksPrivilegesBeforeAnyLayerIsFetched() {
        SampleImage sample = Publications.privileged("one");
        world.registry.publish(REMOTE, sample);

        var refused = install(request(REMOTE, Publications.PRIVILEGES.subList(0, 1)));

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

        assertThat(install(request(REMOTE, Publications.PRIVILEGES)).error())
                .isInstanceOf(PrivilegesException.class)
                .hasMessage("incorrect privileges: the plugin asks for nothing; granted without being asked"
                        + " for: network [host], mount [/var/lib/a]");
    }

    @Test
    void judgesTheConfigurationThatWasFetchedAndNeverReadsItAgainD2() {
        SampleImage sample = Publications.privileged("one");
        world.registry.publish(REMOTE, sample);

        install(request(REMOTE, Publications.PRIVILEGES)).done();

        assertThat(world.registry.requests(Step.BLOB))
                .containsOnlyOnce(sample.image().config().digest().toString());
        assertThat(stored(NAME).config()).contains(sample.image().config().digest());
    }

    @Test
    void refusesTheSecondOfTwoInstallsOfOneNameD7() {
        world.registry.publish(REMOTE, SampleImage.of("one"));
        world.registry.script(Step.MANIFEST, new Behaviour.Hangs());
        var first = install(REMOTE);

        var second = install(REMOTE);

        assertThat(first.isOver()).isFalse();
        assertThat(second.error()).isInstanceOf(PluginConflictException.class)
                .hasMessage("plugin " + NAME + " already exists");
        assertThat(world.registry.requests()).hasSize(1);
        first.cancel();
        nothingIsLeft();
    }

    @Test
    void refusesANameThatIsTakenBeforeAnythingIsAsked() {
        world.create(NAME);

        assertThat(install(REMOTE).error()).isInstanceOf(PluginConflictException.class);
        assertThat(world.registry.requests()).isEmpty();
    }

    static Stream<Predicate<Request>> places() {
        return Stream.of(request -> request.step() == Step.MANIFEST, PluginInstallTest::isConfig,
                request -> request.step() == Step.BLOB && !isConfig(request));
    }

    private static boolean isConfig(Request request) {
        return request.what().equals(SampleImage.of("one").image().config().digest().toString());
    }

    @ParameterizedTest
    @MethodSource("places")
    void leavesNothingOfAnInstallThatIsCancelledAnywhere(Predicate<Request> place) {
        world.registry.publish(REMOTE, SampleImage.of("one"));
        world.registry.script(place, new Behaviour.Hangs());
        var installing = install(REMOTE);
        assertThat(installing.isOver()).isFalse();

        installing.cancel();

        nothingIsLeft();
    }

    @ParameterizedTest
    @MethodSource("places")
    void leavesNothingOfAnInstallThatBreaksOffAnywhere(Predicate<Request> place) {
        world.registry.publish(REMOTE, SampleImage.of("one"));
        world.registry.script(place, new Behaviour.Fails(brokenOff));

        assertThat(install(REMOTE).error()).isInstanceOf(RemoteFailedException.class)
                .hasMessageContaining("it hung up");

        nothingIsLeft();
    }

    @Test
    void leavesNothingOfAnInstallThatIsCancelledAtAnyMomentOfTheDisks() {
        world.registry.publish(REMOTE, SampleImage.of("one"));
        for (int millis = 0; millis < 250; millis += 50) {
            world.store.delayWrites(Duration.ofMillis(100), world.time);
            var installing = install(REMOTE);
            world.pass(Duration.ofMillis(millis));
            installing.cancel();
            world.pass(Duration.ofSeconds(10));
            assertThat(world.store.stagedCount()).isZero();
            // What was on its way to disk already is there whole, all else is not there at all.
            boolean there = !world.ask(world.plugins.list(PluginFilter.ALL).collectList()).value().isEmpty();
            assertThat(world.eventTypes()).as("cancelled after %d ms", millis)
                    .isEqualTo(there ? List.of("pull") : List.of());
            assertThat(there).isEqualTo(millis >= 100);
            world.ask(world.plugins.remove(NAME, Force.NO));
            world.pass(Duration.ofSeconds(10));
            world.events.clear();
        }
        nothingIsLeft();
    }

    @Test
    void givesBackTheNameWhenTheDiskRefuses() {
        world.registry.publish(REMOTE, SampleImage.of("one"));
        world.store.failNext(Operation.INSTALL, new StoreException("no space left on device", null));

        assertThat(install(REMOTE).error()).isInstanceOf(PluginStorageException.class)
                .hasMessage("no space left on device");

        nothingIsLeft();
    }

    @Test
    void refusesALayerThatIsNotWhatItsDigestSays() {
        SampleImage sample = SampleImage.of("one");
        world.registry.publish(REMOTE, sample);
        sample.blobs()
                .keySet()
                .forEach(digest -> world.registry.putBlob("registry.example.com/vieux/echo", digest,
                        "something else".getBytes(java.nio.charset.StandardCharsets.UTF_8)));

        assertThat(install(REMOTE).error()).isInstanceOf(RemoteFailedException.class)
                .hasMessageContaining("is not what its digest says");

        world.registry.publish(REMOTE, sample);
        nothingIsLeft();
    }

    /** The store has done its work when its last word meets a caller who hangs up. */
    @Test
    void discardsWhatIsStagedJustWhenItsAskerLeaves() {
        var late = new Late();
        var ticket = new Ticket(Intake.newId(world.works()), new Ticket.Claim.Name(PluginName.parse(NAME)));
        var staged = world
                .ask(world.store.stage(PluginName.parse(NAME), PluginContexts.sample("x").publisher()))
                .value();
        var attempt = world.ask(new Intake(world.works()).of(ticket, late));
        attempt.cancel();
        world.settle();

        late.arrives(new Delivery(staged, new Delivery.Origin.Local()));
        world.settle();

        assertThat(world.store.stagedCount()).isZero();
        assertThat(world.eventTypes()).isEmpty();
        world.create(NAME);
    }

    /** Delivers though it was cancelled, as a source may that was about to. */
    private static final class Late extends Mono<Delivery> {
        private final List<CoreSubscriber<? super Delivery>> subscribers = new ArrayList<>();

        @Override
        public void subscribe(CoreSubscriber<? super Delivery> actual) {
            subscribers.add(actual);
            actual.onSubscribe(Operators.emptySubscription());
        }

        void arrives(Delivery delivery) {
            subscribers.forEach(subscriber -> subscriber.onNext(delivery));
        }
    }

    @Test
    void refusesEverythingAfterItsEnd() {
        world.ask(world.plugins.close()).done();
        var remote = Reference.parse(REMOTE);
        var upgrade = new UpgradeRequest(remote, List.of(), RegistryAccess.ANONYMOUS);

        assertThat(install(REMOTE).error()).isInstanceOf(EngineClosedException.class);
        assertThat(privileges(REMOTE).error()).isInstanceOf(EngineClosedException.class);
        assertThat(world.ask(world.plugins.upgrade(NAME, upgrade).then()).error())
                .isInstanceOf(EngineClosedException.class);
        assertThat(world.ask(world.plugins.push(NAME, RegistryAccess.ANONYMOUS).then()).error())
                .isInstanceOf(EngineClosedException.class);
        assertThat(world.ask(world.plugins.collectGarbage(false)).error())
                .isInstanceOf(EngineClosedException.class);
    }

    @Test
    void closingGivesUpWhatIsBeingPulledAndLeavesNothing() {
        world.registry.publish(REMOTE, SampleImage.of("one"));
        world.registry.script(request -> request.step() == Step.BLOB && !isConfig(request),
                new Behaviour.Hangs());
        var installing = install(REMOTE);

        var closing = world.ask(world.plugins.close());
        world.settle();

        assertThat(installing.error()).isInstanceOf(EngineClosedException.class);
        closing.done();
        assertThat(world.store.stagedCount()).isZero();
        assertThat(world.registry.underWay()).isZero();
    }
}
