package dev.patchbay.executor.runc;

import static dev.patchbay.executor.RuntimeExecutorContract.PLUGIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.patchbay.executor.ContainerRequest;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.executor.FakeRuntimeExecutor;
import dev.patchbay.executor.LogLine;
import dev.patchbay.executor.LogQuery;
import dev.patchbay.executor.RunningContainer;
import dev.patchbay.executor.Signal;
import dev.patchbay.executor.TakeOver;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.syscall.MountTable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Containers that run on while nobody is there, and go on afterwards as if somebody had always been. */
@Tag("runtime")
class LiveRestoreIT extends RuncExecutorStage {
    private static final int MANY = 6;

    @BeforeAll
    static void needsRunc() {
        Optional<String> missing = Machine.missing("runc");
        assumeTrue(missing.isEmpty(), () -> "skipped: " + missing.orElse(""));
    }

    private static Path socket(ContainerRequest request) {
        return request.execDirectory().resolve("sample.sock");
    }

    private RunningContainer start(RuncExecutor executor, ContainerRequest request) {
        RunningContainer running = executor.start(request).blockOptional(PATIENCE).orElseThrow();
        executor.awaitListening(request.plugin(), socket(request)).block(PATIENCE);
        return running;
    }

    private static TakeOver takeOver(RuncExecutor executor, ContainerRequest request) {
        return executor.takeOver(request).blockOptional(PATIENCE).orElseThrow();
    }

    /** Lets the plugin print one line to each stream. */
    private static void speak(ContainerRequest request, String word) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket(request)));
            String head = "POST /" + word + " HTTP/1.1\r\nHost: p\r\nContent-Length: 0\r\n\r\n";
            channel.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
            assertThat(channel.read(ByteBuffer.allocate(4096))).isPositive();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> words(Stream<String> texts) {
        return texts.filter(it -> it.startsWith("sample: request /"))
                .map(it -> it.substring(17, it.indexOf(' ', 17)))
                .toList();
    }

    private List<String> logged(RuncExecutor executor) {
        return words(executor.logs(PLUGIN, LogQuery.ALL)
                .map(LogLine::text)
                .collectList()
                .blockOptional(PATIENCE)
                .orElseThrow()
                .stream());
    }

    @Test
    void whatWasWrittenMeanwhileIsInTheLogAndOutputGoesOn() {
        RuncExecutor first = open();
        ContainerRequest request = request(sample(), 1);
        start(first, request);
        speak(request, "before");
        close(first);
        speak(request, "meanwhile");
        RuncExecutor second = open();
        // The plugin's answer may be faster than the monitor.
        await().atMost(PATIENCE).until(() -> logged(second).contains("meanwhile"));
        var output = new CopyOnWriteArrayList<String>();
        second.output().map(LogLine::text).subscribe(output::add, failure -> {
            throw new AssertionError(failure);
        });
        assertThat(takeOver(second, request)).isInstanceOf(TakeOver.Running.class);
        speak(request, "after");
        await().atMost(PATIENCE).until(() -> words(output.stream()).contains("after"));
        assertThat(words(output.stream())).containsExactly("after");
        assertThat(output).doesNotContain(FakeRuntimeExecutor.OUT_LINE);
        assertThat(logged(second)).containsExactly("before", "meanwhile", "after");
    }

    @Test
    void anExitCarriesTheLastLinesOfItsOwnContainerAlsoThoseFromLongBefore() {
        RuncExecutor first = open();
        start(first, request(sample(), 1));
        first.delete(PLUGIN).block(PATIENCE);
        // Much more of stdout than a take-over reads again, after the only line of stderr.
        ContainerRequest request = request(
                sample().with("SAMPLE_LOG_FLOOD", 3000).with("SAMPLE_LOG_WIDTH", 100), 2);
        start(first, request);
        close(first);
        RuncExecutor second = open();
        takeOver(second, request);
        second.signal(PLUGIN, 2, Signal.TERM).block(PATIENCE);
        assertThat(second.exits().next().blockOptional(PATIENCE).orElseThrow().lastErrorLines())
                .containsExactly(FakeRuntimeExecutor.ERR_LINE);
    }

    @Test
    void aLineLeftUnendedWhileNobodyListenedIsNotContinuedByTheNextContainer() throws Exception {
        RuncExecutor first = open();
        ContainerRequest request = request(sample().with("SAMPLE_LOG_UNENDED", "half"), 1);
        start(first, request);
        close(first);
        ContainerRecord record = record();
        record.process().orElseThrow().signal(Signal.TERM);
        assertThat(record.monitor().orElseThrow().awaitEnd(PATIENCE)).isTrue();
        RuncExecutor second = open();
        assertThat(takeOver(second, request)).isInstanceOfSatisfying(TakeOver.Ended.class,
                it -> assertThat(it.exit().lastErrorLines().getLast()).isEqualTo("half"));
        start(second, request(sample(), 2));
        assertThat(second.logs(PLUGIN, LogQuery.ALL).map(LogLine::text).collectList().block(PATIENCE))
                .contains("half");
    }

    @Test
    void rotationGoesOnAndAMonitorThatWasNotToldOfTheLastOneIs() throws IOException {
        RuncExecutor first = open();
        ContainerRequest request = request(sample(), 1);
        start(first, request);
        speak(request, "before");
        await().atMost(PATIENCE).until(() -> logged(first).contains("before"));
        close(first);
        // As if the first one had been killed between renaming the file and saying so.
        Path folder = work.resolve("logs").resolve(PLUGIN.hex());
        Files.move(folder.resolve("log"), folder.resolve("log.1"));
        RuncExecutor second = open(it -> it.logLimits(new RuncExecutorConfig.LogLimits(4096, 100)));
        takeOver(second, request);
        List<String> spoken = IntStream.range(0, 150).mapToObj(i -> "w" + i).toList();
        spoken.forEach(word -> speak(request, word));
        await().atMost(PATIENCE).until(() -> logged(second).contains("w149"));
        assertThat(logged(second)).containsSequence("before", "w0").containsSubsequence(spoken);
        await().atMost(PATIENCE).until(() -> Files.exists(folder.resolve("log.2")));
    }

    private ContainerRecord record() throws IOException {
        return ContainerRecord.read(layout().bundle(PLUGIN)).orElseThrow();
    }

    @Test
    void closingLeavesTheMountsOfWhatRunsD54() throws IOException {
        RuncExecutor first = open();
        Path shared = work.resolve("propagated-mount");
        ContainerRequest request = request(sample().sharing(shared).with("SAMPLE_MOUNT", "vol1"), 1);
        RunningContainer running = start(first, request);
        close(first);
        assertThat(mounts(shared)).contains(shared.resolve("vol1"), shared);
        RuncExecutor second = open();
        assertThat(takeOver(second, request)).isEqualTo(new TakeOver.Running(running, true));
        assertThat(mounts(shared)).contains(shared.resolve("vol1"), shared);
        second.delete(PLUGIN).block(PATIENCE);
        assertThat(mounts(shared)).isEmpty();
    }

    private static List<Path> mounts(Path folder) throws IOException {
        return MountTable.read().atOrBelow(folder).stream().map(it -> it.mountPoint()).toList();
    }

    @Test
    void whatWasTakenOverCanBeDeletedD68() throws IOException {
        RuncExecutor first = open();
        ContainerRequest request = request(sample(), 5);
        RunningContainer running = start(first, request);
        close(first);
        RuncExecutor second = open();
        takeOver(second, request);
        second.signal(PLUGIN, 5, Signal.TERM).block(PATIENCE);
        assertThat(second.exits().next().blockOptional(PATIENCE).orElseThrow().status())
                .isEqualTo(new ExitStatus.Exited(0));
        second.delete(PLUGIN).block(PATIENCE);
        assertThat(left()).isEmpty();
        assertThat(ProcessIdentity.of(running.pid())).isEmpty();
        start(second, request(sample(), 6));
    }

    @Test
    void exitsInTheMiddleOfTheTakeOverAreEachToldOnceD34() {
        RuncExecutor first = open();
        List<ContainerRequest> requests = IntStream.range(0, MANY)
                .mapToObj(i -> new PluginId("a" + i + PLUGIN.hex().substring(2)))
                .map(id -> SamplePlugin.in(work.resolve(id.hex()), execRoot)
                        .with("SAMPLE_CRASH_AFTER_MS", 700)
                        .with("SAMPLE_EXIT_CODE", 9)
                        .request(id, 1))
                .toList();
        try {
            requests.forEach(request -> first.start(request).block(PATIENCE));
            close(first);
            RuncExecutor second = open();
            try {
                takeOverWhileTheyEnd(second, requests);
            } finally {
                requests.forEach(request -> second.delete(request.plugin()).block(PATIENCE));
            }
        } finally {
            RuncExecutor last = open();
            requests.forEach(request -> last.delete(request.plugin()).block(PATIENCE));
        }
    }

    // Nobody listens to exits yet, as in a start-up: they must be kept.
    private static void takeOverWhileTheyEnd(RuncExecutor executor, List<ContainerRequest> requests) {
        long running = Flux.fromIterable(requests)
                .flatMap(executor::takeOver, MANY)
                .filter(found -> switch (found) {
                    case TakeOver.Running _ -> true;
                    case TakeOver.Ended ended -> {
                        assertThat(ended.exit().status()).isEqualTo(new ExitStatus.Exited(9));
                        yield false;
                    }
                    case TakeOver.Nothing _ -> throw new AssertionError("one was lost");
                })
                .count()
                .blockOptional(PATIENCE)
                .orElseThrow();
        assertThat(executor.exits().take(running).collectList().block(PATIENCE))
                .hasSize((int) running)
                .allSatisfy(exit -> assertThat(exit.status()).isEqualTo(new ExitStatus.Exited(9)));
    }

    @Test
    void whatAKilledProcessStartedIsTakenOver() throws Exception {
        ContainerRequest request = request(sample(), 8);
        Path spec = Files.writeString(work.resolve("spec.json"), request.spec());
        Process child = new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(), "-cp",
                System.getProperty("java.class.path"), "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1", StartsAndStays.class.getName(), execRoot.toString(),
                work.toString(), spec.toString(), "8")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(child.inputReader().readLine()).isEqualTo("started");
        } finally {
            child.destroyForcibly();
            assertThat(child.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
        RuncExecutor next = open();
        assertThat(takeOver(next, request)).isInstanceOfSatisfying(TakeOver.Running.class, it -> {
            assertThat(it.asWanted()).isTrue();
            assertThat(it.container().generation()).isEqualTo(8);
        });
        next.signal(PLUGIN, 8, Signal.TERM).block(PATIENCE);
        assertThat(next.exits().next().blockOptional(PATIENCE).orElseThrow().status())
                .isEqualTo(new ExitStatus.Exited(0));
    }
}
