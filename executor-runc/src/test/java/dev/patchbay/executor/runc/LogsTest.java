package dev.patchbay.executor.runc;

import static dev.patchbay.executor.RuntimeExecutorContract.PATIENCE;
import static dev.patchbay.executor.RuntimeExecutorContract.PLUGIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Logs without containers: what goes wrong with one must not cost the news of its container's end, nor files. */
class LogsTest {
    private static final String TIME = "2026-11-23T20:03:57.133489479+00:00 ";

    @TempDir
    Path folder = Path.of("/");

    private Layout layout = new Layout(Path.of("/"), Path.of("/"));

    @BeforeEach
    void makeFolders() throws IOException {
        layout = new Layout(Path.of("/tmp/x"), folder);
        Files.createDirectories(layout.logs(PLUGIN));
    }

    private Logs logs(Clock clock, FolderWatch watch) {
        return new Logs(RuncExecutorConfig.of(it -> it.clock(clock)), layout, watch);
    }

    private void write(String name, String... entries) throws IOException {
        Files.writeString(layout.logs(PLUGIN).resolve(name),
                TIME + String.join("\n" + TIME, entries) + "\n");
    }

    static Stream<Named<Supplier<Instant>>> failures() {
        return Stream.of(
                Named.of("exception", () -> {
                    throw new IllegalStateException("no time (expected in this test)");
                }),
                Named.of("error", () -> {
                    throw new InternalError("no time at all (expected in this test)");
                }));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void anEndIsToldWhateverTheReadingOfTheLogFromItsBeginningThrows(Supplier<Instant> failure)
            throws Exception {
        write("log.1", "stderr F first");
        write("log.3", "stderr F third"); // that one is missing between them is told with the time
        write("log", "stderr F last");
        assertThat(toldAfterTakeOver(new ScriptedClock(failure))).containsExactly("last");
    }

    @ParameterizedTest
    @MethodSource("failures")
    void anEndIsToldWhateverTheEndingOfTheLogThrows(Supplier<Instant> failure) throws Exception {
        write("log", "stderr F first", "stderr P half"); // what ends a line has the time too
        assertThat(toldAfterTakeOver(new ScriptedClock(failure))).startsWith("first");
    }

    private List<String> toldAfterTakeOver(Clock clock) throws Exception {
        try (FolderWatch watch = FolderWatch.open(); Logs logs = logs(clock, watch)) {
            Logs.Session session = logs.resume(PLUGIN, new LogPlace(1, 0));
            var told = new CompletableFuture<List<String>>();
            session.finish(told::complete);
            return told.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Test
    void aLogThatCannotBeWatchedIsClosedAgain() throws Exception {
        write("log", "stdout F a");
        FolderWatch watch = FolderWatch.open();
        watch.close(); // as good as the limit on watches, which is everybody's
        try (Logs logs = logs(Clock.systemUTC(), watch)) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> logs.begin(PLUGIN)).isInstanceOf(ClosedWatchServiceException.class);
                assertThatThrownBy(() -> logs.resume(PLUGIN, LogPlace.OLDEST))
                        .isInstanceOf(ClosedWatchServiceException.class);
            }
        }
        assertThat(openFiles()).noneMatch(file -> file.startsWith(folder));
    }

    @Test
    void aNewLogThatCannotBeWatchedLeavesNoFolder() throws Exception {
        Files.delete(layout.logs(PLUGIN));
        FolderWatch watch = FolderWatch.open();
        watch.close();
        try (Logs logs = logs(Clock.systemUTC(), watch)) {
            assertThatThrownBy(() -> logs.begin(PLUGIN)).isInstanceOf(ClosedWatchServiceException.class);
        }
        assertThat(layout.logs(PLUGIN)).doesNotExist();
    }

    private static List<Path> openFiles() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.flatMap(it -> target(it).stream()).toList();
        }
    }

    private static Optional<Path> target(Path descriptor) {
        try {
            return Optional.of(Files.readSymbolicLink(descriptor));
        } catch (IOException _) {
            return Optional.empty(); // the one that the list was read from
        }
    }

    @Test
    void aMonitorThatCouldNotBeToldOfARotationIsToldAtTheNextLook() throws Exception {
        write("log", "stdout F " + "x".repeat(5000));
        var log = new LogFolder(PLUGIN, layout.logs(PLUGIN));
        var limits = new RuncExecutorConfig.LogLimits(4096, 2);
        Path control = folder.resolve("bundle/ctl"); // its folder is missing yet
        assertThatThrownBy(() -> log.rotate(limits, Optional.of(control))).isInstanceOf(IOException.class);
        assertThat(layout.logs(PLUGIN).resolve("log.1")).exists();
        Files.createDirectory(folder.resolve("bundle"));
        log.rotate(limits, Optional.of(control));
        log.rotate(limits, Optional.of(control));
        assertThat(control).hasContent("2 0 0"); // told once
    }
}
