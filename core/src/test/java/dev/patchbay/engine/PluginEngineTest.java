package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.EngineBusyException;
import dev.patchbay.EngineFaultException;
import dev.patchbay.Force;
import dev.patchbay.InvalidRequestException;
import dev.patchbay.PluginBusyException;
import dev.patchbay.PluginConflictException;
import dev.patchbay.PluginStartException;
import dev.patchbay.PluginStorageException;
import dev.patchbay.Status.State;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.executor.ExecutorException.Step;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.executor.FakeBehaviour;
import dev.patchbay.plugin.PluginFilter;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.store.InMemoryStore.Operation;
import dev.patchbay.store.PluginContexts;
import dev.patchbay.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class PluginEngineTest {
    private static final Duration TIMEOUT = EngineWorld.TIMEOUT;
    private final EngineWorld world = new EngineWorld();

    @AfterEach
    void closes() {
        world.close();
    }

    @Test
    void createsADisabledPluginAndTellsOfIt() {
        PluginId id = world.create("echo");

        assertThat(world.view("echo").plugin().enabled()).isFalse();
        assertThat(world.view("echo").plugin().id()).isEqualTo(id);
        assertThat(world.state("echo")).isEqualTo(State.STOPPED);
        assertThat(world.eventTypes()).containsExactly("create");
        assertThat(world.events.getFirst().name()).isEqualTo("echo:latest");
    }

    @Test
    void storesTheReferenceOfACreatedPluginAtOnceD13() {
        PluginId id = world.create("vieux/echo:v1");

        assertThat(world.store.kept(id).orElseThrow().record().plugin().reference())
                .isEqualTo("vieux/echo:v1");
    }

    @Test
    void refusesANameThatIsTakenD4() {
        world.create("echo");

        var again = world.ask(world.plugins.create("docker.io/library/echo:latest", Flux.never()));

        assertThat(again.error()).isInstanceOf(PluginConflictException.class)
                .hasMessage("plugin echo:latest already exists");
    }

    @Test
    void refusesTheSecondOfTwoCreatesOfOneNameBeforeItIsReadD7D11() {
        var first = world.ask(world.plugins.create("echo", Flux.never()));

        var second = world.ask(world.plugins.create("echo", Flux.error(new AssertionError("was read"))));

        assertThat(first.isOver()).isFalse();
        assertThat(second.error()).isInstanceOf(PluginConflictException.class);
        first.cancel();
        world.settle();
        world.create("echo");
    }

    @Test
    void leavesNothingOfACreateThatIsCancelled() {
        var creating = world.ask(world.plugins.create("echo", Flux.never()));
        creating.cancel();
        world.settle();

        assertThat(world.store.stagedCount()).isZero();
        assertThat(world.ask(world.plugins.list(PluginFilter.ALL).collectList()).value()).isEmpty();
    }

    @Test
    void leavesNoNameBehindWhenTheCallerLeavesBeforeItIsReserved() {
        // From the state thread itself, so that the reservation is still in the mailbox when its caller leaves.
        world.time.schedule(() -> world.plugins.create("echo", Flux.never()).subscribe().dispose());
        world.settle();

        world.create("echo");
    }

    @Test
    void givesBackTheNameOfACreateThatTheDiskRefused() {
        world.store.failNext(Operation.INSTALL, new StoreException("no space left on device", null));

        var refused = world.ask(world.plugins.create("echo", PluginContexts.sample("echo").publisher()));

        assertThat(refused.error()).isInstanceOf(PluginStorageException.class)
                .hasMessageContaining("no space");
        assertThat(world.store.stagedCount()).isZero();
        world.create("echo");
    }

    @Test
    void refusesABadName() {
        assertThat(world.ask(world.plugins.create("Echo!", Flux.never())).error())
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("Echo!");
    }

    @Test
    void enablesAPlugin() {
        PluginId id = world.enabled("echo");

        assertThat(world.state("echo")).isEqualTo(State.RUNNING);
        assertThat(world.view("echo").plugin().enabled()).isTrue();
        assertThat(world.storedAsEnabled(id)).isTrue();
        assertThat(world.eventTypes()).containsExactly("create", "start", "enable");
    }

    @Test
    void answersAnEnableOnlyWhenItIsStored() {
        PluginId id = world.create("echo");
        world.store.delayWrites(Duration.ofSeconds(1), world.time);

        var enabling = world.ask(world.plugins.enable("echo", TIMEOUT));

        assertThat(enabling.isOver()).isFalse();
        assertThat(world.state("echo")).isEqualTo(State.STARTING);
        world.pass(Duration.ofSeconds(1)); // the number of its start is written
        assertThat(world.executor.starts()).hasSize(1);
        assertThat(enabling.isOver()).isFalse();
        assertThat(world.eventTypes()).doesNotContain("enable");
        world.pass(Duration.ofSeconds(1));
        enabling.done();
        assertThat(world.storedAsEnabled(id)).isTrue();
    }

    @Test
    void holdsOnlyThePluginBackWhoseFactsAreOnTheirWayToDisk() {
        world.create("slow");
        world.enabled("other");
        world.store.delayWrites(Duration.ofSeconds(5), world.time);
        world.ask(world.plugins.set("slow", List.of("DEBUG=1")));
        world.store.stopDelaying();

        var enabling = world.ask(world.plugins.enable("slow", TIMEOUT));
        var other = world.ask(world.plugins.disable("other", Force.NO));

        other.done();
        assertThat(enabling.isOver()).isFalse();
        world.pass(Duration.ofSeconds(5));
        enabling.done();
    }

    @Test
    void stopsAPluginAgainWhoseEnablingCannotBeStored() {
        PluginId id = world.create("echo");
        world.store.failNext(Operation.SAVE, new StoreException("read-only file system", null));

        var enabling = world.ask(world.plugins.enable("echo", TIMEOUT));

        assertThat(enabling.error()).isInstanceOf(PluginStorageException.class)
                .hasMessageContaining("read-only");
        assertThat(world.state("echo")).isEqualTo(State.STOPPED);
        assertThat(world.executor.liveContainers()).isEmpty();
        assertThat(world.storedAsEnabled(id)).isFalse();
    }

    @Test
    void startsOneContainerForTwoEnablesAtOnceD50() {
        PluginId id = world.create("echo");
        world.script(id, FakeBehaviour.LISTENS.listeningAfter(Duration.ofSeconds(2)));

        var first = world.ask(world.plugins.enable("echo", TIMEOUT));
        var second = world.ask(world.plugins.enable("echo", TIMEOUT));
        world.pass(Duration.ofSeconds(2));

        first.done();
        assertThat(second.error()).isInstanceOf(PluginConflictException.class)
                .hasMessage("plugin already enabled: plugin echo:latest is enabled");
        assertThat(world.executor.starts()).hasSize(1);
    }

    @Test
    void saysWhyAPluginThatExitsAtOnceDidNotStartD49() {
        PluginId id = world.create("echo");
        world.script(id, FakeBehaviour.LISTENS.neverListening()
                .ending(Duration.ofMillis(5), new ExitStatus.Exited(3)));

        var enabling = world.ask(world.plugins.enable("echo", TIMEOUT));
        world.pass(Duration.ofMillis(5));

        assertThat(enabling.error()).isInstanceOf(PluginStartException.class)
                .hasMessageContaining("exited with code 3 before it accepted connections");
        assertThat(world.state("echo")).isEqualTo(State.STOPPED);
        assertThat(world.view("echo").status().lastExit()).contains(new ExitStatus.Exited(3));
        assertThat(world.executor.liveContainers()).isEmpty();
    }

    @Test
    void saysThatAPluginIsStillDisabledAfterAFailedEnableAlsoOnDiskD36() {
        PluginId id = world.create("echo");
        world.script(id, FakeBehaviour.LISTENS.neverListening());

        var enabling = world.ask(world.plugins.enable("echo", Duration.ofSeconds(3)));
        assertThat(enabling.isOver()).isFalse();
        world.pass(Duration.ofSeconds(3));

        assertThat(enabling.error()).isInstanceOf(PluginStartException.class)
                .hasMessageContaining("within 3s");
        assertThat(world.view("echo").plugin().enabled()).isFalse();
        assertThat(world.storedAsEnabled(id)).isFalse();
    }

    @Test
    void cleansUpAfterAStartThatTheRuntimeRefusedD51() {
        PluginId id = world.create("echo");
        world.script(id, FakeBehaviour.LISTENS.failingAt(Step.CREATE));

        var enabling = world.ask(world.plugins.enable("echo", TIMEOUT));

        assertThat(enabling.error()).isInstanceOf(PluginStartException.class);
        assertThat(world.executor.deletes()).contains(id);
        world.script(id, FakeBehaviour.LISTENS);
        world.ask(world.plugins.enable("echo", TIMEOUT)).done();
    }

    @Test
    void startsNoSecondContainerWhenAPluginDiesWhileItIsEnabledD52() {
        PluginId id = world.create("echo");
        world.script(id, FakeBehaviour.LISTENS.listeningAfter(Duration.ofSeconds(5))
                .ending(Duration.ofSeconds(1), new ExitStatus.Signaled(9, true)));

        var enabling = world.ask(world.plugins.enable("echo", TIMEOUT));
        world.pass(Duration.ofMinutes(1));

        assertThat(enabling.error()).hasMessageContaining("out of memory");
        assertThat(world.executor.starts()).hasSize(1);
    }

    @Test
    void refusesSettingsOfAnEnabledPlugin() {
        world.enabled("echo");

        assertThat(world.ask(world.plugins.set("echo", List.of("DEBUG=1"))).error())
                .hasMessageContaining("disable plugin before setting");
    }

    @Test
    void aRuleThatThrowsCostsItsCommandOnly() {
        var noList = new ArrayList<String>();
        noList.add(null);
        PluginId id = world.create("echo");
        var works = world.works();

        var fault = world.ask(works.submit(new Command.ChangeSettings(id, noList)));

        assertThat(fault.error()).isInstanceOf(EngineFaultException.class);
        world.ask(world.plugins.enable("echo", TIMEOUT)).done();
    }

    @Test
    void refusesWhatDoesNotFitAPluginsQueueAndServesOthers() {
        PluginId id = world.create("echo");
        world.create("other");
        world.script(id, FakeBehaviour.LISTENS.listeningAfter(Duration.ofSeconds(5)));
        world.ask(world.plugins.enable("echo", TIMEOUT));

        var waiting = IntStream.range(0, EngineConfig.WAITING_PER_PLUGIN + 1)
                .mapToObj(_ -> world.ask(world.plugins.enable("echo", TIMEOUT)))
                .toList();

        assertThat(waiting.getLast().error()).isInstanceOf(PluginBusyException.class);
        assertThat(waiting.getFirst().isOver()).isFalse();
        world.ask(world.plugins.enable("other", TIMEOUT)).done();
        world.pass(Duration.ofSeconds(5));
        assertThat(waiting).allMatch(EngineWorld.Asked::isOver);
    }

    @Test
    void carriesOutACommandWhoseCallerIsGone() {
        PluginId id = world.create("echo");
        world.script(id, FakeBehaviour.LISTENS.listeningAfter(Duration.ofSeconds(1)));
        world.ask(world.plugins.enable("echo", TIMEOUT)).cancel();
        world.pass(Duration.ofSeconds(1));

        assertThat(world.state("echo")).isEqualTo(State.RUNNING);
    }

    @Test
    void numbersEventsWithoutGapsAndNamesPluginsByTheirNameD29() {
        PluginId id = world.create("echo");
        world.ask(world.plugins.enable(id.hex(), TIMEOUT)).done();
        world.ask(world.plugins.disable(id.shortHex(), Force.NO)).done();

        var all = new ArrayList<PluginEvent>(world.events);
        all.addAll(world.otherEvents);
        long first = all.stream().mapToLong(PluginEvent::seq).min().orElseThrow(); // some were before the subscriber
        assertThat(all).extracting(PluginEvent::seq)
                .containsExactlyInAnyOrderElementsOf(LongStream.range(first, first + all.size())
                        .boxed()
                        .toList());
        assertThat(world.events).extracting(PluginEvent::name).containsOnly("echo:latest");
    }

    @Test
    void refusesCommandsWhenTheMailboxIsFull() {
        try (var small = new EngineWorld(c -> c.mailboxSize(1), _ -> {})) {
            PluginId id = small.create("echo");
            var works = small.works();
            Flux<Throwable> refused = Flux.range(0, 3)
                    .flatMap(_ -> works.submit(new Command.Disable(id, Force.NO))
                            .then(Mono.<Throwable>empty())
                            .onErrorResume(RuntimeException.class, Mono::just), 3);
            var errors = new ArrayList<Throwable>();
            // From the state thread itself, so that nothing is taken out while they are put in.
            small.time.schedule(() -> refused.subscribe(errors::add, errors::add));
            small.settle();

            assertThat(errors).anyMatch(EngineBusyException.class::isInstance);
        }
    }
}
