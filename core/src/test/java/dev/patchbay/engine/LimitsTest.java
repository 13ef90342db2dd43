package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.Force;
import dev.patchbay.PluginStorageException;
import dev.patchbay.Status.State;
import dev.patchbay.UncleanCloseException;
import dev.patchbay.executor.ExecutorException.Step;
import dev.patchbay.executor.FakeBehaviour;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.store.InMemoryStore.Operation;
import dev.patchbay.store.PluginContexts;
import dev.patchbay.store.StoreException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What hangs is an error that names what was tried and the limit, and costs nobody else anything. */
class LimitsTest {
    private EngineWorld world = new EngineWorld();
    private final PluginId echo = world.create("echo");

    @AfterEach
    void closes() {
        world.close();
    }

    @Test
    void aStartThatHangsIsAnErrorWithItsLimit() {
        world.script(echo, FakeBehaviour.LISTENS.hangingAt(Step.START));
        var enabling = world.ask(world.plugins.enable("echo", EngineWorld.TIMEOUT));

        world.pass(Duration.ofMinutes(5));

        assertThat(enabling.error()).hasMessageContaining("starting its container took longer than 300s");
        assertThat(world.state("echo")).isEqualTo(State.STOPPED);
    }

    @Test
    void aLookAtTheHostThatHangsIsAnErrorWithItsLimitAndNoOtherIsBegunMeanwhile() {
        world.looks.hang();
        for (int time = 0; time < 20; time++) {
            var enabling = world.ask(world.plugins.enable("echo", EngineWorld.TIMEOUT));
            world.pass(Duration.ofSeconds(30));
            assertThat(enabling.error())
                    .hasMessageContaining("looking at what it needs of this host took longer than 30s");
        }
        assertThat(world.looks.hanging()).isOne();

        var waiting = world.ask(world.plugins.enable("echo", EngineWorld.TIMEOUT));
        world.looks.goOn();
        world.settle();

        waiting.done();
        assertThat(world.executor.starts()).as("nothing comes of those that were given up").hasSize(1);
    }

    @Test
    void aRemovalThatHangsIsAnErrorWithItsLimitAndOthersGoOn() {
        world.ask(world.plugins.enable("echo", EngineWorld.TIMEOUT)).done();
        world.script(echo, FakeBehaviour.LISTENS.hangingAt(Step.DELETE));
        var disabling = world.ask(world.plugins.disable("echo", Force.NO));

        world.enabled("other");
        world.pass(Duration.ofSeconds(60));

        assertThat(disabling.error()).hasMessageContaining("removing its container took longer than 60s");
        assertThat(world.state("echo")).isEqualTo(State.STUCK);
        assertThat(world.state("other")).isEqualTo(State.RUNNING);
    }

    @Test
    void aTakeOverThatHangsCostsItselfOnlyAndIsTriedAgainD42() {
        world.ask(world.plugins.enable("echo", EngineWorld.TIMEOUT)).done();
        world.enabled("other");
        world = world.killed(_ -> {},
                w -> w.script(echo, FakeBehaviour.LISTENS.hangingAt(Step.TAKE_OVER)));

        assertThat(world.state("other")).isEqualTo(State.RUNNING);
        assertThat(world.state("echo")).isEqualTo(State.RESTORING);
        assertThat(world.plugins.health().ready()).isFalse();
        world.pass(Duration.ofSeconds(60));

        assertThat(world.plugins.health().ready()).as("the first round is over").isTrue();
        assertThat(world.plugins.health().problems()).containsExactly("plugin echo:latest could not be"
                + " restored: finding out what is left of it took longer than 60s");
        world.script(echo, FakeBehaviour.LISTENS);
        world.pass(Duration.ofSeconds(1));
        assertThat(world.state("echo")).isEqualTo(State.RUNNING);
        assertThat(world.view("echo").status().generation()).isEqualTo(1);
        assertThat(world.plugins.health().problems()).isEmpty();
    }

    @Test
    void disablingDuringATakeOverThatHangsIsDurableAtOnceAndOverInTime() {
        world.ask(world.plugins.enable("echo", EngineWorld.TIMEOUT)).done();
        world = world.killed(_ -> {},
                w -> w.script(echo, FakeBehaviour.LISTENS.hangingAt(Step.TAKE_OVER)));

        var disabling = world.ask(world.plugins.disable("echo", Force.NO));
        assertThat(world.storedAsEnabled(echo)).isFalse();
        world.pass(Duration.ofSeconds(60));

        disabling.done();
        assertThat(world.executor.liveContainers()).isEmpty();
    }

    @Test
    void closingDuringATakeOverThatHangsIsOverAtTheShutdownTimeout() {
        world.ask(world.plugins.enable("echo", EngineWorld.TIMEOUT)).done();
        world = world.killed(c -> c.shutdownTimeout(Duration.ofSeconds(20)),
                w -> w.script(echo, FakeBehaviour.LISTENS.hangingAt(Step.TAKE_OVER)));

        var closing = world.ask(world.plugins.close());
        world.pass(Duration.ofSeconds(20));

        assertThat(closing.error()).isInstanceOfSatisfying(UncleanCloseException.class,
                e -> assertThat(e.plugins()).containsExactly("echo:latest"));
    }

    @Test
    void aWriteThatHangsIsNotGuessedAboutAndNobodyWaitsForIt() {
        world.store.delayWrites(Duration.ofMinutes(10), world.time);
        var set = world.ask(world.plugins.set("echo", List.of("DEBUG=1")));
        var held = world.ask(world.plugins.enable("echo", EngineWorld.TIMEOUT));
        world.pass(Duration.ofSeconds(29));
        assertThat(set.isOver() || held.isOver()).isFalse();

        world.pass(Duration.ofSeconds(1));

        assertThat(set.error()).isInstanceOf(PluginStorageException.class)
                .hasMessageContaining("30s", "may still come into effect");
        assertThat(held.error()).isInstanceOf(PluginStorageException.class)
                .hasMessageContaining("cannot be changed now");
        assertThat(world.ask(world.plugins.remove("echo", Force.NO)).error())
                .as("who comes later hears it at once")
                .hasMessageContaining("cannot be changed now");
        assertThat(world.view("echo").plugin().settings().env()).doesNotContain("DEBUG=1");

        world.store.stopDelaying();
        world.pass(Duration.ofMinutes(10));

        assertThat(world.view("echo").plugin().settings().env()).contains("DEBUG=1");
        assertThat(world.eventTypes()).containsExactly("create", "set");
        world.ask(world.plugins.enable("echo", EngineWorld.TIMEOUT)).done();
    }

    @Test
    void aWriteThatHangsAndFailsAtLastChangesNothing() {
        world.store.delayWrites(Duration.ofMinutes(10), world.time);
        world.ask(world.plugins.set("echo", List.of("DEBUG=1")));
        world.store.failNext(Operation.SAVE, new StoreException("disk on fire", null));
        world.pass(Duration.ofMinutes(10));

        assertThat(world.view("echo").plugin().settings().env()).doesNotContain("DEBUG=1");
        world.store.stopDelaying();
        world.ask(world.plugins.enable("echo", EngineWorld.TIMEOUT)).done();
    }

    @Test
    void aPluginWhoseInstallationHangsAppearsWhenItIsThere() {
        world.store.delayWrites(Duration.ofMinutes(10), world.time);
        var creating = world.ask(world.plugins.create("late", PluginContexts.sample("late").publisher()));
        world.pass(Duration.ofMinutes(10).plusSeconds(30));

        assertThat(creating.error()).hasMessageContaining("may still come into effect");
        world.store.stopDelaying();
        world.pass(Duration.ofMinutes(10));
        assertThat(world.state("late")).isEqualTo(State.STOPPED);
        assertThat(world.store.stagedCount()).isZero();
    }

    @Test
    void theNumberOfAStartIsOnDiskBeforeItBegins() {
        world.store.delayWrites(Duration.ofSeconds(5), world.time);
        var enabling = world.ask(world.plugins.enable("echo", EngineWorld.TIMEOUT));
        world.pass(Duration.ofMillis(4_999));
        assertThat(world.executor.starts()).isEmpty();

        world.pass(Duration.ofMillis(1));

        assertThat(world.executor.starts()).hasSize(1);
        assertThat(world.store.kept(echo).orElseThrow().runtime().orElseThrow().generation()).isEqualTo(1);
        world.pass(Duration.ofSeconds(5));
        enabling.done();
    }

    @Test
    void aRuntimeRecordThatCannotBeWrittenKeepsNothingFromStarting() {
        world.store.failNext(Operation.SAVE_RUNTIME, new StoreException("disk full", null));

        world.ask(world.plugins.enable("echo", EngineWorld.TIMEOUT)).done();

        assertThat(world.state("echo")).isEqualTo(State.RUNNING);
    }

    @Test
    void aRuntimeRecordThatHangsKeepsNothingFromStartingForLong() {
        world.store.delayWrites(Duration.ofDays(1), world.time);
        world.ask(world.plugins.enable("echo", EngineWorld.TIMEOUT));

        world.pass(Duration.ofSeconds(30));

        assertThat(world.executor.starts()).hasSize(1);
    }
}
