package dev.patchbay.executor.runc;

import static dev.patchbay.executor.RuntimeExecutorContract.PLUGIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.patchbay.executor.ContainerRequest;
import dev.patchbay.executor.ExitSignal;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.executor.FakeRuntimeExecutor;
import dev.patchbay.executor.RunningContainer;
import dev.patchbay.executor.Signal;
import dev.patchbay.executor.TakeOver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

/** What a killed daemon can leave, and what the next one makes of it. */
@Tag("runtime")
class TakeOverIT extends RuncExecutorStage {
    @BeforeAll
    static void needsRunc() {
        Optional<String> missing = Machine.missing("runc");
        assumeTrue(missing.isEmpty(), () -> "skipped: " + missing.orElse(""));
    }

    private Path bundle() {
        return layout().bundle(PLUGIN);
    }

    private ContainerRecord record() throws IOException {
        return ContainerRecord.read(bundle()).orElseThrow();
    }

    /** A container whose executor is gone, and which listens. */
    private RunningContainer abandoned(ContainerRequest request) {
        RuncExecutor first = open();
        RunningContainer running = first.start(request).blockOptional(PATIENCE).orElseThrow();
        first.awaitListening(PLUGIN, request.execDirectory().resolve("sample.sock")).block(PATIENCE);
        close(first);
        return running;
    }

    private RunningContainer abandoned() {
        return abandoned(request(sample(), 3));
    }

    private static void kill(ProcessIdentity process) throws IOException, InterruptedException {
        process.signal(Signal.KILL);
        assertThat(process.awaitEnd(PATIENCE)).isTrue();
    }

    private void endUnheard(Signal signal) throws IOException, InterruptedException {
        ContainerRecord record = record();
        record.process().orElseThrow().signal(signal);
        assertThat(record.monitor().orElseThrow().awaitEnd(PATIENCE)).isTrue();
    }

    private TakeOver takeOver(RuncExecutor executor) {
        return executor.takeOver(request(sample(), 1)).blockOptional(PATIENCE).orElseThrow();
    }

    private static ExitSignal ended(TakeOver found) {
        return switch (found) {
            case TakeOver.Ended(ExitSignal exit) -> exit;
            case TakeOver.Running _,TakeOver.Nothing _ -> throw new AssertionError("not ended: " + found);
        };
    }

    @Test
    void anEndThatNobodyHeardIsFoundWithCodeTimeAndLastLines() throws Exception {
        abandoned();
        endUnheard(Signal.TERM);
        ExitSignal exit = ended(takeOver(open()));
        assertThat(exit.generation()).isEqualTo(3);
        assertThat(exit.status()).isEqualTo(new ExitStatus.Exited(0));
        assertThat(exit.at())
                .isEqualTo(Files.getLastModifiedTime(layout().exitFile(PLUGIN)).toInstant());
        assertThat(exit.lastErrorLines()).containsExactly(FakeRuntimeExecutor.ERR_LINE);
    }

    @Test
    void anExitFileCountsBeforeAnythingElse() throws Exception {
        RunningContainer running = abandoned();
        // As with a monitor that init has not reaped yet, only that this one even runs.
        Files.writeString(layout().exitFile(PLUGIN), "37");
        RuncExecutor next = open();
        assertThat(ended(takeOver(next)).status()).isEqualTo(new ExitStatus.Exited(37));
        next.delete(PLUGIN).block(PATIENCE);
        assertThat(ProcessIdentity.of(running.pid())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-1", "99999999999", "\u00ff\u00fe"})
    void anExitFileThatHoldsNoCodeIsAnEndWithoutOne(String content) throws Exception {
        abandoned();
        endUnheard(Signal.KILL);
        Files.writeString(layout().exitFile(PLUGIN), content);
        assertThat(ended(takeOver(open())).status()).isInstanceOfSatisfying(
                ExitStatus.Unknown.class,
                it -> assertThat(it.reason()).contains("for an exit code"));
    }

    @Test
    void aMonitorLostMeanwhileIsAnEndWithoutCodeAndTheProcessIsKilled() throws Exception {
        RunningContainer running = abandoned();
        kill(record().monitor().orElseThrow());
        RuncExecutor next = open();
        assertThat(ended(takeOver(next)).status())
                .isEqualTo(new ExitStatus.Unknown("its monitor conmon was lost"));
        assertThat(ProcessIdentity.of(running.pid())).isEmpty();
    }

    @Test
    void aMonitorLostLaterIsNoticedToo() throws Exception {
        RunningContainer running = abandoned();
        RuncExecutor next = open();
        assertThat(takeOver(next)).isEqualTo(new TakeOver.Running(running, true));
        StepVerifier.create(next.exits())
                .then(() -> killMonitor())
                .assertNext(exit -> assertThat(exit.status())
                        .isEqualTo(new ExitStatus.Unknown("its monitor conmon was lost")))
                .thenCancel()
                .verify(PATIENCE);
        assertThat(ProcessIdentity.of(running.pid())).isEmpty();
    }

    private void killMonitor() {
        try {
            kill(record().monitor().orElseThrow());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aProcessThatHasTheMonitorsNumberNowIsNotTheMonitor() throws Exception {
        RunningContainer running = abandoned();
        ContainerRecord record = record();
        ProcessIdentity monitor = record.monitor().orElseThrow();
        var impostor = new ProcessIdentity(monitor.pid(), monitor.startTicks() - 1);
        record.with(new ContainerRecord.Life(Optional.of(impostor), record.process().orElseThrow(), true))
                .write(bundle());
        assertThat(ended(takeOver(open())).status()).isInstanceOf(ExitStatus.Unknown.class);
        assertThat(ProcessIdentity.of(running.pid())).isEmpty();
        assertThat(monitor.awaitEnd(PATIENCE)).isTrue();
    }

    @Test
    void whatRanBeforeTheMachineWasStartedAnewIsNothing() throws Exception {
        abandoned();
        endUnheard(Signal.KILL);
        beforeThisBoot("runc", record().life()).write(bundle());
        assertThat(takeOver(open())).isEqualTo(new TakeOver.Nothing(3));
    }

    @Test
    void aRecordWithoutProcessesExitFileAndStateIsNothing() throws Exception {
        abandoned();
        endUnheard(Signal.KILL);
        Files.delete(layout().exitFile(PLUGIN));
        FileTree.remove(layout().runtimeState("runc", PLUGIN));
        assertThat(takeOver(open())).isEqualTo(new TakeOver.Nothing(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "damaged", "another's"})
    void aBundleWithoutGoodRecordIsNothingAndTheNextStartClearsIt(String kind) throws Exception {
        RunningContainer running = abandoned();
        Path file = Layout.record(bundle());
        switch (kind) {
            case "none" -> Files.delete(file);
            case "damaged" -> Files.writeString(file, "{\"plugin\":");
            default -> Files.writeString(file, Files.readString(file).replace(PLUGIN.hex(), "ab".repeat(32)));
        }
        RuncExecutor next = open();
        assertThat(next.present().collectList().block(PATIENCE)).containsExactly(PLUGIN);
        assertThat(takeOver(next)).isEqualTo(new TakeOver.Nothing(0));
        next.start(request(sample(), 4)).block(PATIENCE);
        assertThat(ProcessIdentity.of(running.pid())).isEmpty();
    }

    @Test
    void aContainerThatWaitsForItsStartIsNothingAndTheNextStartClearsIt() throws Exception {
        Path script = work.resolve("starts-nothing");
        Files.writeString(script,
                "#!/bin/sh\ncase \"$*\" in *\" start \"*) exit 0;; esac\nexec runc \"$@\"\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        RuncExecutor first = open(it -> it.runtime("runc", RuntimeProgram.at(script)));
        RunningContainer created = first.start(request(sample(), 3)).blockOptional(PATIENCE).orElseThrow();
        close(first);
        assertThat(ProcessIdentity.of(created.pid())).isPresent();
        withoutNoteOfTheStart();
        RuncExecutor next = open();
        assertThat(takeOver(next)).isEqualTo(new TakeOver.Nothing(3));
        next.start(request(sample(), 4)).block(PATIENCE);
        assertThat(ProcessIdentity.of(created.pid())).isEmpty();
    }

    @Test
    void aContainerStartedInTheInstantOfTheKillRuns() throws Exception {
        RunningContainer running = abandoned();
        withoutNoteOfTheStart();
        assertThat(takeOver(open())).isEqualTo(new TakeOver.Running(running, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ended", "running", "another boot", "no record"})
    void aStateThatItsRuntimeCannotReadIsNoObstacle(String kind) throws Exception {
        RunningContainer running = abandoned();
        if (!kind.equals("running")) {
            endUnheard(Signal.KILL);
        }
        // What a power cut makes of files that were not synced.
        Files.write(layout().runtimeState("runc", PLUGIN).resolve("state.json"), new byte[0]);
        if (kind.equals("no record")) {
            Files.write(Layout.record(bundle()), new byte[0]);
        }
        if (kind.equals("another boot")) {
            beforeThisBoot("old", record().life()).write(bundle());
            Files.move(layout().runtimeState("runc"), layout().runtimeState("old"));
        }
        RuncExecutor next = open();
        RunningContainer fresh = next.start(request(sample(), 4)).blockOptional(PATIENCE).orElseThrow();
        assertThat(ProcessIdentity.of(running.pid())).isEmpty();
        assertThat(ProcessIdentity.of(fresh.pid())).isPresent();
        next.delete(PLUGIN).block(PATIENCE);
        assertThat(left()).isEmpty();
        assertThat(layout().runtimeState("old", PLUGIN)).doesNotExist();
    }

    private ContainerRecord beforeThisBoot(String runtime, Optional<ContainerRecord.Life> life)
            throws IOException {
        ContainerRecord.Making made = record().making();
        return new ContainerRecord(PLUGIN, 3, new ContainerRecord.Making("another boot", runtime,
                made.rootfs(), made.places(), made.logStart()), life);
    }

    @Test
    void aMonitorThatNobodyKnowsOfIsEndedBeforeTheNextStart() throws Exception {
        Process monitor = abandonedMonitor(request(sample(), 3), RuntimeProgram.at(runc()));
        await().atMost(PATIENCE).until(() -> Files.exists(report()) && Files.size(report()) > 0);
        // It would write the exit file of what it watches when the next container has long been started.
        stop(monitor);
        RuncExecutor next = open();
        assertThat(takeOver(next)).isEqualTo(new TakeOver.Nothing(3));
        RunningContainer running = next.start(request(sample(), 4)).blockOptional(PATIENCE).orElseThrow();
        assertThat(monitor.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        close(next);
        assertThat(takeOver(open())).isEqualTo(new TakeOver.Running(running, true));
    }

    private static void stop(Process process) throws Exception {
        assertThat(new ProcessBuilder("/bin/kill", "-s", "STOP", Long.toString(process.pid())).inheritIO()
                .start()
                .waitFor()).isZero();
    }

    @Test
    void aProcessThatHasTheNumberOfOneFromBeforeTheMachineWasStartedAnewLivesOn() throws Exception {
        abandoned();
        endUnheard(Signal.KILL);
        Process other = new ProcessBuilder("/bin/sleep", "1000").start();
        try {
            var identity = ProcessIdentity.of(other.pid()).orElseThrow();
            var life = new ContainerRecord.Life(Optional.of(identity), identity, true);
            beforeThisBoot("runc", Optional.of(life)).write(bundle());
            open().delete(PLUGIN).block(PATIENCE);
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    private void withoutNoteOfTheStart() throws IOException {
        ContainerRecord record = record();
        var life = record.life().orElseThrow();
        record.with(new ContainerRecord.Life(life.monitor(), life.process(), false)).write(bundle());
    }

    @Test
    void noProcessIsStartedForATakeOver() throws Exception {
        RunningContainer running = abandoned();
        Path mark = work.resolve("called");
        Path script = work.resolve("telling");
        Files.writeString(script, "#!/bin/sh\ntouch " + mark + "\nexec runc \"$@\"\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        RuncExecutor next = open(it -> it.runtime("runc", RuntimeProgram.at(script)));
        assertThat(takeOver(next)).isEqualTo(new TakeOver.Running(running, true));
        assertThat(mark).doesNotExist();
        Files.createFile(layout().runtimeState("runc", PLUGIN).resolve("more")); // which only the runtime can know
        next.delete(PLUGIN).block(PATIENCE);
        assertThat(mark).exists();
    }

    @Test
    void aRuntimeThatIsNoLongerConfiguredIsNeededForTheRemovalOnly() throws Exception {
        RuncExecutor first = open(it -> it.runtime("old", RuntimeProgram.at(runc())).defaultRuntime("old"));
        RunningContainer running = first.start(request(sample(), 3)).blockOptional(PATIENCE).orElseThrow();
        close(first);
        RuncExecutor next = open();
        assertThat(takeOver(next)).isEqualTo(new TakeOver.Running(running, true));
        StepVerifier.create(next.delete(PLUGIN))
                .expectErrorMessage(
                        "its container cannot be removed: it was made by the runtime 'old', which "
                                + "is not configured any more: configure it again until the container is gone")
                .verify(PATIENCE);
        close(next);
        RuncExecutor last = open(it -> it.runtime("old", RuntimeProgram.at(runc())));
        last.delete(PLUGIN).block(PATIENCE);
        assertThat(left()).isEmpty();
        assertThat(layout().runtimeState("old", PLUGIN)).doesNotExist();
    }

    private static Path runc() {
        return RuntimeProgram.find("runc").orElseThrow();
    }

    private static ContainerRequest changed(ContainerRequest request, UnaryOperator<String> spec) {
        return new ContainerRequest(request.plugin(), request.generation(), spec.apply(request.spec()),
                request.rootfs(), request.execDirectory(), request.propagatedMount());
    }

    private static boolean asWanted(TakeOver found) {
        return switch (found) {
            case TakeOver.Running(_, boolean asWanted) -> asWanted;
            case TakeOver.Ended _,TakeOver.Nothing _ -> throw new AssertionError("not running: " + found);
        };
    }

    @Test
    void specsAreComparedAsValuesAndPathsCount() {
        ContainerRequest made = request(sample(), 3);
        abandoned(made);
        RuncExecutor next = open();
        assertThat(asWanted(next.takeOver(changed(made, it -> " " + it.replace(",", " ,\n")))
                .blockOptional(PATIENCE)
                .orElseThrow())).isTrue();
        assertThat(asWanted(next.takeOver(changed(made, it -> it.replace("CAP_KILL", "CAP_CHOWN")))
                .blockOptional(PATIENCE)
                .orElseThrow())).isFalse();
        var moved = new ContainerRequest(PLUGIN, 3, made.spec(), Path.of("/elsewhere"), made.execDirectory(),
                made.propagatedMount());
        assertThat(asWanted(next.takeOver(moved).blockOptional(PATIENCE).orElseThrow())).isFalse();
        var sharing = new ContainerRequest(PLUGIN, 3, made.spec(), made.rootfs(), made.execDirectory(),
                Optional.of(Path.of("/elsewhere")));
        assertThat(asWanted(next.takeOver(sharing).blockOptional(PATIENCE).orElseThrow())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"c/ID", "exits/ID", "exits/ID.x7Fa2b", "r/runc/ID"})
    void whatIsLeftInTheExecRootIsFoundAndRemovedD43(String name) throws Exception {
        Path left = execRoot.resolve(Layout.STATE).resolve(name.replace("ID", PLUGIN.hex()));
        if (name.startsWith("exits")) {
            Files.createDirectories(layout().exits());
            Files.writeString(left, "7");
        } else {
            Files.createDirectories(left);
        }
        RuncExecutor next = open();
        assertThat(next.present().collectList().block(PATIENCE)).containsExactly(PLUGIN);
        assertThat(takeOver(next)).isEqualTo(new TakeOver.Nothing(0));
        next.delete(PLUGIN).block(PATIENCE);
        assertThat(left).doesNotExist();
        assertThat(next.present().collectList().block(PATIENCE)).isEmpty();
        assertThat(left()).isEmpty();
    }
}
