package dev.patchbay.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private static final String LOAD = "0.10 0.20 0.30";

    @TempDir
    private Path folder = Path.of("");

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void keepsEachRunAsSoonAsItHasEnded() throws Exception {
        Report report = report();
        report.add("first", Examples.table(), LOAD);
        assertThat(ResultsFile.read(folder.resolve("report.json")).runs()).extracting(Run::name)
                .containsExactly("first");
        report.failed("second", new IllegalStateException("the daemon does not start"));
        var failed = new Results.NotCarriedOut("second",
                "java.lang.IllegalStateException: the daemon does not start");
        assertThat(ResultsFile.read(folder.resolve("report.json")).notCarriedOut()).containsExactly(failed);
        report.add("third", Examples.table(), LOAD);
        Results kept = ResultsFile.read(folder.resolve("report.json"));
        assertThat(kept).isEqualTo(report.results());
        assertThat(kept.runs()).extracting(Run::name).containsExactly("first", "third");
        assertThat(kept.notCarriedOut()).containsExactly(failed);
        assertThat(folder.resolve("report.html")).content()
                .isEqualTo(Page.of(kept))
                .contains(
                        "second: NOT CARRIED OUT: java.lang.IllegalStateException: the daemon does not start");
    }

    @Test
    void printsWhatItKeepsAsText() throws Exception {
        Report report = report();
        report.add("first", Examples.table(), LOAD);
        report.failed("second", new IllegalStateException("the daemon does not start"));
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .startsWith("Patchbay benchmarks on 2 cores (a processor")
                .contains("first: Which is faster?", "load average before: 0.10 0.20 0.30",
                        "second: NOT CARRIED OUT: java.lang.IllegalStateException: the daemon does not start")
                .isEqualTo(Files.readString(folder.resolve("report.txt")));
    }

    private Report report() throws Exception {
        return Report.begin(folder.resolve("report.txt"),
                new PrintStream(printed, true, StandardCharsets.UTF_8),
                List.of("bench"), Examples.surroundings(), () -> Instant.parse("2026-11-01T10:00:00Z"));
    }
}
