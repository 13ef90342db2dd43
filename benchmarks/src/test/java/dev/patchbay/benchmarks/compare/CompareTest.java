package dev.patchbay.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.benchmarks.measure.Row;
import dev.patchbay.benchmarks.measure.Series;
import dev.patchbay.benchmarks.measure.Table;
import dev.patchbay.benchmarks.measure.Unit;
import dev.patchbay.benchmarks.report.Host;
import dev.patchbay.benchmarks.report.Report;
import dev.patchbay.benchmarks.report.Surroundings;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareTest {
    private static final List<Double> FAST = List.of(1.0, 1.01, 0.99, 1.02, 1.0, 0.98);
    private static final List<Double> SLOW = List.of(2.0, 2.02, 1.98, 2.04, 2.0, 1.96);

    @TempDir
    private Path folder = Path.of("");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @Test
    void saysWhatBecameFasterAndWhatSlower() throws Exception {
        Path a = results("a", "1.1.5", Series.of("time", Unit.MILLIS, FAST),
                Series.of("rate", Unit.perSecond("events"), FAST), Series.of("memory", Unit.MEGABYTES, SLOW),
                Series.of("same", Unit.MILLIS, FAST), Series.of("once", Unit.MILLIS, List.of(1.0)));
        Path b = results("b", "1.1.5", Series.of("time", Unit.MILLIS, SLOW),
                Series.of("rate", Unit.perSecond("events"), SLOW), Series.of("memory", Unit.MEGABYTES, FAST),
                Series.of("same", Unit.MILLIS, FAST), Series.of("once", Unit.MILLIS, List.of(9.0)));
        assertThat(compare(a.toString(), b.toString())).isZero();
        assertThat(said("run: time")).containsSubsequence("1.00", "2.00", "ms", "2.000").endsWith("slower");
        assertThat(said("run: rate")).endsWith("faster");
        assertThat(said("run: memory")).contains("0.500").endsWith("smaller");
        assertThat(said("run: same")).contains("1.000").endsWith("no evidence");
        assertThat(said("run: once")).contains("9.000").endsWith("no evidence");
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("only in", "not the same");
    }

    @Test
    void columnsAreAligned() throws Exception {
        Path a = results("a", "1", Series.of("x", Unit.MILLIS, FAST),
                Series.of("a longer name", Unit.MILLIS, SLOW));
        assertThat(compare(a.toString(), a.toString())).isZero();
        assertThat(said("run: x").indexOf("1.00")).isEqualTo(said("run: a longer name").indexOf("2.00"));
    }

    @Test
    void listsWhatOnlyOneOfThemHas() throws Exception {
        Path a = results("a", "1", Series.of("both", Unit.MILLIS, FAST), Series.of("old", Unit.MILLIS, FAST));
        Path b = results("b", "1", Series.of("both", Unit.MILLIS, FAST), Series.of("new", Unit.MILLIS, FAST));
        assertThat(compare(a.toString(), b.toString())).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("only in A:\n  run: old\n",
                "only in B:\n  run: new\n");
    }

    @Test
    void seriesThatCountOtherThingsAreNotCompared() throws Exception {
        Path a = results("a", "1", Series.of("it", Unit.MILLIS, FAST));
        Path b = results("b", "1", Series.of("it", Unit.MEGABYTES, FAST));
        assertThat(compare(a.toString(), b.toString())).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("no series in common", "only in A",
                "only in B");
    }

    @Test
    void saysFirstWhatElseIsDifferent() throws Exception {
        Path a = results("a", "1.1.5", Series.of("it", Unit.MILLIS, FAST));
        Path b = results("b", "1.2.0", Series.of("it", Unit.MILLIS, FAST));
        assertThat(compare(a.toString(), b.toString())).isZero();
        String text = out.toString(StandardCharsets.UTF_8);
        assertThat(text).contains("runc is not the same: 1.1.5 in A, 1.2.0 in B\n")
                .contains("machine is not the same: ");
        assertThat(text.indexOf("not the same")).isLessThan(text.indexOf("run: it"));
    }

    @Test
    void whatIsNoResultsIsASentenceAndExitCodeTwo() throws Exception {
        Path sound = results("a", "1", Series.of("it", Unit.MILLIS, FAST));
        Path json = Files.writeString(folder.resolve("other.json"), "{\"schema\": \"x\"}");
        Path text = Files.writeString(folder.resolve("other.txt"), "hello");
        refuses("is not JSON", sound.toString(), text.toString());
        refuses("is JSON, but no results", json.toString(), sound.toString());
        refuses("is not there", sound.toString(), folder.resolve("none").toString());
        refuses("is no path", sound.toString(), "a\0b");
        refuses("two files", sound.toString());
        refuses("two files", sound.toString(), "");
    }

    private void refuses(String sentence, String... arguments) {
        errors.reset();
        assertThat(compare(arguments)).isEqualTo(2);
        assertThat(errors.toString(StandardCharsets.UTF_8)).contains(sentence).hasLineCount(1);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    private int compare(String... arguments) {
        return Compare.run(List.of(arguments), print(out), print(errors));
    }

    private String said(String series) {
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.strip().startsWith(series + " "))
                .findFirst()
                .orElseThrow();
    }

    private Path results(String name, String runc, Series... series) throws Exception {
        var host = new Host(runc.equals("1.2.0") ? 4 : 2, "a processor", 1 << 30, "6.1");
        Report.begin(folder.resolve(name + ".txt"), print(OutputStream.nullOutputStream()), List.of("bench"),
                new Surroundings(host, Map.of("runc", runc)))
                .add("run", new Table("?", List.of("way"), List.of(Row.of("it")), List.of(),
                        List.of(series)), "0.10 0.20 0.30");
        return folder.resolve(name + ".json");
    }

    private static PrintStream print(OutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }
}
