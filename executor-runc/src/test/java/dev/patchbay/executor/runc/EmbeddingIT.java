package dev.patchbay.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.patchbay.PluginCall;
import dev.patchbay.PluginException;
import dev.patchbay.PluginStartException;
import dev.patchbay.PluginStorageException;
import dev.patchbay.Plugins;
import dev.patchbay.Status.State;
import dev.patchbay.executor.ExecutorException.RuntimeUnusable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Engines in a host's process: as many as it likes, opened and closed as it likes, and nothing of them stays. */
@Tag("runtime")
@Timeout(300)
class EmbeddingIT {
    private static final int ROUNDS = Integer.getInteger("patchbay.embedding.rounds", 200);
    private static final int WARM_UP = 20;
    private static final int CANCELS = 40;
    private static final long OPEN_MICROS = 60_000; // about as long as it takes, so that each step is met
    private static final long HEAP_ROOM = 2 << 20; // one engine that stays has more

    private HostHere host;
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.patchbay");

    @BeforeAll
    static void needsRunc() {
        Optional<String> missing = Machine.missing("runc");
        assumeTrue(missing.isEmpty(), () -> "skipped: " + missing.orElse(""));
    }

    @BeforeEach
    void begin() throws IOException {
        host = HostHere.make();
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void leavesNothing() throws IOException {
        logger.detachAppender(log);
        logger.setLevel(null);
        host.close();
    }

    private static void close(Plugins plugins) {
        plugins.close().block(TrialWorld.PATIENCE);
    }

    private static String echo(Plugins plugins, String text) {
        record Words(String text) {}
        return plugins.use("sample", "dummy", "an echo", use -> use.client()
                .call(PluginCall.of("Sample.Echo", Words.class).body(new Words(text))))
                .single()
                .blockOptional(TrialWorld.PATIENCE)
                .orElseThrow()
                .text();
    }

    private static void awaitRunning(Plugins plugins) {
        await().atMost(TrialWorld.PATIENCE)
                .until(() -> plugins.inspect("sample")
                        .blockOptional()
                        .orElseThrow()
                        .status()
                        .state() == State.RUNNING);
    }

    private static void awaitNoThreads() {
        await().atMost(TrialWorld.PATIENCE).until(() -> Footprint.now().ourThreads().isEmpty());
        Thread.getAllStackTraces()
                .keySet()
                .stream()
                .filter(thread -> thread.getName().startsWith("awaitility"))
                .forEach(EmbeddingIT::join); // the one that has just waited, which is about to end, too
    }

    private static void join(Thread thread) {
        try {
            assertThat(thread.join(TrialWorld.PATIENCE)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void twoHundredOpensAndClosesLeaveThreadsDescriptorsAndMemoryAsTheyWere() throws Exception {
        for (int round = 0; round < WARM_UP; round++) {
            close(host.open("a"));
        }
        awaitNoThreads();
        Footprint before = Footprint.now();
        for (int round = 0; round < ROUNDS; round++) {
            close(host.open("a"));
        }
        awaitNoThreads(); // the last ones are about to end
        Footprint after = Footprint.now();
        assertThat(after.threads()).isEqualTo(before.threads());
        assertThat(after.descriptors()).isEqualTo(before.descriptors());
        assertThat(after.heapBytes()).isLessThan(before.heapBytes() + HEAP_ROOM);
    }

    @Test
    void twoEnginesServeSideBySideAndOneOutlivesTheOther() throws Exception {
        Plugins first = host.open("a");
        Plugins second = host.open("b");
        try {
            for (Plugins each : new Plugins[]{first, second}) {
                host.install(each, "sample");
                each.enable("sample", TrialWorld.PATIENCE).block(TrialWorld.PATIENCE);
            }
            assertThat(echo(first, "one")).isEqualTo("one");
            assertThat(echo(second, "two")).isEqualTo("two");
            close(first);
            assertThat(echo(second, "still there")).isEqualTo("still there");
        } finally {
            close(first);
            close(second);
        }
    }

    @Test
    void aRootThatIsOpenIsRefusedAndTheOtherEngineNoticesNothing() {
        Plugins first = host.open("a");
        try {
            assertThatThrownBy(() -> host.opening(host.root("a"), host.execRoot("b"))
                    .block(TrialWorld.PATIENCE))
                    .isInstanceOf(PluginStorageException.class)
                    .hasMessage("the plugin directory " + host.root("a")
                            + " is in use by another Patchbay in this process; stop that one, or choose"
                            + " another directory");
            assertThat(first.health().live()).isTrue();
        } finally {
            close(first);
        }
        close(host.open("a"));
    }

    @Test
    void anExecRootThatIsInUseIsRefusedAndTheOtherEngineNoticesNothing() throws Exception {
        Plugins first = host.open("a");
        try {
            host.install(first, "sample");
            first.enable("sample", TrialWorld.PATIENCE).block(TrialWorld.PATIENCE);
            for (int times = 0; times < 2; times++) {
                assertThatThrownBy(() -> host.opening(host.root("b"), host.execRoot("a"))
                        .block(TrialWorld.PATIENCE))
                        .isInstanceOf(PluginStorageException.class)
                        .hasMessage("the exec root " + host.execRoot("a") + " is in use by another Patchbay"
                                + " in this process; stop that one, or choose another exec root");
            }
            assertThat(echo(first, "still there")).isEqualTo("still there");
        } finally {
            close(first);
        }
        close(host.opening(host.root("b"), host.execRoot("a"))
                .blockOptional(TrialWorld.PATIENCE)
                .orElseThrow());
    }

    @Test
    void logLinesNameTheRequestThatTheHostPutIntoTheContext() throws Exception {
        Plugins plugins = host.open("a");
        logger.setLevel(Level.INFO);
        try {
            host.install(plugins, "sample");
            plugins.enable("sample", TrialWorld.PATIENCE)
                    .contextWrite(it -> it.put(Plugins.REQUEST_ID, "host-4711"))
                    .block(TrialWorld.PATIENCE);
        } finally {
            close(plugins);
        }
        var lines = new ArrayList<>(log.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
        assertThat(lines)
                .anyMatch(
                        it -> it.startsWith("start plugin=sample:latest") && it.endsWith("request=host-4711"))
                .anyMatch(it -> it.startsWith("enable plugin=sample:latest")
                        && it.endsWith("request=host-4711"))
                .anyMatch(it -> it.startsWith("create plugin=sample:latest") && it.endsWith("request=none"));
    }

    @Test
    void anOpeningThatIsGivenUpAtAnyMomentLeavesNothingOpen() {
        for (int round = 0; round < CANCELS; round++) {
            var opening = host.opening(host.root("a"), host.execRoot("a")).toFuture();
            long micros = ThreadLocalRandom.current().nextLong(OPEN_MICROS);
            await().pollDelay(micros, TimeUnit.MICROSECONDS)
                    .pollInterval(1, TimeUnit.MILLISECONDS)
                    .until(() -> true);
            if (!opening.cancel(true)) {
                close(opening.join());
            }
            awaitNoThreads();
        }
        assertThat(log.list).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
        close(host.open("a")); // the root is free
    }

    @Test
    void anExecutorThatNobodyWaitsForAnyMoreIsClosed() throws IOException {
        RuncExecutorConfig config = RuncExecutorConfig
                .of(it -> it.execRoot(host.execRoot("a")).pluginRoot(host.root("a")));
        for (int round = 0; round < CANCELS; round++) {
            RuncExecutor.opening(config).subscribe().dispose();
            awaitNoThreads();
        }
    }

    @Test
    void closingStopsWhatRunsAndTheNextOpeningStartsItAgain() throws Exception {
        Plugins plugins = host.open("a");
        host.install(plugins, "sample");
        plugins.enable("sample", TrialWorld.PATIENCE).block(TrialWorld.PATIENCE);
        close(plugins);
        assertThat(Machine.leftovers(host.folder())).isEmpty();
        Plugins next = host.open("a");
        try {
            awaitRunning(next);
            assertThat(echo(next, "again")).isEqualTo("again");
        } finally {
            close(next);
        }
    }

    @Test
    void withLiveRestoreWhatRunsStaysAndTheNextEngineTakesItOver() throws Exception {
        Plugins plugins = host.openWith("a", it -> it.liveRestore(true));
        host.install(plugins, "sample");
        plugins.enable("sample", TrialWorld.PATIENCE).block(TrialWorld.PATIENCE);
        close(plugins);
        assertThat(Machine.leftovers(host.folder())).anyMatch(it -> it.startsWith("process"));
        Plugins next = host.open("a");
        try {
            awaitRunning(next);
            var status = next.inspect("sample").blockOptional().orElseThrow().status();
            assertThat(status.generation()).isEqualTo(1);
            assertThat(echo(next, "the same")).isEqualTo("the same");
        } finally {
            close(next);
        }
    }

    /** Its create waits for longer than the closing does for anything. */
    @Test
    void closingWhileAPluginStartsEndsThatStartAndLeavesNothing() throws Exception {
        Path mark = host.folder().resolve("creating");
        Path slow = Files.writeString(host.folder().resolve("slow"),
                "#!/bin/sh\ncase \"$*\" in *create*) touch " + mark
                        + "; exec sleep 1000;; esac\nexec runc \"$@\"\n");
        Files.setPosixFilePermissions(slow, PosixFilePermissions.fromString("rwx------"));
        Plugins plugins = host.openOn("a", it -> it.runtime("runc", RuntimeProgram.at(slow)));
        host.install(plugins, "sample");
        var start = plugins.enable("sample", TrialWorld.PATIENCE).toFuture();
        await().atMost(TrialWorld.PATIENCE).until(() -> Files.exists(mark));
        close(plugins);
        assertThatThrownBy(start::join).hasCauseInstanceOf(PluginException.class);
        assertThat(Machine.leftovers(host.folder())).isEmpty();
        Plugins next = host.open("a"); // whose runtime is a sound one
        try {
            next.enable("sample", TrialWorld.PATIENCE).block(TrialWorld.PATIENCE);
            assertThat(echo(next, "sound")).isEqualTo("sound");
        } finally {
            close(next);
        }
    }

    @Test
    void aMissingRuntimeIsNamedWithItsRemedyInHealthAndAtTheStart() throws Exception {
        Path nowhere = host.folder().resolve("no/runc");
        isNamed("runc is not installed at " + nowhere + ": install the package 'runc'",
                it -> it.runtime("runc", RuntimeProgram.at(nowhere)));
    }

    @Test
    void aMissingMonitorIsNamedWithItsRemedyInHealthAndAtTheStart() throws Exception {
        Path nowhere = host.folder().resolve("no/conmon");
        isNamed("conmon is not installed at " + nowhere + ": install the package 'conmon'",
                it -> it.conmon(nowhere));
    }

    private void isNamed(String sentence, Consumer<RuncExecutorConfig.Builder> machine) throws Exception {
        Plugins plugins = host.openOn("a", machine);
        try {
            await().atMost(TrialWorld.PATIENCE).until(() -> !plugins.health().problems().isEmpty());
            assertThat(plugins.health().problems()).anyMatch(it -> it.contains(sentence));
            host.install(plugins, "sample");
            assertThatThrownBy(() -> plugins.enable("sample", TrialWorld.PATIENCE).block(TrialWorld.PATIENCE))
                    .isInstanceOf(PluginStartException.class)
                    .hasMessageContaining(sentence);
        } finally {
            close(plugins);
        }
    }

    @Test
    void whoIsNotRootIsToldSoWhenTheEngineIsOpened() throws Exception {
        // Nobody, but able to read the classes, wherever they are.
        assertThat(openedBy("--reuid=65534", "--clear-groups", "--inh-caps=+dac_read_search",
                "--ambient-caps=+dac_read_search"))
                .isEqualTo(RuntimeUnusable.class.getName()
                        + ": containers cannot be run here: this process runs as"
                        + " user 65534, and mounts, control groups and containers need root; start the host as root");
        assertThat(openedBy("--bounding-set=-sys_admin", "--inh-caps=-sys_admin"))
                .contains("root without CAP_SYS_ADMIN");
    }

    @Test
    void noThreadOfAClosedEngineKeepsItsHostFromEnding() throws Exception {
        Process child = new ProcessBuilder(java(OpensClosesAndReturns.class))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(child.inputReader().lines().filter(line -> !line.isBlank()))
                    .containsExactly("returns");
            assertThat(child.waitFor(TrialWorld.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(child.exitValue()).isZero();
        } finally {
            child.destroyForcibly().onExit().join();
        }
    }

    private List<String> java(Class<?> main) {
        return List.of(ProcessHandle.current().info().command().orElseThrow(), "-cp",
                System.getProperty("java.class.path"), "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1", main.getName(), host.folder().toString());
    }

    private String openedBy(String... rights) throws Exception {
        assumeTrue(RuntimeProgram.find("setpriv").isPresent(), "skipped: there is no setpriv");
        var command = new ArrayList<String>();
        command.add("setpriv");
        command.addAll(List.of(rights));
        command.addAll(java(OpensAndTells.class));
        Process child = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try {
            return String.valueOf(child.inputReader().readLine());
        } finally {
            child.destroyForcibly();
            assertThat(child.waitFor(TrialWorld.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void closingTwiceIsTheSameClosing() {
        Plugins plugins = host.open("a");
        Mono.when(plugins.close(), plugins.close()).block(TrialWorld.PATIENCE);
        close(plugins);
        assertThat(plugins.health().live()).isFalse();
    }
}
