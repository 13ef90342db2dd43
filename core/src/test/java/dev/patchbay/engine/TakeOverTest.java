package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.EngineClosedException;
import dev.patchbay.Force;
import dev.patchbay.Status;
import dev.patchbay.Status.State;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.executor.ExecutorException.Step;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.executor.FakeBehaviour;
import dev.patchbay.executor.FakeRuntimeExecutor;
import dev.patchbay.executor.Signal;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.store.PluginContexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an engine makes of what an earlier one left, by whatever end. */
class TakeOverTest {
    private EngineWorld world = new EngineWorld(TakeOverTest::leaving, TakeOverTest::asItIs);
    private final PluginId echo = world.enabled("echo");

    @AfterEach
    void closes() {
        world.close();
    }

    @Test
    void takesOverWhatRunsAfterAKillAlsoWithoutLiveRestore() {
        world = world.killed(TakeOverTest::stopping, TakeOverTest::asItIs);

        assertThat(world.state("echo")).isEqualTo(State.RUNNING);
        assertThat(world.view("echo").status().generation()).isEqualTo(1);
        assertThat(world.executor.starts()).isEmpty();
        assertThat(world.executor.deletes()).isEmpty();
        assertThat(world.executor.liveContainers()).hasSize(1);
        assertThat(world.plugins.health().ready()).isTrue();
        world.ask(world.plugins.disable("echo", Force.NO)).done();
        assertThat(world.executor.signals()).extracting("generation", "signal")
                .containsExactly(Tuple.tuple(1, Signal.TERM));
    }

    @Test
    void liveRestoreLeavesWhatRunsAndKeepsItsCountsAndItsAge() {
        world.executor.end(echo, new ExitStatus.Exited(1));
        world.pass(Duration.ofSeconds(5));
        Status before = world.view("echo").status();
        assertThat(before.restarts()).isEqualTo(1);

        world.pass(Duration.ofSeconds(5));
        world = world.reopened(TakeOverTest::leaving, TakeOverTest::asItIs);

        Status after = world.view("echo").status();
        assertThat(after.state()).isEqualTo(State.RUNNING);
        assertThat(after.generation()).isEqualTo(before.generation());
        assertThat(after.restarts()).isEqualTo(1);
        assertThat(after.since()).isEqualTo(before.since());
        assertThat(world.executor.starts()).isEmpty();
        world.pass(Duration.ofMinutes(1));
        assertThat(world.view("echo").status().restarts()).as("healthy again").isZero();
    }

    @Test
    void liveRestoreClosesAtOnceAndStopsOnlyWhatIsHalfStarted() {
        PluginId slow = world.create("slow");
        world.script(slow, FakeBehaviour.LISTENS.neverListening());
        var enabling = world.ask(world.plugins.enable("slow", EngineWorld.TIMEOUT));

        var closing = world.ask(world.plugins.close());

        closing.done();
        assertThat(enabling.error()).isInstanceOf(EngineClosedException.class);
        assertThat(world.executor.liveContainers()).extracting("plugin").containsExactly(echo);
        world = world.killed(TakeOverTest::leaving, TakeOverTest::asItIs);
        assertThat(world.state("echo")).isEqualTo(State.RUNNING);
        assertThat(world.state("slow")).isEqualTo(State.STOPPED);
    }

    @Test
    void liveRestoreWaitsForNothingThatBacksOffOrIsBeingRestored() {
        PluginId bad = world.enabled("bad");
        world.script(bad, FakeBehaviour.LISTENS.failingAt(Step.CREATE));
        world.executor.end(bad, new ExitStatus.Exited(1));
        world.pass(Duration.ofSeconds(5));
        assertThat(world.state("bad")).isEqualTo(State.BACKING_OFF);
        world = world.reopened(TakeOverTest::leaving,
                w -> w.script(echo, FakeBehaviour.LISTENS.hangingAt(Step.TAKE_OVER)));

        world.ask(world.plugins.close()).done();

        assertThat(world.executor.liveContainers()).extracting("plugin").containsExactly(echo);
        world.pass(Duration.ofMinutes(5));
        assertThat(world.executor.liveContainers()).as("nothing is started any more").hasSize(1);
    }

    @Test
    void whatEndsWhileTheEngineClosesIsLeftForTheNextOneToTell() {
        PluginId slow = world.create("slow");
        world.script(slow, FakeBehaviour.LISTENS.neverListening().ignoringTerm());
        world.ask(world.plugins.enable("slow", EngineWorld.TIMEOUT));
        var closing = world.ask(world.plugins.close());
        assertThat(closing.isOver()).as("the half started one ignores TERM").isFalse();

        world.executor.end(echo, new ExitStatus.Exited(4));
        world.pass(Duration.ofSeconds(10));
        closing.done();
        assertThat(world.eventTypes()).doesNotContain("crash");

        world = world.killed(TakeOverTest::leaving, TakeOverTest::asItIs);
        assertThat(event("crash").attributes()).containsEntry("exitCode", "4");
        assertThat(world.state("echo")).isEqualTo(State.RUNNING);
    }

    @Test
    void withoutLiveRestoreClosingStopsAndReopeningStartsTheNextGeneration() {
        world = world.killed(TakeOverTest::stopping, TakeOverTest::asItIs);

        world = world.reopened(TakeOverTest::stopping,
                w -> assertThat(w.executor.liveContainers()).isEmpty());

        assertThat(world.state("echo")).isEqualTo(State.RUNNING);
        assertThat(world.view("echo").status().generation()).isEqualTo(2);
    }

    @Test
    void aPluginThatEndedMeanwhileIsACrashWithItsCodeThenARestart() {
        world = world.reopened(TakeOverTest::leaving, w -> {
            w.executor.machine().end(echo, new ExitStatus.Exited(3));
            w.settle();
        });

        PluginEvent crash = event("crash");
        assertThat(crash.generation()).isEqualTo(1);
        assertThat(crash.attributes()).containsEntry("exitCode", "3");
        assertThat(world.state("echo")).isEqualTo(State.RUNNING);
        Status status = world.view("echo").status();
        assertThat(status.generation()).isEqualTo(2);
        assertThat(status.restarts()).isEqualTo(1);
        assertThat(status.lastExit()).contains(new ExitStatus.Exited(3));
        assertThat(status.lastErrorLines()).containsExactly(FakeRuntimeExecutor.ERR_LINE);
    }

    @Test
    void whatEndsJustAfterItWasTakenOverIsACrashLikeAnyOther() {
        world = world.killed(TakeOverTest::leaving, w -> w.script(echo, FakeBehaviour.LISTENS));
        world.executor.end(echo, new ExitStatus.Exited(9));
        world.settle();
        world.executor.repeatExit(echo);
        world.settle();

        assertThat(event("crash").attributes()).containsEntry("exitCode", "9");
        assertThat(world.view("echo").status().generation()).isEqualTo(2);
        assertThat(world.eventTypes()).containsOnlyOnce("crash");
    }

    @Test
    void stopsGracefullyWhatRunsWithAnotherBundleAndStartsItAnew() {
        world = world.killed(TakeOverTest::stopping, w -> w.executor.machine().alter(echo));

        assertThat(world.executor.signals()).extracting("signal").containsExactly(Signal.TERM);
        assertThat(event("stop").attributes()).containsEntry("cause", "renew");
        assertThat(event("start").attributes()).containsEntry("cause", "restore");
        assertThat(world.state("echo")).isEqualTo(State.RUNNING);
        assertThat(world.view("echo").status().generation()).isEqualTo(2);
        assertThat(world.view("echo").status().restarts()).isZero();
    }

    @Test
    void startsWithANumberThatNoTraceHasAfterAReboot() {
        world = world.killed(TakeOverTest::stopping, w -> w.executor.machine().reboot());

        assertThat(world.state("echo")).isEqualTo(State.RUNNING);
        assertThat(world.view("echo").status().generation()).isEqualTo(2);
        assertThat(event("start").attributes()).containsEntry("cause", "restore");
    }

    @Test
    void aFailedTakeOverSaysWhyStaysWantedAndIsTriedAgainD40() {
        world = world.killed(TakeOverTest::stopping,
                w -> w.script(echo, FakeBehaviour.LISTENS.failingAt(Step.TAKE_OVER)));

        Status status = world.view("echo").status();
        assertThat(status.state()).isEqualTo(State.RESTORING);
        assertThat(status.reason()).hasValueSatisfying(reason -> assertThat(reason)
                .contains("echo:latest could not be restored", "as scripted"));
        assertThat(status.nextTry()).isPresent();
        assertThat(world.storedAsEnabled(echo)).isTrue();
        assertThat(world.executor.liveContainers()).as("runs on").hasSize(1);
        world.pass(Duration.ofSeconds(10));
        assertThat(world.executor.takeOvers().size()).as("with growing pauses").isBetween(5, 10);
        assertThat(world.eventTypes()).contains("restore_failed");

        world.script(echo, FakeBehaviour.LISTENS);
        world.pass(Duration.ofMinutes(1));

        assertThat(world.state("echo")).isEqualTo(State.RUNNING);
        assertThat(world.view("echo").status().generation()).isEqualTo(1);
        assertThat(world.view("echo").status().reason()).isEmpty();
    }

    @Test
    void aTakenOverPluginThatAcceptsNoConnectionsIsStartedAnewInTimeD41() {
        world.script(echo, FakeBehaviour.LISTENS.neverListening());
        world.executor.end(echo, new ExitStatus.Exited(1));
        world.settle();
        assertThat(world.state("echo")).isEqualTo(State.STARTING);

        world = world.killed(TakeOverTest::stopping, TakeOverTest::asItIs);
        assertThat(world.state("echo")).isEqualTo(State.STARTING);
        world.script(echo, FakeBehaviour.LISTENS);
        world.pass(Duration.ofSeconds(31));

        assertThat(event("start_failed").attributes().get("reason")).contains("within 30s");
        assertThat(world.state("echo")).isEqualTo(State.RUNNING);
        assertThat(world.view("echo").status().generation()).isEqualTo(3);
    }

    @Test
    void whatCouldNotBeStartedNowIsTakenOverAllTheSameAndThatIsTold(@TempDir Path host) throws IOException {
        Path data = Files.createDirectory(host.resolve("data"));
        PluginId mounting = mounting(data);
        Files.delete(data);

        world = world.killed(TakeOverTest::stopping, TakeOverTest::asItIs);

        Status status = world.view("mounting").status();
        assertThat(status.state()).isEqualTo(State.RUNNING);
        assertThat(status.generation()).isEqualTo(1);
        assertThat(status.reason()).hasValueSatisfying(
                reason -> assertThat(reason).contains("taken over as it ran", "the host has no " + data));
        assertThat(world.plugins.health().problems()).containsExactly(status.reason().orElseThrow());
        assertThat(world.executor.deletes()).isEmpty();
        world.ask(world.plugins.disable("mounting", Force.NO)).done();
        assertThat(world.executor.signals()).extracting("plugin", "signal")
                .containsExactly(Tuple.tuple(mounting, Signal.TERM));
        assertThat(world.view("mounting").status().reason()).isEmpty();
    }

    @Test
    void whatEndsAfterItWasTakenOverInDoubtIsACrashLikeAnyOther(@TempDir Path host) throws IOException {
        Path data = Files.createDirectory(host.resolve("data"));
        PluginId mounting = mounting(data);
        Files.delete(data);
        world = world.killed(TakeOverTest::stopping, TakeOverTest::asItIs);

        world.executor.end(mounting, new ExitStatus.Exited(4));
        world.pass(Duration.ofSeconds(1));

        assertThat(event("crash").attributes()).containsEntry("exitCode", "4");
        assertThat(world.state("mounting")).isEqualTo(State.BACKING_OFF);
        Files.createDirectory(data);
        world.pass(Duration.ofMinutes(1));
        assertThat(world.state("mounting")).isEqualTo(State.RUNNING);
    }

    @Test
    void whatRunsIsTakenOverAlsoWhenTheHostDoesNotAnswer() {
        world = world.killed(TakeOverTest::stopping, w -> w.looks.hang());
        assertThat(world.state("echo")).isEqualTo(State.RESTORING);

        world.pass(Duration.ofSeconds(30));

        assertThat(world.state("echo")).isEqualTo(State.RUNNING);
        assertThat(world.view("echo").status().reason().orElseThrow()).contains("took longer than 30s");
        world.looks.goOn();
    }

    @Test
    void switchingOffAPluginWhoseHostDoesNotAnswerIsDoneAtOnce() {
        world = world.killed(TakeOverTest::stopping, w -> w.looks.hang());
        assertThat(world.state("echo")).isEqualTo(State.RESTORING);

        world.ask(world.plugins.disable("echo", Force.NO)).done();

        assertThat(world.executor.signals()).extracting("signal").containsExactly(Signal.TERM);
        assertThat(world.executor.liveContainers()).isEmpty();
        world.looks.goOn();
    }

    @Test
    void switchingOffWhatCouldNotBeFoundLooksForItOnceMoreAndWaitsForTheHostNoMore() {
        world = world.killed(TakeOverTest::stopping, w -> {
            w.script(echo, FakeBehaviour.LISTENS.failingAt(Step.TAKE_OVER));
            w.settle();
        });
        assertThat(world.state("echo")).isEqualTo(State.RESTORING);
        world.script(echo, FakeBehaviour.LISTENS);
        world.looks.hang();

        world.ask(world.plugins.disable("echo", Force.NO)).done();

        assertThat(world.executor.signals()).as("asked to end, though it was not found at first")
                .extracting("signal")
                .containsExactly(Signal.TERM);
        assertThat(world.executor.liveContainers()).isEmpty();
        world.looks.goOn();
    }

    /** A plugin that runs and mounts a folder of the host. */
    private PluginId mounting(Path source) {
        String config = PluginContexts.CONFIG.replace("\"env\"", """
                "mounts":[{"name":"data","source":"%s","destination":"/data","type":"bind","options":["rbind"]}],
                "env\"""".formatted(source));
        var context = PluginContexts.empty()
                .file("config.json", config)
                .folder("rootfs/")
                .file("rootfs/sample", "x");
        PluginId id = world.ask(world.plugins.create("mounting", context.publisher())).value();
        world.ask(world.plugins.enable("mounting", EngineWorld.TIMEOUT)).done();
        return id;
    }

    @Test
    void disablingWhileNothingIsKnownSwitchesOffAndStopsWhatRunsGracefully() {
        world = world.killed(TakeOverTest::stopping,
                w -> w.script(echo, FakeBehaviour.LISTENS.failingAt(Step.TAKE_OVER)));
        world.script(echo, FakeBehaviour.LISTENS);

        world.ask(world.plugins.disable("echo", Force.NO)).done();

        assertThat(world.storedAsEnabled(echo)).isFalse();
        assertThat(world.executor.liveContainers()).isEmpty();
        assertThat(world.state("echo")).isEqualTo(State.STOPPED);
        world.pass(Duration.ofMinutes(5));
        assertThat(world.executor.starts()).isEmpty();
    }

    @Test
    void commandsWhileRestoringMeanWhatTheyMeanForAnyWantedPlugin() {
        world = world.killed(TakeOverTest::stopping,
                w -> w.script(echo, FakeBehaviour.LISTENS.hangingAt(Step.TAKE_OVER)));

        assertThat(world.state("echo")).isEqualTo(State.RESTORING);
        assertThat(world.plugins.health().ready()).isFalse();
        assertThat(world.ask(world.plugins.enable("echo", EngineWorld.TIMEOUT)).error())
                .hasMessageContaining("already enabled");
        assertThat(world.ask(world.plugins.remove("echo", Force.NO)).error())
                .hasMessage("plugin echo:latest is enabled");
    }

    private static void stopping(EngineConfig.Builder config) {
        config.liveRestore(false);
    }

    private static void leaving(EngineConfig.Builder config) {
        config.liveRestore(true);
    }

    private static void asItIs(EngineWorld world) {
        world.settle();
    }

    private PluginEvent event(String type) {
        return world.events.stream()
                .filter(event -> event.type().wireName().equals(type))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + type + " in " + world.eventTypes()));
    }
}
