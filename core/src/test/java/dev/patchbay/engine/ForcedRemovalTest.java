package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.EngineClosedException;
import dev.patchbay.Force;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.PluginStorageException;
import dev.patchbay.Status.State;
import dev.patchbay.executor.FakeBehaviour;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.store.InMemoryStore.Operation;
import dev.patchbay.store.StoreException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a removal of a plugin that is enabled does, and leaves if it does not come to its end. */
final class ForcedRemovalTest {
    private static final Duration TIMEOUT = EngineWorld.TIMEOUT;
    private final EngineWorld world = new EngineWorld();

    @AfterEach
    void closes() {
        world.close();
    }

    @Test
    void needsNoRoomOnTheDisk() {
        PluginId id = world.enabled("echo");
        world.store.failNext(Operation.SAVE, new StoreException("no space left on device", null));

        world.ask(world.plugins.remove("echo", Force.YES)).done();

        assertThat(world.store.kept(id)).isEmpty();
        assertThat(world.executor.liveContainers()).isEmpty();
        assertThat(world.eventTypes()).containsExactly("create", "start", "enable", "stop", "exit",
                "disable", "remove");
    }

    @Test
    void leavesThePluginWantedIfItIsCutOff() {
        PluginId id = world.create("echo");
        world.script(id, FakeBehaviour.LISTENS.ignoringTerm());
        world.ask(world.plugins.enable("echo", TIMEOUT)).done();

        world.ask(world.plugins.remove("echo", Force.YES));

        assertThat(world.state("echo")).isEqualTo(State.STOPPING);
        assertThat(world.storedAsEnabled(id)).isTrue();
    }

    @Test
    void leavesThePluginAsItWasIfTheDiskRefuses() {
        PluginId id = world.enabled("echo");
        world.store.failNext(Operation.REMOVE, new StoreException("input/output error", null));

        var removing = world.ask(world.plugins.remove("echo", Force.YES));

        assertThat(removing.error()).isInstanceOf(PluginStorageException.class)
                .hasMessageContainingAll("input/output error", "started again");
        assertThat(world.storedAsEnabled(id)).isTrue();
        assertThat(world.state("echo")).isEqualTo(State.RUNNING);
        assertThat(world.view("echo").status().generation()).isEqualTo(2);
        world.ask(world.plugins.remove("echo", Force.YES)).done();
    }

    @Test
    void whoEnablesWhatIsBeingRemovedWaitsForTheEnd() {
        PluginId id = world.create("echo");
        world.script(id, FakeBehaviour.LISTENS.ignoringTerm());
        world.ask(world.plugins.enable("echo", TIMEOUT)).done();
        var removing = world.ask(world.plugins.remove("echo", Force.YES));
        var enabling = world.ask(world.plugins.enable("echo", TIMEOUT));
        assertThat(enabling.isOver()).isFalse();

        world.pass(Duration.ofSeconds(10));

        removing.done();
        assertThat(enabling.error()).isInstanceOf(PluginNotFoundException.class);
    }

    @Test
    void isGivenUpIfItIsNotDoneWhenTheEngineCloses() {
        PluginId id = world.create("echo");
        world.script(id, FakeBehaviour.LISTENS.ignoringTerm());
        world.ask(world.plugins.enable("echo", TIMEOUT)).done();
        var removing = world.ask(world.plugins.remove("echo", Force.YES));

        var closing = world.ask(world.plugins.close());
        world.pass(Duration.ofSeconds(10));

        closing.done();
        assertThat(removing.error()).isInstanceOf(EngineClosedException.class);
        assertThat(world.storedAsEnabled(id)).isTrue();
        assertThat(world.executor.liveContainers()).isEmpty();
    }
}
