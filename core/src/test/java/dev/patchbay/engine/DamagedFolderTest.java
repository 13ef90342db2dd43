package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.Force;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.PluginStorageException;
import dev.patchbay.Status.State;
import dev.patchbay.executor.FakeRuntimeExecutor.SentSignal;
import dev.patchbay.executor.Signal;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.store.InMemoryStore.Operation;
import dev.patchbay.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A plugin whose folder cannot be read is left alone until it can, and costs itself only. */
class DamagedFolderTest {
    private static final String REASON = "its config.json is damaged";

    private EngineWorld world = new EngineWorld();
    private final PluginId echo = world.enabled("echo");

    @AfterEach
    void closes() {
        world.close();
    }

    private void reopenWithDamage() {
        world = world.killed(_ -> {}, w -> w.store.damage(echo, REASON));
    }

    private List<PluginId> logged() {
        List<PluginId> logged = new ArrayList<>();
        world.ask(world.executor.logged().doOnNext(logged::add).then()).done();
        return logged;
    }

    @Test
    void whatRunsRunsOnAndKeepsItsLog() {
        reopenWithDamage();
        world.pass(Duration.ofMinutes(10));

        assertThat(world.executor.liveContainers()).extracting("plugin").containsExactly(echo);
        assertThat(world.executor.signals()).isEmpty();
        assertThat(world.executor.deletes()).isEmpty();
        assertThat(logged()).containsExactly(echo);
    }

    @Test
    void theEngineIsReadyAndSaysWhatIsWrong() {
        reopenWithDamage();

        assertThat(world.plugins.health().ready()).isTrue();
        assertThat(world.plugins.health().problems()).singleElement()
                .asString()
                .contains(echo.hex(), "cannot be read", REASON);
        assertThat(world.ask(world.plugins.inspect(echo.hex())).error())
                .isInstanceOf(PluginStorageException.class)
                .hasMessageContaining(REASON);
        assertThat(world.ask(world.plugins.remove(echo.hex(), Force.YES)).error())
                .hasMessageContaining(REASON);
    }

    @Test
    void itIsTakenOverAsSoonAsItIsMended() {
        reopenWithDamage();
        world.pass(Duration.ofMinutes(10));
        world.store.mend(echo);
        world.pass(Duration.ofMinutes(1));

        assertThat(world.state("echo")).isEqualTo(State.RUNNING);
        assertThat(world.view("echo").status().generation()).isEqualTo(1);
        assertThat(world.executor.deletes()).isEmpty();
        assertThat(world.plugins.health().problems()).isEmpty();
        world.ask(world.plugins.disable("echo", Force.NO)).done();
        assertThat(world.executor.signals()).extracting(SentSignal::signal).containsExactly(Signal.TERM);
    }

    @Test
    void itIsReadAgainAtOnceThenWithGrowingPauses() {
        world = world.killed(_ -> {}, w -> {
            w.store.damage(echo, REASON);
            w.store.failNext(Operation.RELOAD, new StoreException("input/output error", null));
        });
        world.pass(Duration.ofSeconds(10));
        assertThat(reloads()).isBetween(6, 9);
        int before = reloads();

        world.pass(Duration.ofMinutes(10));

        assertThat(reloads() - before).isBetween(10, 18);
    }

    private int reloads() {
        return Collections.frequency(world.store.done(), Operation.RELOAD);
    }

    @Test
    void aPassingErrorOfTheDiskIsOverBeforeTheFirstRoundIs() {
        world = world.killed(_ -> {}, w -> {
            w.store.damage(echo, "input/output error");
            w.store.delayWrites(Duration.ofSeconds(5), w.time);
        });
        assertThat(world.plugins.health().ready()).isFalse();

        world.store.mend(echo);
        world.pass(Duration.ofSeconds(5));

        assertThat(world.state("echo")).isEqualTo(State.RUNNING);
        assertThat(world.plugins.health().ready()).isTrue();
    }

    @Test
    void aFolderThatHangsKeepsTheEngineFromBeingReadyForAWhileOnly() {
        world = world.killed(_ -> {}, w -> {
            w.store.damage(echo, REASON);
            w.store.delayWrites(Duration.ofDays(1), w.time);
        });
        assertThat(world.plugins.health().ready()).isFalse();
        world.pass(Duration.ofSeconds(30));

        assertThat(world.plugins.health().ready()).isTrue();
        assertThat(world.plugins.health().problems()).singleElement()
                .asString()
                .contains("reading its folder takes longer than 30s");
        assertThat(world.executor.liveContainers()).hasSize(1);
        world.store.stopDelaying();
    }

    @Test
    void whatIsLeftOfOneThatIsNotWantedIsAskedToEndWhenThatIsKnown() {
        world.store.put(EngineWorld.withEnabled(world.store.kept(echo).orElseThrow().record(), false));
        reopenWithDamage();
        world.pass(Duration.ofMinutes(10));
        assertThat(world.executor.liveContainers()).hasSize(1);

        world.store.mend(echo);
        world.pass(Duration.ofMinutes(1));

        assertThat(world.state("echo")).isEqualTo(State.STOPPED);
        assertThat(world.executor.liveContainers()).isEmpty();
        assertThat(world.executor.signals()).extracting(SentSignal::signal).containsExactly(Signal.TERM);
    }

    @Test
    void whatIsLeftOfOneWhoseFolderIsGoneIsRemovedByTheNextStartOnly() {
        reopenWithDamage();
        world.store.loseFolder(echo);
        world.pass(Duration.ofMinutes(10));

        assertThat(world.executor.liveContainers()).as("the disk may only say so").hasSize(1);
        assertThat(world.plugins.health().problems()).singleElement()
                .asString()
                .contains("its folder is gone");
        assertThat(world.ask(world.plugins.inspect(echo.hex())).error())
                .isInstanceOf(PluginStorageException.class);
        world = world.killed(_ -> {}, _ -> {});
        assertThat(world.executor.liveContainers()).isEmpty();
        assertThat(logged()).isEmpty();
        assertThat(world.ask(world.plugins.inspect(echo.hex())).error())
                .isInstanceOf(PluginNotFoundException.class);
    }

    @Test
    void othersDoNotNotice() {
        world.enabled("other");
        reopenWithDamage();

        assertThat(world.state("other")).isEqualTo(State.RUNNING);
        world.ask(world.plugins.disable("other", Force.NO)).done();
    }

    @Test
    void aNameThatIsTakenMeanwhileBelongsToBoth() {
        reopenWithDamage();
        PluginId other = world.create("echo");
        world.store.mend(echo);
        world.pass(Duration.ofMinutes(1));

        assertThat(world.plugins.list(dev.patchbay.plugin.PluginFilter.ALL)
                .map(view -> view.plugin().id())
                .collectList()
                .block(Duration.ZERO)).containsExactlyInAnyOrder(echo, other);
        assertThat(world.plugins.health().problems()).singleElement()
                .asString()
                .contains("several plugins are called echo:latest", echo.shortHex(), other.shortHex());
    }

    @Test
    void closingLeavesItAlone() {
        reopenWithDamage();

        world.ask(world.plugins.close()).done();

        assertThat(world.executor.liveContainers()).hasSize(1);
    }
}
