package dev.patchbay.executor.runc;

import static dev.patchbay.executor.RuntimeExecutorContract.PLUGIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.patchbay.executor.ContainerRequest;
import dev.patchbay.executor.ExecutorException.RuntimeUnusable;
import dev.patchbay.executor.ExecutorException.Step;
import dev.patchbay.executor.ExecutorException.StepFailed;
import dev.patchbay.executor.ExitSignal;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.executor.RunningContainer;
import dev.patchbay.executor.Signal;
import dev.patchbay.syscall.MountTable;
import dev.patchbay.syscall.StuckMount;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.test.StepVerifier;

/** What the contract does not say, with the sample plugin on runc. */
@Tag("runtime")
class RuncExecutorIT extends RuncExecutorStage {
    private static final long BUILD_LIMIT = 20L << 20;

    @BeforeAll
    static void needsRunc() {
        Optional<String> missing = Machine.missing("runc");
        assumeTrue(missing.isEmpty(), () -> "skipped: " + missing.orElse(""));
    }

    private static RunningContainer start(RuncExecutor executor, ContainerRequest request) {
        return executor.start(request).blockOptional(PATIENCE).orElseThrow();
    }

    private static ExitSignal exit(RuncExecutor executor) {
        return executor.exits().next().blockOptional(PATIENCE).orElseThrow();
    }

    private Path script(String name, String text) throws IOException {
        Path script = work.resolve(name);
        Files.writeString(script, text);
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void saysThatTheKernelKilledItForMemory() {
        RuncExecutor executor = open();
        start(executor, request(sample().with("SAMPLE_USE_MEMORY_MB", 200).limitedToBytes(BUILD_LIMIT), 1));
        assertThat(exit(executor).status()).isEqualTo(new ExitStatus.Signaled(9, true));
    }

    @Test
    void tellsASignalThatTheProcessCausedItself() {
        RuncExecutor executor = open();
        start(executor,
                request(sample().with("SAMPLE_CRASH_AFTER_MS", 0).with("SAMPLE_EXIT_CODE", "segv"), 1));
        assertThat(exit(executor).status()).isEqualTo(new ExitStatus.Signaled(11, false));
    }

    @Test
    void saysWhatTheRuntimeSaysOfAMissingEntrypoint() {
        RuncExecutor executor = open();
        assertThatExceptionOfType(StepFailed.class)
                .isThrownBy(() -> start(executor, request(sample().running("/nope"), 1)))
                .satisfies(failure -> {
                    assertThat(failure.step()).isEqualTo(Step.CREATE);
                    assertThat(failure.runtimeWords())
                            .contains("exec: \"/nope\": stat /nope: no such file or directory");
                    assertThat(failure.getMessage()).doesNotContain("\\", "\n", "level=");
                });
        assertThat(left()).isEmpty();
        assertThat(work.resolve("logs").resolve(PLUGIN.hex())).doesNotExist();
    }

    @Test
    void aMissingRuntimeIsOneClearError() {
        RuncExecutor executor = open(it -> it.runtime("runc", RuntimeProgram.at(work.resolve("runc"))));
        StepVerifier.create(executor.check())
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(RuntimeUnusable.class)
                        .hasMessageContaining("runc is not installed at " + work.resolve("runc"))
                        .hasMessageContaining("package 'runc'"))
                .verify(PATIENCE);
        assertThatExceptionOfType(RuntimeUnusable.class)
                .isThrownBy(() -> start(executor, request(sample(), 1)));
        assertThat(left()).isEmpty();
    }

    @Test
    void aMissingMonitorIsOneClearError() {
        RuncExecutor executor = open(it -> it.conmon(work.resolve("conmon")));
        StepVerifier.create(executor.check())
                .expectErrorSatisfies(
                        failure -> assertThat(failure).hasMessageContaining("package 'conmon'"))
                .verify(PATIENCE);
        assertThatExceptionOfType(RuntimeUnusable.class)
                .isThrownBy(() -> start(executor, request(sample(), 1)));
        assertThat(left()).isEmpty();
    }

    @Test
    void aBrokenRuntimeIsOneClearError() throws IOException {
        Path broken = script("broken", "#!/bin/sh\necho 'no such thing as a kernel' >&2\nexit 1\n");
        RuncExecutor executor = open(it -> it.runtime("runc", RuntimeProgram.at(broken)));
        StepVerifier.create(executor.check())
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(RuntimeUnusable.class)
                        .hasMessageContaining("no such thing as a kernel"))
                .verify(PATIENCE);
        assertThatExceptionOfType(StepFailed.class)
                .isThrownBy(() -> start(executor, request(sample(), 1)))
                .withMessage("the container could not be created: no such thing as a kernel");
        assertThat(left()).isEmpty();
    }

    @Test
    void aRuntimeThatHangsIsStoppedAtItsLimit() throws IOException {
        Path hanging = script("hanging", "#!/bin/sh\nexec sleep 1000\n");
        var limits = new RuncExecutorConfig.StepLimits(
                Duration.ofMillis(300), Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5));
        RuncExecutor executor = open(it -> it.runtime("runc", RuntimeProgram.at(hanging)).limits(limits));
        assertThatExceptionOfType(StepFailed.class)
                .isThrownBy(() -> start(executor, request(sample(), 1)))
                .withMessage("the container could not be created: `" + hanging
                        + " create` did not end within 300 ms and was killed");
        assertThat(left()).isEmpty();
    }

    @Test
    void cancellingInTheMiddleOfCreateUndoesIt() throws IOException {
        Path mark = work.resolve("creating");
        Path slow = script("slow", "#!/bin/sh\ntouch " + mark + "\nsleep 1\nexec runc \"$@\"\n");
        RuncExecutor executor = open(it -> it.runtime("runc", RuntimeProgram.at(slow)));
        Disposable start = executor.start(request(sample(), 1)).subscribe(_ -> {}, _ -> {});
        await().atMost(PATIENCE).until(() -> Files.exists(mark));
        start.dispose();
        await().atMost(PATIENCE).until(() -> left().isEmpty());
    }

    @Test
    void findsAndRemovesWhatAKilledProcessLeft() throws IOException {
        RuncExecutor first = open();
        RunningContainer old = start(first, request(sample().with("SAMPLE_IGNORE_SIGTERM", 1), 1));
        // A second executor knows the container only by what is on disk, as after a crash of the first one's process.
        RuncExecutor second = open();
        assertThat(second.present().collectList().block(PATIENCE)).containsExactly(PLUGIN);
        ContainerRequest request = request(sample(), 2);
        RunningContainer fresh = start(second, request);
        // As the first process of its pid namespace it is deaf to TERM until it has a handler (pid_namespaces(7)).
        second.awaitListening(PLUGIN, request.execDirectory().resolve("sample.sock")).block(PATIENCE);
        assertThat(ProcessIdentity.of(old.pid())).isEmpty();
        assertThat(fresh.pid()).isNotEqualTo(old.pid());
        second.signal(PLUGIN, 2, Signal.TERM).block(PATIENCE);
        assertThat(exit(second).status()).isEqualTo(new ExitStatus.Exited(0));
    }

    @Test
    void removesTheExitFileThatAKilledMonitorDidNotFinish() throws IOException {
        Path exits = Files.createDirectories(layout().exits());
        Path unfinished = Files.writeString(exits.resolve(PLUGIN.hex() + ".AB12CD"), "1");
        RuncExecutor executor = open();
        assertThat(executor.present().collectList().block(PATIENCE)).containsExactly(PLUGIN);
        executor.delete(PLUGIN).block(PATIENCE);
        assertThat(unfinished).doesNotExist();
    }

    @Test
    void aLostMonitorIsAnUnknownExitAndThePluginEnds() throws IOException {
        RuncExecutor executor = open();
        RunningContainer running = start(executor, request(sample(), 1));
        ContainerRecord record = ContainerRecord.read(
                layout().bundle(PLUGIN))
                .orElseThrow();
        record.monitor().orElseThrow().signal(Signal.KILL);
        ExitSignal exit = exit(executor);
        assertThat(exit.status()).isInstanceOfSatisfying(
                ExitStatus.Unknown.class, it -> assertThat(it.reason()).contains("conmon was lost"));
        assertThat(ProcessIdentity.of(running.pid())).isEmpty();
    }

    // The thread of all logs waits for a disk, say; here for a clock, which ending a line takes.
    @Test
    void aContainerWhoseEndCannotBeToldCanBeRemoved() throws Exception {
        var held = new CountDownLatch(1);
        var kill = Duration.ofMillis(500);
        var limits = new RuncExecutorConfig.StepLimits(PATIENCE, PATIENCE, PATIENCE, kill);
        RuncExecutor executor = open(
                it -> it.limits(limits).clock(new ScriptedClock(() -> whenReleased(held))));
        try {
            ContainerRequest request = request(sample().with("SAMPLE_LOG_UNENDED", "half"), 1);
            RunningContainer running = start(executor, request);
            executor.awaitListening(PLUGIN, request.execDirectory().resolve("sample.sock")).block(PATIENCE);
            executor.signal(PLUGIN, 1, Signal.KILL).block(PATIENCE);
            executor.delete(PLUGIN).block(PATIENCE);
            assertThat(ProcessIdentity.of(running.pid())).isEmpty();
            assertThat(left()).isEmpty();
        } finally {
            held.countDown();
        }
        assertThat(exit(executor).generation()).isEqualTo(1);
    }

    private static Instant whenReleased(CountDownLatch held) {
        if (Thread.currentThread().getName().equals("runtime-events")) {
            try {
                held.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return Instant.now();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aContainerThatSomebodyPausedCanBeKilledAndRemoved(boolean killed) throws Exception {
        RuncExecutor executor = open();
        start(executor, request(sample(), 1));
        assertThat(new ProcessBuilder("runc", "--root", layout().runtimeState("runc").toString(), "pause",
                PLUGIN.hex()).inheritIO().start().waitFor()).isZero();
        if (killed) {
            executor.signal(PLUGIN, 1, Signal.KILL).block(PATIENCE);
            assertThat(exit(executor).status()).isEqualTo(new ExitStatus.Signaled(9, false));
        }
        executor.delete(PLUGIN).block(PATIENCE);
        assertThat(left()).isEmpty();
    }

    @Test
    void mountsBelowThePropagatedMountReachTheHostAndGoWithTheContainer() throws IOException {
        RuncExecutor executor = open();
        Path shared = work.resolve("propagated-mount");
        ContainerRequest request = request(sample().sharing(shared).with("SAMPLE_MOUNT", "vol1"), 1);
        start(executor, request);
        executor.awaitListening(PLUGIN, request.execDirectory().resolve("sample.sock")).block(PATIENCE);
        assertThat(MountTable.read().atOrBelow(shared)).extracting(entry -> entry.mountPoint().toString())
                .contains(shared.resolve("vol1").toString(), shared.toString());
        executor.signal(PLUGIN, 1, Signal.KILL).block(PATIENCE);
        exit(executor);
        executor.delete(PLUGIN).block(PATIENCE);
        assertThat(MountTable.read().atOrBelow(shared)).isEmpty();
        assertThat(shared).isDirectory();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsStuckWherePluginsMountKeepsNoneFromStarting(boolean dead) throws IOException {
        assumeTrue(StuckMount.possible(), "skipped: needs /dev/fuse");
        RuncExecutor executor = open();
        Path shared = Files.createDirectory(work.resolve("propagated-mount"));
        ContainerRequest request = request(sample().sharing(shared).with("SAMPLE_MOUNT", "vol1"), 1);
        try (StuckMount stuck = StuckMount.on(shared)) {
            if (dead) {
                stuck.die();
            }
            start(executor, request);
            executor.awaitListening(PLUGIN, request.execDirectory().resolve("sample.sock")).block(PATIENCE);
            assertThat(MountTable.read().atOrBelow(shared)).extracting(entry -> entry.mountPoint().toString())
                    .containsExactly(shared.resolve("vol1").toString(), shared.toString());
            executor.delete(PLUGIN).block(PATIENCE);
        }
    }

    @Test
    void dialsTheLongestPathThatIsAllowedAndRefusesALongerOne() throws IOException {
        RuncExecutor executor = open();
        int room = RuncExecutorConfig.MAX_SOCKET_PATH_BYTES - work.toString().length() - 1;
        Path longest = work.resolve("s".repeat(room));
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(longest));
            StepVerifier.create(executor.awaitListening(PLUGIN, longest))
                    .expectComplete()
                    .verify(PATIENCE);
        }
        Path tooLong = work.resolve("s".repeat(room + 1));
        StepVerifier.create(executor.awaitListening(PLUGIN, tooLong))
                .expectError(StepFailed.class)
                .verify(PATIENCE);
    }

    @Test
    void aSocketThatIsALinkIsNotFollowed() throws IOException {
        RuncExecutor executor = open();
        Path target = work.resolve("host.sock");
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(target));
            Path link = Files.createSymbolicLink(work.resolve("sample.sock"), target);
            StepVerifier.create(executor.awaitListening(PLUGIN, link))
                    .expectErrorSatisfies(
                            failure -> assertThat(failure).hasMessageContaining("symbolic link"))
                    .verify(PATIENCE);
        }
    }

    @Test
    void anExecDirectoryElsewhereIsRefused() {
        RuncExecutor executor = open();
        ContainerRequest good = request(sample(), 1);
        var bad = new ContainerRequest(
                PLUGIN, 1, good.spec(), good.rootfs(), Path.of("/etc"), Optional.empty());
        assertThatExceptionOfType(StepFailed.class)
                .isThrownBy(() -> start(executor, bad))
                .satisfies(failure -> assertThat(failure.step()).isEqualTo(Step.PREPARE));
        assertThat(left()).isEmpty();
    }

    @Test
    void startsAtMostAsManyAtOnceAsConfigured() throws IOException {
        Path counting = script("counting", """
                #!/bin/sh
                case "$*" in *" create "*) echo + >> %1$s; sleep 0.2; runc "$@"; code=$?; echo - >> %1$s; exit $code;; esac
                exec runc "$@"
                """.formatted(work.resolve("count")));
        RuncExecutor executor = open(
                it -> it.runtime("runc", RuntimeProgram.at(counting)).startParallelism(2));
        var plugins = java.util.stream.IntStream.range(0, 6)
                .mapToObj(i -> new dev.patchbay.plugin.PluginId("a" + i + PLUGIN.hex().substring(2)))
                .toList();
        try {
            reactor.core.publisher.Flux.fromIterable(plugins)
                    .flatMap(
                            it -> executor
                                    .start(SamplePlugin.in(work.resolve(it.hex()), execRoot).request(it, 1)),
                            6)
                    .blockLast(PATIENCE);
            int running = 0;
            int most = 0;
            for (String line : Files.readAllLines(work.resolve("count"))) {
                running += line.equals("+") ? 1 : -1;
                most = Math.max(most, running);
            }
            assertThat(most).isEqualTo(2);
        } finally {
            plugins.forEach(it -> executor.delete(it).block(PATIENCE));
        }
    }
}
