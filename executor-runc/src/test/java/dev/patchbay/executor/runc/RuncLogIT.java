package dev.patchbay.executor.runc;

import static dev.patchbay.executor.RuntimeExecutorContract.PLUGIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.patchbay.executor.LogLine;
import dev.patchbay.executor.LogQuery;
import dev.patchbay.executor.RunningContainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Logs of real containers: rotation, long lines, unended lines. */
@Tag("runtime")
class RuncLogIT extends RuncExecutorStage {
    private static final int LINES = 60_000;
    private static final LogQuery FOLLOW = new LogQuery(OptionalInt.empty(), Optional.empty(), true);

    @BeforeAll
    static void needsRunc() {
        Optional<String> missing = Machine.missing("runc");
        assumeTrue(missing.isEmpty(), () -> "skipped: " + missing.orElse(""));
    }

    private static List<Integer> numbers(List<LogLine> lines) {
        return lines.stream()
                .map(LogLine::text)
                .filter(text -> text.startsWith("flood "))
                .map(text -> Integer.parseInt(text.substring(6, text.indexOf(' ', 6))))
                .toList();
    }

    private void runToExit(RuncExecutor executor, SamplePlugin plugin) {
        executor.start(request(plugin, 1)).block(PATIENCE);
        executor.exits().next().block(PATIENCE);
    }

    @Test
    void aFloodIsRotatedAndAFollowerLosesNoLine() throws Exception {
        RuncExecutor executor = open(it -> it.logLimits(new RuncExecutorConfig.LogLimits(200_000, 200)));
        var seen = new CompletableFuture<List<LogLine>>();
        var collected = new ArrayList<LogLine>();
        var follower = executor.logs(PLUGIN, FOLLOW)
                .subscribe(
                        line -> {
                            collected.add(line);
                            if (line.text().startsWith("flood " + (LINES - 1) + " ")) {
                                seen.complete(collected);
                            }
                        },
                        seen::completeExceptionally);
        RunningContainer running = executor.start(request(
                sample().with("SAMPLE_LOG_FLOOD", LINES).with("SAMPLE_LOG_WIDTH", 60), 1))
                .blockOptional(PATIENCE)
                .orElseThrow();
        assertThat(running.pid()).isPositive();
        List<LogLine> lines = seen.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        follower.dispose();
        assertThat(numbers(lines)).isEqualTo(IntStream.range(0, LINES).boxed().toList());
        assertThat(files()).hasSizeGreaterThan(2);
    }

    @Test
    void aLogStaysWithinItsLimitAndKeepsTheNewestLines() throws IOException {
        RuncExecutor executor = open(it -> it.logLimits(new RuncExecutorConfig.LogLimits(200_000, 3)));
        runToExit(
                executor,
                sample().with("SAMPLE_LOG_FLOOD", LINES)
                        .with("SAMPLE_LOG_WIDTH", 60)
                        .with("SAMPLE_CRASH_AFTER_MS", 0));
        assertThat(files()).hasSizeLessThanOrEqualTo(3);
        List<LogLine> kept = executor.logs(PLUGIN, LogQuery.ALL)
                .collectList()
                .blockOptional(PATIENCE)
                .orElseThrow();
        List<Integer> numbers = numbers(kept);
        assertThat(numbers.getLast()).isEqualTo(LINES - 1);
        assertThat(numbers).isEqualTo(
                IntStream.range(numbers.getFirst(), LINES).boxed().toList());
        var tail = new LogQuery(OptionalInt.of(5), Optional.empty(), false);
        assertThat(executor.logs(PLUGIN, tail).collectList().block(PATIENCE))
                .isEqualTo(kept.subList(kept.size() - 5, kept.size()));
    }

    @Test
    void aLineLongerThanTheMonitorsBufferIsOneLine() {
        RuncExecutor executor = open();
        runToExit(
                executor,
                sample().with("SAMPLE_LOG_FLOOD", 2)
                        .with("SAMPLE_LOG_WIDTH", 50_000)
                        .with("SAMPLE_CRASH_AFTER_MS", 0));
        assertThat(executor.logs(PLUGIN, LogQuery.ALL)
                .map(LogLine::text)
                .filter(text -> text.startsWith("flood"))
                .map(String::length)
                .collectList()
                .block(PATIENCE))
                .containsExactly(50_000, 50_000);
    }

    @Test
    void anUnendedLineIsALineAndTheNextContainerDoesNotContinueIt() {
        RuncExecutor executor = open();
        SamplePlugin plugin = sample().with("SAMPLE_LOG_UNENDED", "half").with("SAMPLE_IGNORE_SIGTERM", 1);
        for (int generation = 1; generation <= 2; generation++) {
            var request = request(plugin, generation);
            executor.start(request).block(PATIENCE);
            executor.awaitListening(PLUGIN, request.execDirectory().resolve("sample.sock")).block(PATIENCE);
            executor.delete(PLUGIN).block(PATIENCE);
        }
        executor.exits()
                .take(2)
                .doOnNext(exit -> assertThat(exit.lastErrorLines()).contains("half"))
                .blockLast(PATIENCE);
        assertThat(executor.logs(PLUGIN, LogQuery.ALL)
                .map(LogLine::text)
                .filter(text -> text.contains("half"))
                .collectList()
                .block(PATIENCE))
                .containsExactly("half", "half");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(work.resolve("logs").resolve(PLUGIN.hex()))) {
            return files.toList();
        }
    }
}
