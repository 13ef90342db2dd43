package dev.patchbay.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.patchbay.executor.LogLine;
import dev.patchbay.executor.RuntimeExecutorContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LogReaderTest {
    private static final String TIME = "2026-11-23T20:03:57.133489479+00:00 ";

    @TempDir
    Path folder = Path.of("/");

    private LogFolder log() {
        return new LogFolder(RuntimeExecutorContract.PLUGIN, folder);
    }

    private void write(String name, String... entries) throws IOException {
        for (String entry : entries) {
            Files.writeString(
                    folder.resolve(name), TIME + entry + "\n", StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
    }

    private static List<String> read(LogReader reader) throws IOException {
        var lines = new ArrayList<String>();
        for (Optional<LogLine> line = reader.next(); line.isPresent(); line = reader.next()) {
            lines.add(line.get().text());
        }
        return lines;
    }

    static Stream<Arguments> malformed() {
        return Stream
                .of("", "x", "stdout F a", TIME + "stdin F a", TIME + "stdout X a", TIME + "stdout",
                        TIME + "stdout Fa",
                        "yesterday stdout F a")
                .map(line -> arguments(line));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void skipsWhatIsNoEntry(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        assertThat(LogEntry.parse(bytes, 0, bytes.length)).isEmpty();
    }

    @Test
    void readsTimeStreamAndText() {
        byte[] bytes = (TIME + "stderr F two  words").getBytes(StandardCharsets.UTF_8);
        LogEntry entry = LogEntry.parse(bytes, 0, bytes.length).orElseThrow();
        assertThat(entry.time()).isEqualTo("2026-11-23T20:03:57.133489479Z");
        assertThat(entry.stream()).isEqualTo(LogLine.Stream.STDERR);
        assertThat(new String(entry.text().array(), StandardCharsets.UTF_8)).isEqualTo("two  words");
    }

    @Test
    void joinsPiecesOfEachStreamByItself() throws IOException {
        write("log", "stdout P a", "stderr F e", "stdout P b", "stdout F c", "stdout F d", "stderr F ");
        assertThat(read(LogReader.atStart(log(), Clock.systemUTC()))).containsExactly("e", "abc", "d", "");
    }

    @Test
    void joinsPiecesThatEndWithinACharacter() {
        var joiner = new LineJoiner(RuntimeExecutorContract.PLUGIN);
        byte[] euro = "€".getBytes(StandardCharsets.UTF_8);
        byte[] head = (TIME + "stdout P ").getBytes(StandardCharsets.UTF_8);
        byte[] first = java.util.Arrays.copyOf(head, head.length + 1);
        first[head.length] = euro[0];
        byte[] headF = (TIME + "stdout F ").getBytes(StandardCharsets.UTF_8);
        byte[] second = java.util.Arrays.copyOf(headF, headF.length + 2);
        System.arraycopy(euro, 1, second, headF.length, 2);
        assertThat(joiner.add(LogEntry.parse(first, 0, first.length).orElseThrow())).isEmpty();
        assertThat(joiner.add(LogEntry.parse(second, 0, second.length).orElseThrow()))
                .map(LogLine::text)
                .contains("€");
    }

    @Test
    void cutsALineThatNeverEnds() throws IOException {
        String piece = "stdout P " + "x".repeat(8000);
        for (int i = 0; i < LineJoiner.MAX_LINE_BYTES / 8000 + 1; i++) {
            write("log", piece);
        }
        assertThat(read(LogReader.atStart(log(), Clock.systemUTC()))).hasSize(1);
    }

    @Test
    void goesFromFileToFileAndWaitsForTheNextOne() throws IOException {
        write("log.1", "stdout F 1");
        write("log.2", "stdout F 2", "stdout P 3");
        LogFolder log = log();
        LogReader reader = LogReader.atStart(log, Clock.systemUTC());
        assertThat(read(reader)).containsExactly("1", "2");
        write("log.2", "stdout P 3"); // the monitor has not opened the new file yet
        write("log", "stdout F 3", "stdout F 4");
        assertThat(read(reader)).containsExactly("333", "4");
        write("log", "stdout F 5");
        assertThat(read(reader)).containsExactly("5");
    }

    @Test
    void startsAtTheEndWhenAsked() throws IOException {
        write("log.7", "stdout F old");
        write("log", "stdout F old");
        LogReader reader = LogReader.at(log(), log().end(), Clock.systemUTC());
        assertThat(read(reader)).isEmpty();
        write("log", "stdout F new");
        assertThat(read(reader)).containsExactly("new");
    }

    @Test
    void rotatesAtTheLimitAndKeepsSoManyFiles() throws IOException {
        LogFolder log = log();
        var limits = new RuncExecutorConfig.LogLimits(4096, 3);
        LogReader slow = LogReader.atStart(log, Clock.systemUTC());
        write("log", "stdout F first");
        assertThat(slow.next()).map(LogLine::text).contains("first");
        for (int i = 0; i < 5; i++) {
            log.rotate(limits, Optional.empty());
            write("log", "stdout F " + i, "stdout F " + "x".repeat(4096));
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("log",
                    "log.3", "log.4");
        }
        List<String> rest = read(slow);
        assertThat(rest).element(0).isEqualTo("0");
        assertThat(rest.get(2)).contains("lines are missing here");
        assertThat(rest.get(3)).isEqualTo("2");
    }

    @Test
    void followsAPluginThatHasNotRunYet() throws IOException {
        LogReader reader = LogReader.atStart(log(), Clock.systemUTC());
        assertThat(read(reader)).isEmpty();
        write("log", "stdout F here");
        assertThat(read(reader)).containsExactly("here");
    }
}
