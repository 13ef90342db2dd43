package dev.patchbay.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.benchmarks.measure.Remark;
import dev.patchbay.benchmarks.measure.Series;
import dev.patchbay.benchmarks.measure.Table;
import dev.patchbay.benchmarks.measure.Unit;
import dev.patchbay.benchmarks.measure.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeTest {
    private static final Verdict PARALLEL = verdict("50 enables at once, to dockerd", 0.5, 0.6).within(0.45,
            0.55);
    private static final Verdict ENABLE = verdict("enable, 50 installed, to dockerd", 0.15, 0.12);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    @Test
    void hasTheTableAndThePlotBetweenItsMarks() throws Exception {
        Path readme = readme("before\n" + Readme.BEGIN + "\nold\n" + Readme.END + "\nafter\n");
        Path results = results("a.json", ENABLE, PARALLEL);

        assertThat(run(readme, results)).isZero();

        assertThat(Files.readString(readme))
                .startsWith("before\n" + Readme.BEGIN + "\nMeasured on 2026-11-01, 2 cores ")
                .endsWith("![ratios to dockerd, and what they were to be](speed.svg)\n" + Readme.END
                        + "\nafter\n")
                .doesNotContain("old")
                .contains("""
                        | what | Patchbay | beside | ratio | wanted |
                        | --- | --- | --- | --- | --- |
                        | enable of one plugin, 50 installed | 15.0 ms | 100 ms | 0.15 | **at most 0.12**: missed |
                        | 50 enables at once | 50.0 ms | 100 ms | 0.50 (0.45 to 0.55) | at most 0.60 |
                        """);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("not in these results: the same, beside conmon");
    }

    @Test
    void isTheSameAgain() throws Exception {
        Path readme = readme(Readme.BEGIN + "\n" + Readme.END + "\n");
        Path results = results("a.json", PARALLEL);
        run(readme, results);
        String once = Files.readString(readme);

        run(readme, results);

        assertThat(readme).hasContent(once.stripTrailing());
    }

    @Test
    void takesWhatWasMeasuredLast() throws Exception {
        Path readme = readme(Readme.BEGIN + "\n" + Readme.END + "\n");

        run(readme, results("a.json", PARALLEL, ENABLE),
                results("b.json", verdict("50 enables at once, to dockerd", 0.4, 0.6)));

        assertThat(Files.readString(readme)).contains("| 50 enables at once | 40.0 ms | 100 ms | 0.40 |")
                .contains("| enable of one plugin, 50 installed | 15.0 ms |");
    }

    @Test
    void knowsTheFiguresThatRunsGive() {
        var figures = Stream.of("enable, 50 installed, to dockerd", "enable, 50 installed, to bare",
                "50 enables at once, to dockerd", "process start until all run, 50 wanted, to dockerd",
                "process start until all run, 200 wanted, to dockerd",
                "TERM to the end, 50 wanted, to dockerd",
                "process start until all are taken over, 200 running, to dockerd",
                "create from 20 MB in 170 files, to dockerd", "create from 832 MB in 8500 files, to dockerd",
                "install, 830 MB, to dockerd", "all processes but 50 running plugins, PSS, to dockerd",
                "process start to _ping, no plugins, to dockerd", "list of 1000, to dockerd",
                "mailbox, threads 8", "mailbox, threads 8, to pekkoAsk");

        MainTable table = MainTable.of(List.of(results(figures.map(it -> verdict(it, 0.5, 0.6)).toList())));

        assertThat(table.missing()).isEmpty();
        assertThat(table.lines()).hasSize(15);
    }

    @Test
    void hasAPlotThatNeedsNothingFromElsewhere() throws Exception {
        Path readme = readme(Readme.BEGIN + "\n" + Readme.END + "\n");
        run(readme, results("a.json", PARALLEL, ENABLE));

        var plot = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(folder.resolve("speed.svg").toFile());

        assertThat(plot.getElementsByTagName("circle").getLength()).isEqualTo(2);
        assertThat(Files.readString(folder.resolve("speed.svg")).replace("http://www.w3.org/2000/svg", ""))
                .doesNotContain("http", "url(", "@import");
    }

    @Test
    void isLeftAsItIsIfThereIsNoPlaceInItOrNothingToSay() throws Exception {
        Path readme = readme("nothing");
        assertThat(run(readme, results("a.json", PARALLEL))).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("has no place for the table");

        Path other = readme(Readme.BEGIN + "\n" + Readme.END);
        assertThat(run(other, results("a.json", verdict("any, to bare", 1, 2)))).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("make bench-docker");

        assertThat(run(other, folder.resolve("none.json"))).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("none.json is not there");
        assertThat(folder.resolve("speed.svg")).doesNotExist();
    }

    @Test
    void isNotMadeOfTwoMachines() throws Exception {
        Path readme = readme(Readme.BEGIN + "\n" + Readme.END);
        Path other = results("b.json", ENABLE);
        String cores = "\"cores\":2";
        String written = Files.readString(other);
        assertThat(written).contains(cores);
        Files.writeString(other, written.replace(cores, "\"cores\":64"));

        assertThat(run(readme, results("a.json", PARALLEL), other)).isEqualTo(2);

        assertThat(err.toString(StandardCharsets.UTF_8)).contains("several machines");
        assertThat(Files.readString(readme)).doesNotContain("Measured");
    }

    private int run(Path readme, Path... results) {
        var arguments = Stream.concat(Stream.of(readme, folder.resolve("speed.svg")), Stream.of(results))
                .map(Path::toString)
                .toList();
        return Readme.run(arguments, new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private Path readme(String text) throws Exception {
        return Files.writeString(folder.resolve("README.md"), text);
    }

    private Path results(String name, Verdict... verdicts) throws Exception {
        Path file = folder.resolve(name);
        ResultsFile.write(file, results(List.of(verdicts)));
        return file;
    }

    private static Results results(List<Verdict> verdicts) {
        var time = new Results.Time(Instant.parse("2026-11-01T10:00:00Z"),
                Instant.parse("2026-11-01T10:05:00Z"));
        var series = verdicts.stream().flatMap(ReadmeTest::series).toList();
        var table = new Table("?", List.of("what"), List.of(), verdicts.stream().map(Remark::of).toList(),
                series);
        return Results.of(time, List.of("bench"), Examples.surroundings(),
                List.of(Run.of("docker:any", table, new Run.Load("0.1 0.2 0.3", "1.1 0.5 0.4"))), List.of());
    }

    private static Stream<Series> series(Verdict verdict) {
        String what = verdict.figure().replace(", to dockerd", "");
        return what.equals(verdict.figure())
                ? Stream.empty()
                : Stream.of(Series.of(what + ": patchbay", Unit.MILLIS, List.of(100 * verdict.value())),
                        Series.of(what + ": dockerd", Unit.MILLIS, List.of(100.0)));
    }

    private static Verdict verdict(String figure, double value, double limit) {
        return new Verdict(figure, value, Verdict.Bound.AT_MOST, limit, "times");
    }
}
