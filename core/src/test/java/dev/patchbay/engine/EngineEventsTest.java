package dev.patchbay.engine;

import static dev.patchbay.engine.EngineWorld.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.EngineBusyException;
import dev.patchbay.Force;
import dev.patchbay.InstallRequest;
import dev.patchbay.PluginSnapshot;
import dev.patchbay.Plugins;
import dev.patchbay.engine.EngineWorld.Asked;
import dev.patchbay.event.Actor;
import dev.patchbay.event.EventRecorder;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.EventType;
import dev.patchbay.event.From;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.event.RecorderSetup;
import dev.patchbay.event.SlowJournal;
import dev.patchbay.event.Subscription;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.reference.Reference;
import dev.patchbay.registry.RegistryAccess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** Which events an engine tells, and when. */
class EngineEventsTest {
    private final EngineWorld world = new EngineWorld();

    @AfterEach
    void close() {
        world.close();
    }

    private static List<PluginEvent> history(EngineWorld world) {
        var heard = new ArrayList<PluginEvent>();
        var view = world.plugins.events(Subscription.from(new From.Oldest()))
                .ofType(EventSignal.Happened.class)
                .subscribe(signal -> heard.add(signal.event()));
        world.settle();
        view.dispose();
        return heard;
    }

    private static List<String> types(List<PluginEvent> events) {
        return events.stream().map(event -> event.type().wireName()).toList();
    }

    @Test
    void beginsWithTheEngineAndTheFirstRound() {
        assertThat(types(history(world))).containsExactly("engine_started", "restored");
    }

    @Test
    void countsWhatWasRestored() {
        world.enabled("echo");
        try (EngineWorld next = world.killed(_ -> {}, _ -> {})) {
            assertThat(next.otherEvents).filteredOn(event -> event.type() == EventType.RESTORED)
                    .singleElement()
                    .satisfies(event -> assertThat(event.attributes())
                            .containsEntry("plugins", "1")
                            .containsEntry("running", "1"));
        }
    }

    @Test
    void tellsThatItStopsBeforeThePluginsDo() {
        world.enabled("echo");
        world.ask(world.plugins.close());

        assertThat(world.otherEvents.getLast().type()).isEqualTo(EventType.ENGINE_STOPPING);
        assertThat(world.events.getLast().type()).isIn(EventType.STOP, EventType.EXIT);
        assertThat(world.otherEvents.getLast().seq()).isLessThan(world.events.getLast().seq());
    }

    @Test
    void tellsHowEachProcessEnded() {
        PluginId id = world.enabled("echo");
        world.executor.end(id, new ExitStatus.Signaled(9, true));
        world.settle();
        world.ask(world.plugins.disable("echo", Force.NO)).done();

        assertThat(world.events).filteredOn(event -> event.type() == EventType.EXIT)
                .satisfiesExactly(
                        crashed -> assertThat(crashed.attributes()).containsEntry("signal", "9")
                                .containsEntry("oom", "true"),
                        stopped -> assertThat(stopped.generation()).isEqualTo(2));
    }

    @Test
    void tellsOfContentThatWasCollectedAndOfNothingElse() {
        world.ask(world.plugins.collectGarbage(false)).value();
        assertThat(types(world.otherEvents)).doesNotContain("collect");
        world.create("echo");
        world.ask(world.plugins.remove("echo", Force.NO)).done();
        world.pass(Duration.ofSeconds(5));

        assertThat(world.otherEvents).filteredOn(event -> event.type() == EventType.COLLECT)
                .singleElement()
                .satisfies(event -> assertThat(event.attributes()).containsKeys("blobs", "bytes"));
    }

    @Test
    void tellsNoPullOfARejectedInstallButWhatItWasRefusedForD29() {
        String remote = "registry.example.com/vieux/echo:v1";
        world.registry.publish(remote, Publications.privileged("one"));
        var refused = world
                .ask(world.plugins.install(new InstallRequest(Reference.parse(remote), Optional.empty(),
                        List.of(), RegistryAccess.ANONYMOUS)).collectList());

        assertThat(refused.error()).hasMessageStartingWith("incorrect privileges");
        assertThat(world.events).isEmpty();
        assertThat(world.otherEvents).last().satisfies(event -> {
            assertThat(event.type()).isEqualTo(EventType.PRIVILEGE_REFUSED);
            assertThat(event.name()).isEqualTo(remote);
            assertThat(event.attributes()).hasEntrySatisfying("reason",
                    reason -> assertThat(reason).startsWith("incorrect privileges"));
        });
    }

    @Test
    void tellsWhatAHostMustAccountForAndNothingElse() {
        var details = Map.of("method", "POST", "path", "/plugins/echo/disable");
        world.ask(world.plugins.note(EventType.AUTHZ_BYPASSED, details)
                .contextWrite(Context.of(Plugins.REQUEST_ID, "r-1"))).done();
        assertThat(world.otherEvents).last().satisfies(event -> {
            assertThat(event.type()).isEqualTo(EventType.AUTHZ_BYPASSED);
            assertThat(event.actor()).isEqualTo(Actor.caller("r-1"));
            assertThat(event.attributes()).isEqualTo(details);
        });
        assertThatThrownBy(() -> world.plugins.note(EventType.REMOVE, Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyChangeHasAnEventOfItsOwnUnderTheStoredNameD29() {
        PluginId id = world.create("echo");
        world.ask(world.plugins.enable(id.shortHex(), TIMEOUT)).done();
        world.executor.end(id, new ExitStatus.Exited(3));
        world.pass(Duration.ofMinutes(2));
        world.ask(world.plugins.disable(id.hex(), Force.NO)).done();
        world.ask(world.plugins.remove(id.hex(), Force.NO)).done();

        assertThat(world.eventTypes()).containsSubsequence("create", "start", "enable", "exit", "crash",
                "start",
                "recover", "stable", "stop", "disable", "remove");
        assertThat(world.events).allSatisfy(event -> {
            assertThat(event.name()).isEqualTo("echo:latest");
            assertThat(event.plugin()).contains(id);
        });
    }

    @Test
    void namesWhoAskedForIt() {
        world.ask(world.plugins.create("echo", dev.patchbay.store.PluginContexts.sample("echo").publisher())
                .contextWrite(context -> context.put(dev.patchbay.Plugins.REQUEST_ID, "r-1"))).value();

        assertThat(world.events).extracting(PluginEvent::actor).containsExactly(Actor.caller("r-1"));
        assertThat(world.otherEvents).extracting(PluginEvent::actor).containsOnly(Actor.ENGINE);
    }

    @Test
    void aSubscriberThatAsksForNothingMissesNothingAndDelaysNobodyD46() {
        var heard = new ArrayList<PluginEvent>();
        var slow = new BaseSubscriber<EventSignal>() {
            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {}

            @Override
            protected void hookOnNext(EventSignal signal) {
                if (signal instanceof EventSignal.Happened(PluginEvent event, long _)) {
                    heard.add(event);
                }
            }
        };
        world.plugins.events(Subscription.NOW).subscribe(slow);
        int before = world.events.size();
        for (int i = 0; i < 500; i++) {
            world.create("p" + i);
            world.ask(world.plugins.remove("p" + i, Force.NO)).done();
        }
        assertThat(heard).isEmpty();
        assertThat(world.events).hasSize(before + 1000);

        slow.request(Long.MAX_VALUE);
        world.settle();

        assertThat(heard).filteredOn(event -> event.plugin().isPresent())
                .containsExactlyElementsOf(world.events);
    }

    @Test
    void healthTellsOfAJournalThatDoesNotAnswerForAsLongAsThat() {
        var journal = new SlowJournal();
        try (var other = new EngineWorld(journal)) {
            other.settle();
            journal.hold();
            Asked<PluginId> created = other.ask(other.plugins.create("echo",
                    dev.patchbay.store.PluginContexts.sample("echo").publisher()));
            other.pass(RecorderSetup.PATIENCE.plusSeconds(1));

            created.done();
            assertThat(other.plugins.health().problems()).singleElement()
                    .asString()
                    .startsWith("the event journal cannot be used: ");
            assertThat(other.plugins.health().ready()).isTrue();

            journal.letGo();
            other.pass(RecorderSetup.PAUSE);
            assertThat(other.plugins.health().problems()).isEmpty();
        }
    }

    @Test
    void answersOnlyOnceTheEventIsInTheJournal() {
        var journal = new SlowJournal();
        try (var other = new EngineWorld(journal)) {
            other.settle();
            journal.hold();
            Asked<PluginId> created = other.ask(other.plugins.create("echo",
                    dev.patchbay.store.PluginContexts.sample("echo").publisher()));
            assertThat(created.isOver()).isFalse();
            assertThat(other.events).isEmpty();
            assertThat(other.view("echo").plugin().enabled()).isFalse(); // it is there all the same

            journal.letGo();
            other.settle();

            created.done();
            assertThat(other.eventTypes()).containsExactly("create");
        }
    }

    @Test
    void refusesWhoeverWouldWaitForAJournalThatHangsOnceManyDo() {
        var journal = new SlowJournal();
        try (var other = new EngineWorld(journal)) {
            other.settle();
            journal.hold();
            Asked<PluginId> created = other.ask(other.plugins.create("echo",
                    dev.patchbay.store.PluginContexts.sample("echo").publisher()));
            List<Asked<PluginSnapshot>> waiting = IntStream.range(1, EventRecorder.CROWD)
                    .mapToObj(_ -> new Asked<>(other.plugins.snapshot()))
                    .toList(); // and the one who creates

            for (Mono<?> more : List.of(other.plugins.snapshot(), other.plugins.disable("echo", Force.NO))) {
                assertThat(other.ask(more).error()).isInstanceOf(EngineBusyException.class)
                        .hasMessage(
                                "the engine is busy: 32768 events or answers wait for the event journal already;"
                                        + " try again in a moment");
            }
            assertThat(other.view("echo").plugin().enabled()).isFalse(); // what needs no journal is answered

            journal.letGo();
            other.settle();
            created.done();
            assertThat(waiting).allSatisfy(Asked::done);
            other.ask(other.plugins.snapshot()).done();
        }
    }

    @Test
    void viewsEndWithTheEngineThoughItsJournalHangs() {
        var journal = new SlowJournal();
        var other = new EngineWorld(journal);
        other.settle();
        Asked<Void> view = other.ask(other.plugins.events().then());
        journal.hold();
        Asked<Void> closed = other.ask(other.plugins.close());
        assertThat(view.isOver()).isFalse(); // the engine's last event is on its way
        other.pass(RecorderSetup.PATIENCE);

        view.done();
        closed.done();
        other.time.dispose();
    }
}
