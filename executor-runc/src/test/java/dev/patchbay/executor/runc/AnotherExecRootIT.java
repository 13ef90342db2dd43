package dev.patchbay.executor.runc;

import static dev.patchbay.executor.RuntimeExecutorContract.PLUGIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.patchbay.executor.ContainerRequest;
import dev.patchbay.executor.ExecutorException.StepFailed;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.executor.RunningContainer;
import dev.patchbay.executor.Signal;
import dev.patchbay.executor.TakeOver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A container that runs on while its record is somewhere else, or gone: the next daemon was given another exec root, or
 * somebody has emptied this one. Never may a second one run beside it.
 */
@Tag("runtime")
class AnotherExecRootIT extends RuncExecutorStage {
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final Path FREEZER = Path.of("/sys/fs/cgroup/freezer");

    private Path other = Path.of("/");

    @BeforeAll
    static void needsRunc() {
        Optional<String> missing = Machine.missing("runc");
        assumeTrue(missing.isEmpty(), () -> "skipped: " + missing.orElse(""));
    }

    @BeforeEach
    void nameTheOther() {
        other = work.resolve("y");
    }

    /** Files in the old exec root are removed by the next daemon that has it, as all executors that are open are told to do. */
    @AfterEach
    void openTheFirstAgain() {
        open();
    }

    private RuncExecutor openElsewhere() {
        return open(it -> it.execRoot(other));
    }

    private RuncExecutor openElsewhere(Duration kill) {
        var limits = new RuncExecutorConfig.StepLimits(PATIENCE, PATIENCE, PATIENCE, kill);
        return open(it -> it.execRoot(other).limits(limits));
    }

    private ContainerRequest elsewhere(int generation) {
        return SamplePlugin.in(work, other).request(PLUGIN, generation);
    }

    private static RunningContainer start(RuncExecutor executor, ContainerRequest request) {
        RunningContainer running = executor.start(request).blockOptional(PATIENCE).orElseThrow();
        executor.awaitListening(PLUGIN, request.execDirectory().resolve("sample.sock")).block(PATIENCE);
        return running;
    }

    /** One that listens and whose executor is gone. */
    private ContainerRecord abandoned(SamplePlugin plugin) throws IOException {
        RuncExecutor first = open();
        start(first, request(plugin, 1));
        close(first);
        return ContainerRecord.read(layout().bundle(PLUGIN)).orElseThrow();
    }

    private static void assertGone(ContainerRecord record) throws IOException, InterruptedException {
        assertThat(record.process().orElseThrow().alive()).as("the plugin").isFalse();
        // It writes its exit file after the plugin's end, and was waited for.
        assertThat(record.monitor().orElseThrow().alive()).as("the monitor").isFalse();
    }

    private ExitStatus told() throws IOException {
        return ExitFile.read(layout().exitFile(PLUGIN), false).orElseThrow();
    }

    @Test
    void aStartAsksWhatAnotherExecRootLeftToEndAndThenRunsAlone() throws Exception {
        ContainerRecord old = abandoned(sample());
        RuncExecutor second = openElsewhere();
        ContainerRequest request = elsewhere(2);
        assertThat(second.takeOver(request).block(PATIENCE)).isEqualTo(new TakeOver.Nothing(0));
        RunningContainer running = start(second, request);
        assertGone(old);
        assertThat(told()).isEqualTo(new ExitStatus.Exited(0));
        assertThat(ProcessIdentity.of(running.pid())).isPresent();
        assertThat(Cgroups.ofThisMachine().members(SamplePlugin.CGROUP)).extracting(ProcessIdentity::pid)
                .containsExactly(running.pid());
    }

    @Test
    void aStartKillsWhatDoesNotEndWhenAsked() throws Exception {
        ContainerRecord old = abandoned(sample().with("SAMPLE_IGNORE_SIGTERM", 1));
        start(openElsewhere(SHORT), elsewhere(2));
        assertGone(old);
        assertThat(told()).isEqualTo(new ExitStatus.Signaled(9, false));
    }

    @Test
    void aStartBesideWhatCannotBeEndedIsRefused() throws Exception {
        assumeTrue(Files.isDirectory(FREEZER),
                "skipped: only on cgroup v1 are frozen processes deaf to KILL");
        ContainerRecord old = abandoned(sample());
        RuncExecutor second = openElsewhere(SHORT);
        // Not its own group, which would be thawed, but the one above.
        Path state = FREEZER.resolve(SamplePlugin.CGROUP.substring(1)).resolve("freezer.state");
        Files.writeString(state, "FROZEN");
        try {
            assertThatExceptionOfType(StepFailed.class)
                    .isThrownBy(() -> second.start(elsewhere(2)).block(PATIENCE))
                    .withMessage("what an earlier start left cannot be removed: process "
                            + old.process().orElseThrow().pid() + " in its control group "
                            + SamplePlugin.CGROUP + "/" + PLUGIN.hex()
                            + ", which this exec root has no record of, did not end within 400 ms of SIGKILL");
        } finally {
            Files.writeString(state, "THAWED");
        }
        start(second, elsewhere(3));
        assertGone(old);
    }

    @Test
    void whatIsFrozenCanBeEndedNevertheless() throws Exception {
        ContainerRecord old = abandoned(sample());
        assertThat(new ProcessBuilder("runc", "--root", layout().runtimeState("runc").toString(), "pause",
                PLUGIN.hex()).inheritIO().start().waitFor()).isZero();
        start(openElsewhere(), elsewhere(2));
        assertGone(old);
    }

    @Test
    void aStartInAnExecRootThatWasEmptiedEndsWhatRunsAndIsNotTakenForIt() throws Exception {
        ContainerRecord old = abandoned(sample());
        FileTree.unmountAndRemove(execRoot);
        RuncExecutor second = open();
        assertThat(second.takeOver(request(sample(), 2)).block(PATIENCE)).isEqualTo(new TakeOver.Nothing(0));
        RunningContainer running = start(second, request(sample(), 2));
        assertGone(old);
        close(second);
        // Its monitor would have left an exit file, had it been given the time.
        assertThat(open().takeOver(request(sample(), 2)).block(PATIENCE))
                .isEqualTo(new TakeOver.Running(running, true));
    }

    @Test
    void aDeleteEndsItToo() throws Exception {
        ContainerRecord old = abandoned(sample());
        openElsewhere().delete(PLUGIN).block(PATIENCE);
        assertGone(old);
        assertThat(told()).isEqualTo(new ExitStatus.Exited(0));
    }

    /** Where the root file system of a plugin may be when it has been switched off or removed. */
    @ParameterizedTest
    @ValueSource(strings = {"in its place", "renamed", "removed"})
    void whatNobodyWantsToStartIsFoundAndAskedToEnd(String rootfs) throws Exception {
        ContainerRecord old = abandoned(sample());
        Path place = old.making().rootfs();
        switch (rootfs) {
            case "renamed" -> Files.move(place, Files.createDirectory(work.resolve("removing")).resolve("r"));
            case "removed" -> FileTree.remove(place);
            default -> assertThat(place).exists();
        }
        RuncExecutor second = openElsewhere();
        assertThat(second.present().collectList().block(PATIENCE)).containsExactly(PLUGIN);
        second.delete(PLUGIN).block(PATIENCE);
        assertGone(old);
        assertThat(told()).isEqualTo(new ExitStatus.Exited(0));
        assertThat(second.present().collectList().block(PATIENCE)).isEmpty();
    }

    @Test
    void whatNobodyWantsToStartIsFoundInAnExecRootThatWasEmptied() throws Exception {
        ContainerRecord old = abandoned(sample().with("SAMPLE_IGNORE_SIGTERM", 1));
        FileTree.unmountAndRemove(execRoot);
        var limits = new RuncExecutorConfig.StepLimits(PATIENCE, PATIENCE, PATIENCE, SHORT);
        RuncExecutor second = open(it -> it.pluginRoot(work.resolve("elsewhere")).limits(limits));
        assertThat(second.present().collectList().block(PATIENCE)).as("by its monitor")
                .containsExactly(PLUGIN);
        second.delete(PLUGIN).block(PATIENCE);
        assertGone(old);
        assertThat(second.present().collectList().block(PATIENCE)).isEmpty();
    }

    // Which has the same plugins, in the same control groups.
    @Test
    void aContainerOfACopyOfTheRootIsNotTouchedAndNothingIsStartedBesideIt() throws Exception {
        Path mine = work.resolve("mine");
        RuncExecutor original = open();
        RunningContainer running = start(original, request(sample(), 7));
        RuncExecutor second = open(it -> it.execRoot(other).pluginRoot(mine));
        ContainerRequest request = SamplePlugin.in(mine, other).request(PLUGIN, 2);
        assertThatExceptionOfType(StepFailed.class)
                .isThrownBy(() -> second.start(request).block(PATIENCE))
                .withMessage("it would not run alone: process " + running.pid() + " in its control group "
                        + SamplePlugin.CGROUP + "/" + PLUGIN.hex() + " has the root file system " + work
                        + "/rootfs and not " + mine + "/rootfs: another daemon seems to serve a copy of this "
                        + "root; disable the plugin there, or end that process if it is nobody's");
        assertThat(second.present().collectList().block(PATIENCE)).isEmpty();
        second.delete(PLUGIN).block(PATIENCE);
        assertThat(original.running().collectList().block(PATIENCE)).containsExactly(running);
        original.delete(PLUGIN).block(PATIENCE);
        assertThat(second.start(request).blockOptional(PATIENCE).orElseThrow().generation()).isEqualTo(2);
    }

    // Its group and record are those of an earlier container of ours; what runs there now is not.
    @Test
    void aContainerOfACopyOfTheRootIsNotTouchedWhereOursWas() throws Exception {
        Path mine = work.resolve("mine");
        RuncExecutor second = open(it -> it.execRoot(other).pluginRoot(mine));
        RunningContainer ours = start(second, SamplePlugin.in(mine, other).request(PLUGIN, 2));
        second.signal(PLUGIN, 2, Signal.TERM).block(PATIENCE);
        assertThat(second.exits().next().blockOptional(PATIENCE).orElseThrow().generation()).isEqualTo(2);
        assertThat(ProcessIdentity.of(ours.pid())).isEmpty();
        RuncExecutor original = open(it -> it.pluginRoot(work.resolve("rootfs")));
        RunningContainer running = start(original, request(sample(), 7));
        second.delete(PLUGIN).block(PATIENCE);
        assertThat(original.running().collectList().block(PATIENCE)).containsExactly(running);
        assertThat(Cgroups.ofThisMachine().members(SamplePlugin.CGROUP)).extracting(ProcessIdentity::pid)
                .containsExactly(running.pid());
    }

    @Test
    void aContainerIsOursWhateverHasBecomeOfItsRootFileSystem() throws Exception {
        ContainerRecord old = abandoned(sample());
        Path rootfs = old.making().rootfs();
        Files.move(rootfs, rootfs.resolveSibling("previous"));
        start(openElsewhere(), elsewhere(2));
        assertGone(old);
        assertThat(told()).isEqualTo(new ExitStatus.Exited(0));
    }

    @Test
    void withoutAPluginRootAContainerIsKnownByItsRootFileSystem() throws Exception {
        ContainerRecord old = abandoned(sample());
        Path moved = Files.createDirectory(work.resolve("moved"));
        Files.move(old.making().rootfs(), moved.resolve("rootfs"));
        RuncExecutor second = RuncExecutor.open(
                RuncExecutorConfig.of(it -> it.execRoot(other).logRoot(work.resolve("logs"))));
        try {
            second.delete(PLUGIN).block(PATIENCE);
            assertThat(old.process().orElseThrow().alive()).as("nothing says whose it is").isTrue();
            start(second, SamplePlugin.in(moved, other).request(PLUGIN, 2));
            assertGone(old);
        } finally {
            second.delete(PLUGIN).block(PATIENCE);
            second.close().block(PATIENCE);
        }
    }

    @Test
    void anExecRootEmptiedWhileItsContainerRunsKeepsNothingFromBeingRemoved() throws Exception {
        RuncExecutor executor = open();
        Path shared = work.resolve("propagated-mount");
        start(executor, request(sample().sharing(shared).with("SAMPLE_MOUNT", "vol1"), 1));
        FileTree.unmountAndRemove(execRoot);
        executor.delete(PLUGIN).block(PATIENCE);
        assertThat(executor.exits().next().blockOptional(PATIENCE).orElseThrow().generation()).isEqualTo(1);
        assertThat(left()).isEmpty();
    }
}
