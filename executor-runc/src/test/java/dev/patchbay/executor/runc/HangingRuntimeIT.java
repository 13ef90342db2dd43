package dev.patchbay.executor.runc;

import static dev.patchbay.executor.RuntimeExecutorContract.PLUGIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.patchbay.executor.ExecutorException.StepFailed;
import dev.patchbay.executor.RunningContainer;
import dev.patchbay.plugin.PluginId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A runtime that hangs in one of its steps: a script around runc, as a wrapped runtime is. */
@Tag("runtime")
class HangingRuntimeIT extends RuncExecutorStage {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final PluginId OTHER = new PluginId("beef" + PLUGIN.hex().substring(4));

    private Path script = Path.of("/");
    private Path hang = Path.of("/");

    @BeforeAll
    static void needsRunc() {
        Optional<String> missing = Machine.missing("runc");
        assumeTrue(missing.isEmpty(), () -> "skipped: " + missing.orElse(""));
    }

    // Hangs in the step that a file names. Not by exec: the script's child, which nobody ever writes to, must go too.
    @BeforeEach
    void makeScript() throws IOException {
        hang = work.resolve("hang");
        script = work.resolve("wrapped-runc");
        Files.writeString(script, """
                #!/bin/sh
                case "$*" in
                    *" $(cat %1$s 2>/dev/null || echo none) "*%2$s) touch %1$s.begun; mkfifo %1$s.fifo; cat %1$s.fifo; exit 1;;
                esac
                exec runc "$@"
                """.formatted(hang, PLUGIN.hex()));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    private RuncExecutor open(Duration create, Duration start, Duration delete) {
        var limits = new RuncExecutorConfig.StepLimits(create, start, delete, LONG);
        return open(it -> it.runtime("runc", RuntimeProgram.at(script)).limits(limits).startParallelism(1));
    }

    private void hangIn(String step) throws IOException {
        Files.writeString(hang, step);
    }

    private void hangNoMore() throws IOException {
        Files.deleteIfExists(hang);
        Files.deleteIfExists(Path.of(hang + ".fifo"));
    }

    private RunningContainer start(RuncExecutor executor, int generation) {
        return executor.start(request(sample(), generation)).blockOptional(PATIENCE).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"create", "start"})
    void aStartThatHangsEndsWithCommandAndLimitAndLeavesNothing(String step) throws IOException {
        RuncExecutor executor = open(
                step.equals("create") ? SHORT : LONG, step.equals("start") ? SHORT : LONG, LONG);
        hangIn(step);
        assertThatExceptionOfType(StepFailed.class)
                .isThrownBy(() -> start(executor, 1))
                .withMessage("the container could not be " + step + (step.equals("create") ? "d: `" : "ed: `")
                        + script + " " + step + "` did not end within 400 ms and was killed");
        assertThat(left()).isEmpty();
        hangNoMore();
        assertThat(start(executor, 2).generation()).isEqualTo(2);
    }

    private void keepWhatOnlyTheRuntimeKnows() throws IOException {
        Files.createFile(layout().runtimeState("runc", PLUGIN).resolve("more"));
    }

    @Test
    void aContainerThatHasNothingMoreIsRemovedWithoutTheRuntime() throws IOException {
        RuncExecutor executor = open(LONG, LONG, LONG);
        start(executor, 1);
        hangIn("delete --force");
        executor.delete(PLUGIN).block(PATIENCE);
        assertThat(left()).isEmpty();
        hangNoMore();
    }

    @Test
    void aDeleteThatHangsEndsWithCommandAndLimitAndMayBeRepeated() throws IOException {
        RuncExecutor executor = open(LONG, LONG, SHORT);
        start(executor, 1);
        keepWhatOnlyTheRuntimeKnows();
        hangIn("delete --force");
        String words = "`" + script + " delete` did not end within 400 ms and was killed";
        assertThatExceptionOfType(StepFailed.class)
                .isThrownBy(() -> executor.delete(PLUGIN).block(PATIENCE))
                .withMessage("its container cannot be removed: " + words);
        assertThatExceptionOfType(StepFailed.class)
                .isThrownBy(() -> start(executor, 2))
                .withMessage("what an earlier start left cannot be removed: " + words);
        hangNoMore();
        assertThat(start(executor, 3).generation()).isEqualTo(3);
    }

    @Test
    void aCreateThatHangsAfterItsStarterWasKilledEndsWithTheNextDelete() throws IOException {
        hangIn("create");
        Process monitor = abandonedMonitor(request(sample(), 1), RuntimeProgram.at(script));
        await().atMost(PATIENCE).until(() -> Files.exists(Path.of(hang + ".begun")));
        RuncExecutor next = open(LONG, LONG, LONG);
        next.delete(PLUGIN).block(PATIENCE);
        assertThat(monitor.isAlive()).isFalse();
        assertThat(left()).isEmpty();
        hangNoMore();
    }

    @Test
    void aStateThatHangsEndsWithCommandAndLimit() throws IOException {
        RuncExecutor first = open(LONG, LONG, LONG);
        start(first, 1);
        close(first);
        Path bundle = layout().bundle(PLUGIN);
        ContainerRecord record = ContainerRecord.read(bundle).orElseThrow();
        var life = record.life().orElseThrow();
        record.with(new ContainerRecord.Life(life.monitor(), life.process(), false)).write(bundle);
        RuncExecutor second = open(LONG, SHORT, LONG);
        hangIn("state");
        assertThatExceptionOfType(StepFailed.class)
                .isThrownBy(() -> second.takeOver(request(sample(), 1)).block(PATIENCE))
                .withMessage("what there is of its container cannot be told: `" + script
                        + " state` did not end within 400 ms and was killed");
        hangNoMore();
    }

    @Test
    void anotherPluginStartsWhileTheOnlyPlaceIsHeldByOneThatHangs() throws IOException {
        RuncExecutor executor = open(Duration.ofSeconds(12), LONG, LONG);
        hangIn("create");
        var hanging = executor.start(request(sample(), 1)).subscribe(_ -> {}, _ -> {});
        try {
            await().atMost(PATIENCE).until(() -> Files.exists(Path.of(hang + ".begun")));
            var other = SamplePlugin.in(work, execRoot).request(OTHER, 1);
            executor.start(other).block(PATIENCE);
            assertThat(hanging.isDisposed()).isFalse();
        } finally {
            executor.delete(OTHER).block(PATIENCE);
            hanging.dispose();
        }
        await().atMost(PATIENCE).until(() -> left().isEmpty());
    }
}
