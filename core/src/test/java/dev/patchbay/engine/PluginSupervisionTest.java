package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.EngineClosedException;
import dev.patchbay.Force;
import dev.patchbay.PluginConflictException;
import dev.patchbay.PluginConflictException.Kind;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.PluginStartException;
import dev.patchbay.PluginStopException;
import dev.patchbay.Status.State;
import dev.patchbay.UncleanCloseException;
import dev.patchbay.executor.ExecutorException.Step;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.executor.FakeBehaviour;
import dev.patchbay.executor.FakeRuntimeExecutor;
import dev.patchbay.executor.Signal;
import dev.patchbay.plugin.PluginId;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PluginSupervisionTest {
    private static final Duration TIMEOUT = EngineWorld.TIMEOUT;

    private final EngineWorld world = new EngineWorld();

    @AfterEach
    void closes() {
        world.close();
    }

    @Test
    void restartsACrashedPluginAtOnceThenWithBackoffAndTellsD35() {
        PluginId id = world.enabled("echo");
        world.script(id, FakeBehaviour.LISTENS.ending(Duration.ofMillis(10), new ExitStatus.Exited(1)));
        world.executor.end(id, new ExitStatus.Exited(1));
        world.settle();

        assertThat(world.executor.starts()).as("the first restart comes at once").hasSize(2);
        world.pass(Duration.ofMillis(10));
        assertThat(world.state("echo")).isEqualTo(State.BACKING_OFF);
        assertThat(world.view("echo").plugin().enabled()).isTrue();
        assertThat(world.view("echo").status().nextTry()).isPresent();
        assertThat(world.view("echo").status().reason()).contains("it exited with code 1");
        world.pass(Duration.ofSeconds(30));

        int starts = world.executor.starts().size();
        assertThat(starts).as("100 ms, 200 ms, 400 ms, ...").isBetween(8, 12);
        assertThat(world.eventTypes()).contains("crash", "backoff", "start", "recover");
        assertThat(world.executor.liveContainers()).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void forgetsRestartsAfterAMinuteOfHealth() {
        PluginId id = world.enabled("echo");
        world.executor.end(id, new ExitStatus.Exited(1));
        world.settle();
        assertThat(world.view("echo").status().restarts()).isEqualTo(1);

        world.pass(Duration.ofMinutes(1));

        assertThat(world.view("echo").status().restarts()).isZero();
        assertThat(world.eventTypes()).endsWith("stable");
    }

    @Test
    void keepsTryingWhenARestartCannotCreateTheContainerD35() {
        PluginId id = world.enabled("echo");
        world.script(id, FakeBehaviour.LISTENS.failingAt(Step.CREATE));
        world.executor.end(id, new ExitStatus.Exited(1));
        world.pass(Duration.ofSeconds(10));
        assertThat(world.state("echo")).isEqualTo(State.BACKING_OFF);

        world.script(id, FakeBehaviour.LISTENS);
        world.pass(Duration.ofMinutes(1));

        assertThat(world.state("echo")).isEqualTo(State.RUNNING);
    }

    @Test
    void disablesAPluginThatIsBackingOff() {
        PluginId id = world.enabled("echo");
        world.script(id, FakeBehaviour.LISTENS.failingAt(Step.CREATE));
        world.executor.end(id, new ExitStatus.Exited(1));
        world.pass(Duration.ofSeconds(5));
        int starts = world.executor.starts().size();

        world.ask(world.plugins.disable("echo", Force.NO)).done();
        world.pass(Duration.ofMinutes(5));

        assertThat(world.executor.starts()).hasSize(starts);
        assertThat(world.storedAsEnabled(id)).isFalse();
    }

    @Test
    void ignoresNewsOfAnEarlierGenerationD69() {
        PluginId id = world.enabled("echo");
        world.executor.end(id, new ExitStatus.Exited(1));
        world.settle();
        int generation = world.view("echo").status().generation();

        world.executor.repeatExit(id);
        world.settle();

        assertThat(world.view("echo").status().generation()).isEqualTo(generation);
        assertThat(world.state("echo")).isEqualTo(State.RUNNING);
    }

    @Test
    void disablesWithTermAndDoesNotWaitLongerThanThePluginD33() {
        PluginId id = world.enabled("echo");

        world.ask(world.plugins.disable("echo", Force.NO)).done();

        assertThat(world.executor.signals()).extracting("signal").containsExactly(Signal.TERM);
        assertThat(world.storedAsEnabled(id)).isFalse();
        assertThat(world.eventTypes()).containsExactly("create", "start", "enable", "stop", "exit",
                "disable");
    }

    @Test
    void killsAPluginThatIgnoresTermAfterTenSeconds() {
        PluginId id = world.enabled("echo");
        world.script(id, FakeBehaviour.LISTENS.ignoringTerm());
        world.executor.end(id, new ExitStatus.Exited(1));
        world.settle();

        var disabling = world.ask(world.plugins.disable("echo", Force.NO));
        world.pass(Duration.ofMillis(9_999));
        assertThat(disabling.isOver()).isFalse();
        world.pass(Duration.ofMillis(1));

        disabling.done();
        assertThat(world.executor.signals()).extracting("signal").containsExactly(Signal.TERM, Signal.KILL);
    }

    @Test
    void saysThatAPluginIsStuckAndRemovesNothingUnderALivingProcessD31() {
        PluginId id = world.enabled("echo");
        world.script(id, FakeBehaviour.LISTENS.failingDelete());
        world.executor.end(id, new ExitStatus.Exited(1));
        world.settle();

        var disabling = world.ask(world.plugins.disable("echo", Force.YES));
        world.pass(Duration.ofSeconds(30));

        assertThat(disabling.error()).isInstanceOf(PluginStopException.class);
        assertThat(world.state("echo")).isEqualTo(State.STUCK);
        assertThat(world.ask(world.plugins.remove("echo", Force.YES)).error())
                .isInstanceOf(PluginStopException.class);
        assertThat(world.store.kept(id)).isPresent();
        assertThat(world.ask(world.plugins.enable("echo", TIMEOUT)).error())
                .isInstanceOfSatisfying(PluginConflictException.class,
                        e -> assertThat(e.kind()).isEqualTo(Kind.STUCK));
    }

    @Test
    void anEndThatIsNeverToldIsFoundAndThePluginStartsAgain() {
        PluginId id = unheard("echo");
        world.executor.end(id, new ExitStatus.Exited(1));
        world.script(id, FakeBehaviour.LISTENS);
        world.pass(Duration.ofMinutes(2));

        assertThat(world.state("echo")).isEqualTo(State.RUNNING);
        assertThat(world.view("echo").status().generation()).isEqualTo(2);
        assertThat(world.eventTypes()).containsOnlyOnce("crash");
        assertThat(world.view("echo").status().lastExit())
                .contains(new ExitStatus.Unknown("its end was not told"));
    }

    @Test
    void whatRunsIsNotTakenForMissedHoweverLongItRuns() {
        world.enabled("echo");
        world.pass(Duration.ofHours(2));

        assertThat(world.view("echo").status().generation()).isEqualTo(1);
        assertThat(world.eventTypes()).containsExactly("create", "start", "enable");
    }

    @Test
    void anEndThatIsToldLateIsNotFoundTwice() {
        PluginId id = world.create("echo");
        world.script(id, FakeBehaviour.LISTENS.tellingExit(Duration.ofSeconds(70)));
        world.ask(world.plugins.enable("echo", TIMEOUT)).done();
        world.executor.end(id, new ExitStatus.Exited(7));
        world.script(id, FakeBehaviour.LISTENS);
        world.pass(Duration.ofMinutes(5));

        assertThat(world.eventTypes()).containsOnlyOnce("crash");
        assertThat(world.view("echo").status().lastExit()).contains(new ExitStatus.Exited(7));
    }

    @Test
    void aLookThatFailsProvesNothing() {
        world.enabled("echo");
        world.executor.failListings(10);
        world.pass(Duration.ofMinutes(10));

        assertThat(world.view("echo").status().generation()).isEqualTo(1);
    }

    @Test
    void stoppingWhatEndedUnheardIsJudgedByItsRemoval() {
        PluginId id = unheard("echo");
        world.executor.end(id, new ExitStatus.Exited(1));
        world.settle();

        var disabling = world.ask(world.plugins.disable("echo", Force.NO));
        world.pass(Duration.ofSeconds(20));

        disabling.done();
        assertThat(world.state("echo")).isEqualTo(State.STOPPED);
        world.script(id, FakeBehaviour.LISTENS);
        world.ask(world.plugins.enable("echo", TIMEOUT)).done();
        world.pass(Duration.ofMinutes(10));
        assertThat(world.view("echo").status().generation()).as("nothing is missed any more").isEqualTo(2);
    }

    @Test
    void whatOutlivesKillAndCannotBeRemovedSaysBoth() {
        PluginId id = unheard("echo");
        world.script(id, FakeBehaviour.LISTENS.failingDelete());
        var disabling = world.ask(world.plugins.disable("echo", Force.NO));
        world.pass(Duration.ofSeconds(20));

        assertThat(disabling.error()).isInstanceOf(PluginStopException.class)
                .hasMessageContainingAll("10s after KILL", "as scripted");
        assertThat(world.state("echo")).isEqualTo(State.STUCK);
    }

    @Test
    void aStuckPluginWhoseEndIsFoundIsCleanedUp() {
        PluginId id = unheard("echo");
        world.script(id, FakeBehaviour.LISTENS.failingDelete());
        world.ask(world.plugins.disable("echo", Force.NO));
        world.pass(Duration.ofSeconds(20));
        assertThat(world.state("echo")).isEqualTo(State.STUCK);

        world.script(id, FakeBehaviour.LISTENS);
        world.pass(Duration.ofMinutes(2));

        assertThat(world.state("echo")).isEqualTo(State.STOPPED);
        assertThat(world.storedAsEnabled(id)).isFalse();
    }

    /** A plugin whose end will not be told. */
    private PluginId unheard(String name) {
        PluginId id = world.create(name);
        world.script(id, FakeBehaviour.LISTENS.tellingExit());
        world.ask(world.plugins.enable(name, TIMEOUT)).done();
        return id;
    }

    @Test
    void closingSaysWhichPluginsRunAllTheSame() {
        PluginId id = world.enabled("echo");
        world.enabled("other");
        world.script(id, FakeBehaviour.LISTENS.failingDelete());

        assertThat(world.ask(world.plugins.close()).error()).isInstanceOfSatisfying(
                UncleanCloseException.class,
                e -> assertThat(e.plugins()).containsExactly("echo:latest"));
        assertThat(world.executor.isGone()).as("all is released").isTrue();
    }

    @Test
    void refusesToDisableWhatIsDisabled() {
        world.create("echo");

        assertThat(world.ask(world.plugins.disable("echo", Force.YES)).error())
                .hasMessage("plugin is already disabled: plugin echo:latest found but disabled");
    }

    @Test
    void forceInterruptsAnEnableAndTellsBoth() {
        PluginId id = world.create("echo");
        world.script(id, FakeBehaviour.LISTENS.neverListening());
        var enabling = world.ask(world.plugins.enable("echo", TIMEOUT));

        world.ask(world.plugins.disable("echo", Force.YES)).done();

        assertThat(enabling.error()).isInstanceOfSatisfying(
                PluginConflictException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INTERRUPTED));
        assertThat(world.executor.liveContainers()).isEmpty();
    }

    @Test
    void interruptsAStartThatHangsInTheRuntime() {
        PluginId id = world.create("echo");
        world.script(id, FakeBehaviour.LISTENS.hanging());
        world.ask(world.plugins.enable("echo", TIMEOUT));

        world.ask(world.plugins.remove("echo", Force.YES)).done();

        assertThat(world.store.kept(id)).isEmpty();
    }

    @Test
    void removesAPluginAndForgetsItD30() {
        PluginId id = world.create("echo");

        world.ask(world.plugins.remove("echo", Force.NO)).done();

        assertThat(world.store.kept(id)).isEmpty();
        assertThat(world.ask(world.plugins.inspect("echo")).error())
                .isInstanceOf(PluginNotFoundException.class);
        assertThat(world.eventTypes()).endsWith("remove");
        world.create("echo");
    }

    @Test
    void refusesToRemoveAnEnabledPluginWithoutForce() {
        world.enabled("echo");

        assertThat(world.ask(world.plugins.remove("echo", Force.NO)).error())
                .hasMessage("plugin echo:latest is enabled");
        world.ask(world.plugins.remove("echo", Force.YES)).done();
        assertThat(world.executor.liveContainers()).isEmpty();
    }

    @Test
    void stopsAllPluginsSideBySideWhenItClosesD42() {
        for (int i = 0; i < 10; i++) {
            PluginId id = world.create("p" + i);
            world.script(id, FakeBehaviour.LISTENS.ignoringTerm());
            world.ask(world.plugins.enable("p" + i, TIMEOUT)).done();
        }

        var closing = world.ask(world.plugins.close());
        world.pass(Duration.ofSeconds(10));

        closing.done();
        assertThat(world.executor.liveContainers()).isEmpty();
        assertThat(world.ask(world.plugins.enable("p0", TIMEOUT)).error())
                .isInstanceOf(EngineClosedException.class);
    }

    @Test
    void keepsWhatIsWantedWantedWhenItCloses() {
        PluginId id = world.enabled("echo");

        world.ask(world.plugins.close()).done();

        assertThat(world.storedAsEnabled(id)).isTrue();
    }

    @Test
    void quotesStderrWhenAPluginDoesNotListenInTime() {
        PluginId id = world.create("echo");
        world.script(id, FakeBehaviour.LISTENS.neverListening());
        var enabling = world.ask(world.plugins.enable("echo", Duration.ofSeconds(3)));
        world.pass(Duration.ofSeconds(3));

        assertThat(enabling.error()).isInstanceOf(PluginStartException.class)
                .hasMessageContaining("within 3s; it last wrote to stderr: " + FakeRuntimeExecutor.ERR_LINE);
    }
}
