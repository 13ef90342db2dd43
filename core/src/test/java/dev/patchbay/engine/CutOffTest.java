package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.Force;
import dev.patchbay.Status.State;
import dev.patchbay.engine.EngineWorld.Asked;
import dev.patchbay.event.EventType;
import dev.patchbay.executor.ExecutorException.Step;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.executor.FakeBehaviour;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.store.InMemoryStore.Operation;
import dev.patchbay.store.StoreException;
import dev.patchbay.use.Holder;
import dev.patchbay.use.Holders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;

/** Whom force cuts off from a plugin that they hold. */
class CutOffTest {
    private final EchoInUse echo = new EchoInUse();

    @AfterEach
    void close() {
        echo.close();
    }

    @Test
    @DisplayName("D32: a release after a forced disable changes nothing, and the plugin is free when it is enabled again")
    void isFreeAgainAfterAForcedDisableD32() {
        echo.world.enabled("echo");
        echo.world.ask(echo.acquire(EchoInUse.DB)).done();
        Sinks.One<String> work = Sinks.one();
        var use = new Asked<>(echo.use(work.asMono()));
        echo.world.settle();

        echo.world.ask(echo.world.plugins.disable("echo", Force.YES)).done();
        assertThat(echo.event(EventType.STOP).attributes()).containsEntry("cause", "disable")
                .containsEntry("cutOff", "volume db, x");
        assertThat(echo.labels()).isEmpty();
        work.tryEmitValue("late").orThrow();
        echo.world.ask(echo.world.plugins.release("echo", EchoInUse.DB.id())).done();
        use.done();
        assertThat(echo.labels()).isEmpty();

        echo.world.ask(echo.world.plugins.enable("echo", EngineWorld.TIMEOUT)).done();
        assertThat(echo.labels()).isEmpty();
        echo.world.ask(echo.acquire(EchoInUse.DB)).done();
        echo.world.ask(echo.world.plugins.release("echo", EchoInUse.DB.id())).done();
        echo.world.ask(echo.world.plugins.release("echo", EchoInUse.DB.id())).done();
        echo.world.ask(echo.world.plugins.disable("echo", Force.NO)).done();
    }

    @Test
    void aDisableByForceAnswersWhomItCutsOff() {
        echo.world.enabled("echo");
        var backup = Holder.passing("backup", "nightly");
        echo.world.ask(echo.acquire(EchoInUse.DB)).done();
        echo.world.ask(echo.acquire(backup)).done();
        var disabled = echo.world.ask(echo.world.plugins.disable("echo", Force.YES));
        assertThat(disabled.value()).containsExactly(backup, EchoInUse.DB);
        assertThat(echo.event(EventType.STOP).attributes().get("cutOffHolders"))
                .isEqualTo(Holders.of(disabled.value()).json());
    }

    @Test
    void aRemovalByForceAnswersWhomItCutsOff() {
        echo.world.enabled("echo");
        echo.world.ask(echo.acquire(EchoInUse.DB)).done();
        assertThat(echo.world.ask(echo.world.plugins.remove("echo", Force.YES)).value())
                .containsExactly(EchoInUse.DB);
        assertThat(echo.event(EventType.REMOVE).attributes()).containsEntry("cutOff", "volume db");
    }

    @Test
    void answersWhomItCutsOffAlsoWhileThePluginWaitsForItsNextStart() {
        PluginId id = echo.world.enabled("echo");
        echo.world.ask(echo.acquire(EchoInUse.DB)).done();
        echo.world.script(id, FakeBehaviour.LISTENS.failingAt(Step.CREATE));
        echo.world.executor.end(id, new ExitStatus.Exited(1));
        echo.world.settle();
        assertThat(echo.world.state("echo")).isEqualTo(State.BACKING_OFF);
        assertThat(echo.world.ask(echo.world.plugins.disable("echo", Force.YES)).value())
                .containsExactly(EchoInUse.DB);
    }

    @Test
    void namesNobodyWhoLetGoBeforeTheRemovalWasOver() {
        echo.world.enabled("echo");
        echo.world.ask(echo.acquire(EchoInUse.DB)).done();
        echo.begin("x");
        echo.world.settle();
        echo.world.store.delayWrites(EchoInUse.WRITE, echo.world.time);
        var released = echo.world.ask(echo.world.plugins.release("echo", EchoInUse.DB.id()));
        var removed = echo.world.ask(echo.world.plugins.remove("echo", Force.YES));
        echo.world.pass(EchoInUse.WRITE.multipliedBy(4));
        released.done();
        assertThat(removed.value()).extracting(Holder::label).containsExactly("x");
        echo.world.store.stopDelaying();
    }

    @Test
    void forceThatCutsOffNobodyAnswersAnEmptyList() {
        echo.world.enabled("echo");
        assertThat(echo.world.ask(echo.world.plugins.disable("echo", Force.YES)).value()).isEmpty();
        echo.world.ask(echo.world.plugins.enable("echo", EngineWorld.TIMEOUT)).done();
        echo.world.ask(echo.acquire(EchoInUse.DB)).done();
        assertThat(echo.world.ask(echo.world.plugins.disable("echo", Force.YES)).value()).hasSize(1);
        echo.world.ask(echo.world.plugins.enable("echo", EngineWorld.TIMEOUT)).done();
        assertThat(echo.world.ask(echo.world.plugins.disable("echo", Force.NO)).value()).isEmpty();
        assertThat(echo.world.ask(echo.world.plugins.remove("echo", Force.NO)).value()).isEmpty();
    }

    @Test
    void doesNotRememberAfterwardsWhomItCutOffEvenIfTheDiskKeptThem() {
        PluginId id = echo.world.enabled("echo");
        echo.world.ask(echo.acquire(EchoInUse.DB)).done();
        echo.world.store.failNext(Operation.SAVE_HOLDERS, new StoreException("no space left", null));
        echo.world.ask(echo.world.plugins.disable("echo", Force.YES)).done();
        assertThat(echo.world.store.kept(id).orElseThrow().holders()).containsExactly(EchoInUse.DB);
        echo.kill();
        assertThat(echo.labels()).isEmpty();
        echo.world.ask(echo.world.plugins.enable("echo", EngineWorld.TIMEOUT)).done();
        echo.kill();
        assertThat(echo.world.state("echo")).isEqualTo(State.RUNNING);
        assertThat(echo.labels()).isEmpty();
    }
}
