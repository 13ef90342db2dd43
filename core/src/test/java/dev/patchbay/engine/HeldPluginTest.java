package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.Force;
import dev.patchbay.InstallRequest;
import dev.patchbay.PluginConflictException;
import dev.patchbay.PluginConflictException.Kind;
import dev.patchbay.PluginStorageException;
import dev.patchbay.PluginUnavailableException;
import dev.patchbay.Status.State;
import dev.patchbay.UpgradeRequest;
import dev.patchbay.engine.EngineWorld.Asked;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.executor.FakeBehaviour;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.reference.Reference;
import dev.patchbay.registry.RegistryAccess;
import dev.patchbay.store.InMemoryStore.Operation;
import dev.patchbay.store.StoreException;
import dev.patchbay.use.Holder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** What nobody may do to a plugin that somebody holds, and for how long it is held. */
class HeldPluginTest {
    private final EchoInUse echo = new EchoInUse();

    @AfterEach
    void close() {
        echo.close();
    }

    @Test
    void refusesADisableAnUpgradeARollBackAndARemovalAndSaysWhoIsInTheWay() {
        echo.world.enabled("echo");
        echo.begin("volume db");
        echo.begin("volume db");
        echo.begin("backup");
        echo.world.settle();

        var upgrade = echo.world.plugins
                .upgrade("echo", new UpgradeRequest(Reference.parse("me/x:2"), List.of(),
                        RegistryAccess.ANONYMOUS))
                .then();
        for (Mono<?> command : List.<Mono<?>>of(echo.world.plugins.disable("echo", Force.NO),
                echo.world.plugins.remove("echo", Force.NO), echo.world.plugins.rollBack("echo"), upgrade)) {
            assertThat(echo.world.ask(command).error()).isInstanceOfSatisfying(PluginConflictException.class,
                    e -> {
                        assertThat(e.kind()).isEqualTo(Kind.IN_USE);
                        assertThat(e).hasMessage("plugin echo:latest is in use by: backup, volume db (2)");
                        assertThat(e.holders().size()).isEqualTo(3);
                    });
        }
        assertThat(echo.world.state("echo")).isEqualTo(State.RUNNING);
    }

    @Test
    void refusesAnUpgradeBeforeAnythingIsFetched() {
        var sample = Publications.withEnv("one", "DEBUG=0");
        echo.world.registry.publish("docker.io/me/echo:1", sample);
        echo.world.ask(echo.world.plugins
                .install(new InstallRequest(Reference.parse("docker.io/me/echo:1"), Optional.empty(),
                        List.of(), RegistryAccess.ANONYMOUS))
                .then()).done();
        echo.world.ask(echo.world.plugins.enable("me/echo:1", EngineWorld.TIMEOUT)).done();
        echo.world.ask(echo.world.plugins.acquire("me/echo:1", "volumedriver", EchoInUse.DB)).done();
        assertThat(echo.world.ask(echo.world.plugins.upgrade("me/echo:1", new UpgradeRequest(
                Reference.parse("docker.io/me/echo:1"), List.of(), RegistryAccess.ANONYMOUS)).then()).error())
                .hasMessage("plugin me/echo:1 is in use by: volume db");
    }

    @Test
    void keepsItsHoldersOverACrashAndGivesItToNobodyMeanwhile() {
        PluginId id = echo.world.enabled("echo");
        echo.world.ask(echo.acquire(EchoInUse.DB)).done();
        Disposable use = echo.use(Mono.never()).subscribe();
        echo.world.settle();
        echo.world.script(id, FakeBehaviour.LISTENS.listeningAfter(Duration.ofSeconds(1)));
        echo.world.executor.end(id, new ExitStatus.Exited(1));
        echo.world.settle();

        assertThat(echo.labels()).containsExactly("x", "volume db");
        assertThat(echo.world.ask(echo.use(Mono.just("no"))).error())
                .isInstanceOf(PluginUnavailableException.class)
                .hasMessageStartingWith("plugin echo:latest is enabled, but does not run now");
        assertThat(echo.world.ask(echo.world.plugins.disable("echo", Force.NO)).error())
                .isInstanceOf(PluginConflictException.class);
        echo.world.pass(Duration.ofSeconds(2));
        assertThat(echo.world.ask(echo.use(Mono.just("yes"))).value()).isEqualTo("yes");
        use.dispose();
        echo.world.settle();
        assertThat(echo.labels()).containsExactly("volume db");
    }

    @Test
    void remembersADurableHolderAndForgetsAPassingOne() {
        echo.world.enabled("echo");
        echo.world.ask(echo.acquire(EchoInUse.DB)).done();
        echo.world.ask(echo.acquire(Holder.passing("other", "backup"))).done();
        echo.begin("x");
        echo.world.settle();
        echo.kill();
        assertThat(echo.labels()).containsExactly("volume db");
        assertThat(echo.world.ask(echo.world.plugins.disable("echo", Force.NO)).error())
                .hasMessage("plugin echo:latest is in use by: volume db");
        echo.world.ask(echo.world.plugins.release("echo", EchoInUse.DB.id())).done();
        echo.kill();
        assertThat(echo.labels()).isEmpty();
    }

    @Test
    void grantsADurableHoldOnlyWhenItIsOnDisk() {
        echo.world.enabled("echo");
        echo.world.store.failNext(Operation.SAVE_HOLDERS, new StoreException("no space left", null));
        assertThat(echo.world.ask(echo.acquire(EchoInUse.DB)).error())
                .isInstanceOf(PluginStorageException.class);
        assertThat(echo.labels()).isEmpty();
        echo.world.store.delayWrites(EchoInUse.WRITE, echo.world.time);
        var slow = new Asked<>(echo.acquire(EchoInUse.DB));
        echo.world.settle();
        assertThat(slow.isOver()).isFalse();
        echo.world.pass(EchoInUse.WRITE);
        echo.world.settle();
        slow.done();
        echo.world.store.stopDelaying();
    }

    @Test
    void refusesIdsOfItsOwnAndThoseOfOthers() {
        echo.world.enabled("echo");
        echo.begin("x");
        echo.world.settle();
        assertThatThrownBy(() -> echo.acquire(Holder.passing("use:1", "x")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> echo.world.plugins.release("echo", "use:1"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(echo.labels()).containsExactly("x");
        echo.world.ask(echo.acquire(EchoInUse.DB)).done();
        assertThat(echo.world.ask(echo.acquire(Holder.durable(EchoInUse.DB.id(), "other"))).error())
                .isInstanceOfSatisfying(PluginConflictException.class,
                        e -> assertThat(e.kind()).isEqualTo(Kind.EXISTS));
    }
}
