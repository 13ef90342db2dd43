package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.EngineClosedException;
import dev.patchbay.Force;
import dev.patchbay.PluginStopException;
import dev.patchbay.Status.State;
import dev.patchbay.UncleanCloseException;
import dev.patchbay.executor.FakeBehaviour;
import dev.patchbay.executor.LogQuery;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.store.InMemoryStore.Operation;
import dev.patchbay.store.PluginContexts;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What parts that do what they must not do cost the rest of the engine. */
class EngineTroubleTest {
    private static final Duration TIMEOUT = EngineWorld.TIMEOUT;

    private final EngineWorld world = new EngineWorld(c -> c.shutdownTimeout(Duration.ofSeconds(20)),
            _ -> {});

    @AfterEach
    void closes() {
        world.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFailureThatNobodyForesawEndsNoLane(boolean checked) {
        Throwable defect = checked ? new IOException("unforeseen") : new AssertionError("unforeseen");
        PluginId other = world.enabled("other");
        world.create("echo");
        world.executor.breakWith(defect);

        var start = world.ask(world.plugins.enable("echo", TIMEOUT));
        var stop = world.ask(world.plugins.disable("other", Force.NO));

        assertThat(start.error()).isInstanceOf(PluginStopException.class).hasMessageContaining("unforeseen");
        assertThat(stop.error()).isInstanceOf(PluginStopException.class).hasMessageContaining("unforeseen");
        world.executor.repair();
        world.ask(world.plugins.disable("other", Force.NO)).done();
        world.ask(world.plugins.enable("other", TIMEOUT)).done();
        assertThat(world.storedAsEnabled(other)).isTrue();
    }

    @Test
    void garbageIsCollectedAfterOpeningWithoutBeingAsked() {
        assertThat(world.store.done()).doesNotContain(Operation.COLLECT_GARBAGE);

        world.pass(Duration.ofSeconds(2));

        assertThat(world.store.done()).containsOnlyOnce(Operation.COLLECT_GARBAGE);
    }

    @Test
    void garbageIsCollectedAlsoWhileMoreIsLeftAllTheTime() {
        for (int i = 0; i < 30; i++) {
            world.works().report(new Letter.GarbageLeft());
            world.pass(Duration.ofMillis(500));
        }

        assertThat(Collections.frequency(world.store.done(), Operation.COLLECT_GARBAGE)).isBetween(10, 20);
    }

    @Test
    void aSlowGarbageCollectionNeitherEndsTheLaneNorPilesUp() {
        world.pass(Duration.ofSeconds(2));
        int before = Collections.frequency(world.store.done(), Operation.COLLECT_GARBAGE);
        world.store.delayWrites(Duration.ofHours(1), world.time);
        for (int i = 0; i < 600; i++) {
            world.works().report(new Letter.GarbageLeft());
            world.pass(Duration.ofSeconds(2));
        }
        world.store.stopDelaying();
        world.pass(Duration.ofHours(2));

        assertThat(Collections.frequency(world.store.done(), Operation.COLLECT_GARBAGE) - before)
                .isEqualTo(2);
    }

    @Test
    void closesTheStoreAlsoIfTheExecutorNeverCloses() {
        world.executor.hangWhenClosed();

        var closing = world.ask(world.plugins.close());
        assertThat(closing.isOver()).isFalse();
        world.pass(Duration.ofSeconds(30));

        closing.done();
    }

    @Test
    void whoStillWaitsWhenClosingGivesUpHearsThatTheEngineIsClosed() {
        PluginId id = world.create("echo");
        world.store.delayWrites(Duration.ofDays(1), world.time);
        var set = world.ask(world.plugins.set(id.hex(), List.of("DEBUG=1")));
        assertThat(set.isOver()).isFalse();
        // The one virtual scheduler is the replies' too: it has to go on for a while after the state thread ended.
        world.executor.hangWhenClosed();

        var closing = world.ask(world.plugins.close());
        world.pass(Duration.ofMinutes(2));

        assertThat(closing.error()).isInstanceOf(UncleanCloseException.class)
                .hasMessageContaining("echo:latest");
        assertThat(set.error()).isInstanceOf(EngineClosedException.class);
    }

    @Test
    void aStartThatHangsCanBeGivenUpByForce() {
        PluginId id = world.create("echo");
        world.script(id, FakeBehaviour.LISTENS.hanging());
        var start = world.ask(world.plugins.enable("echo", TIMEOUT));

        world.ask(world.plugins.disable("echo", Force.YES)).done();

        assertThat(start.error()).hasMessageContaining("stopped by another request");
        assertThat(world.state("echo")).isEqualTo(State.STOPPED);
    }

    @Test
    void aPluginOfAnotherProtocolIsDialledAndRunsLikeAnyOtherD60() {
        String config = PluginContexts.CONFIG.replace("\"socket\"", "\"protocolScheme\":\"x/v1\",\"socket\"");
        var context = PluginContexts.empty()
                .file("config.json", config)
                .folder("rootfs/")
                .file("rootfs/sample", "x");
        PluginId id = world.ask(world.plugins.create("odd", context.publisher())).value();
        world.script(id, FakeBehaviour.LISTENS.listeningAfter(Duration.ofSeconds(5)));

        var enabling = world.ask(world.plugins.enable("odd", TIMEOUT));
        assertThat(enabling.isOver()).isFalse();
        world.pass(Duration.ofSeconds(5));

        enabling.done();
        assertThat(world.state("odd")).isEqualTo(State.RUNNING);
    }

    @Test
    void whoFollowsALogHearsOfTheEnd() {
        world.enabled("echo");
        world.executor.hangWhenClosed(); // as above
        var following = world.ask(
                world.plugins.logs("echo", new LogQuery(OptionalInt.empty(), Optional.empty(), true)).then());
        assertThat(following.isOver()).isFalse();

        world.ask(world.plugins.close());
        world.pass(Duration.ofSeconds(1));

        following.done();
    }
}
