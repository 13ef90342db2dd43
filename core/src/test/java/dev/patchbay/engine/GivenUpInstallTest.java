package dev.patchbay.engine;

import static dev.patchbay.engine.Installs.NAME;
import static dev.patchbay.engine.Installs.REMOTE;
import static dev.patchbay.engine.Installs.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.EngineClosedException;
import dev.patchbay.Force;
import dev.patchbay.PluginStorageException;
import dev.patchbay.RemoteFailedException;
import dev.patchbay.plugin.PluginFilter;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.registry.FakeRegistry.Behaviour;
import dev.patchbay.registry.FakeRegistry.Request;
import dev.patchbay.registry.FakeRegistry.Step;
import dev.patchbay.registry.RegistryException;
import dev.patchbay.store.InMemoryStore.Operation;
import dev.patchbay.store.PluginContexts;
import dev.patchbay.store.SampleImage;
import dev.patchbay.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** Installs that come to nothing: wherever that happens, nothing of them is left. */
final class GivenUpInstallTest {
    private final Installs installs = new Installs();
    private final EngineWorld world = installs.world;
    private final RegistryException brokenOff = new RegistryException.Unavailable("it hung up", null);

    @AfterEach
    void close() {
        installs.close();
    }

    static Stream<Predicate<Request>> places() {
        return Stream.of(request -> request.step() == Step.MANIFEST, GivenUpInstallTest::isConfig,
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
        var installing = installs.of(REMOTE);
        assertThat(installing.isOver()).isFalse();

        installing.cancel();

        installs.nothingIsLeft();
    }

    @ParameterizedTest
    @MethodSource("places")
    void leavesNothingOfAnInstallThatBreaksOffAnywhere(Predicate<Request> place) {
        world.registry.publish(REMOTE, SampleImage.of("one"));
        world.registry.script(place, new Behaviour.Fails(brokenOff));

        assertThat(installs.of(REMOTE).error()).isInstanceOf(RemoteFailedException.class)
                .hasMessageContaining("it hung up");

        installs.nothingIsLeft();
    }

    @Test
    void leavesNothingOfAnInstallThatIsCancelledAtAnyMomentOfTheDisks() {
        world.registry.publish(REMOTE, SampleImage.of("one"));
        for (int millis = 0; millis < 250; millis += 50) {
            world.store.delayWrites(Duration.ofMillis(100), world.time);
            var installing = installs.of(REMOTE);
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
        installs.nothingIsLeft();
    }

    @Test
    void givesBackTheNameWhenTheDiskRefuses() {
        world.registry.publish(REMOTE, SampleImage.of("one"));
        world.store.failNext(Operation.INSTALL, new StoreException("no space left on device", null));

        assertThat(installs.of(REMOTE).error()).isInstanceOf(PluginStorageException.class)
                .hasMessage("no space left on device");

        installs.nothingIsLeft();
    }

    @Test
    void refusesALayerThatIsNotWhatItsDigestSays() {
        SampleImage sample = SampleImage.of("one");
        world.registry.publish(REMOTE, sample);
        sample.blobs()
                .keySet()
                .forEach(digest -> world.registry.putBlob("registry.example.com/vieux/echo", digest,
                        "something else".getBytes(java.nio.charset.StandardCharsets.UTF_8)));

        assertThat(installs.of(REMOTE).error()).isInstanceOf(RemoteFailedException.class)
                .hasMessageContaining("is not what its digest says");

        world.registry.publish(REMOTE, sample);
        installs.nothingIsLeft();
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
    void closingGivesUpWhatIsBeingPulledAndLeavesNothing() {
        world.registry.publish(REMOTE, SampleImage.of("one"));
        world.registry.script(request -> request.step() == Step.BLOB && !isConfig(request),
                new Behaviour.Hangs());
        var installing = installs.of(REMOTE);

        var closing = world.ask(world.plugins.close());
        world.settle();

        assertThat(installing.error()).isInstanceOf(EngineClosedException.class);
        closing.done();
        assertThat(world.store.stagedCount()).isZero();
        assertThat(world.registry.underWay()).isZero();
    }
}
