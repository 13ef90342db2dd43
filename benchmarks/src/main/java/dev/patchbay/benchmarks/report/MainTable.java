package dev.patchbay.benchmarks.report;

import dev.patchbay.benchmarks.measure.Series;
import dev.patchbay.benchmarks.measure.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What was promised, and what came of it, in as few lines as there are promises.
 *
 * @param lines those that were measured, in the order of the promises
 * @param missing what was not measured
 */
record MainTable(List<Line> lines, List<String> missing) {
    private static final List<Promise> PROMISES = List.of(
            promise("enable of one plugin, 50 installed", "enable, 50 installed, to dockerd"),
            promise("the same, beside conmon, runc and a dial alone", "enable, 50 installed, to bare"),
            promise("50 enables at once", "50 enables at once, to dockerd"),
            promise("process start until 50 wanted plugins run",
                    "process start until all run, 50 wanted, to dockerd"),
            promise("process start until 200 wanted plugins run",
                    "process start until all run, 200 wanted, to dockerd"),
            promise("clean stop with 50 running plugins", "TERM to the end, 50 wanted, to dockerd"),
            promise("process start until 200 running plugins are taken over",
                    "process start until all are taken over, 200 running, to dockerd"),
            promise("create from a context of 20 MB", "create from [12][0-9] MB in [0-9]+ files, to dockerd"),
            promise("create from a context of 800 MB",
                    "create from [78][0-9]{2} MB in [0-9]+ files, to dockerd"),
            promise("install of 830 MB in 8,500 files, 300 MB packed", "install, 830 MB, to dockerd"),
            promise("memory of all processes that keep 50 plugins running, PSS",
                    "all processes but 50 running plugins, PSS, to dockerd"),
            promise("process start to the first _ping", "process start to _ping, no plugins, to dockerd"),
            promise("list of 1,000 plugins", "list of 1000, to dockerd"),
            promise("commands through the mailbox and back, 8 producers", "mailbox, threads 8"),
            promise("the same, beside Pekko's ask", "mailbox, threads 8, to pekkoAsk"));

    /** Copies. */
    MainTable {
        lines = List.copyOf(lines);
        missing = List.copyOf(missing);
    }

    /**
     * Something that was promised.
     *
     * @param name as readers know it
     * @param figure how its figure is called in results
     */
    private record Promise(String name, Pattern figure) {}

    private static Promise promise(String name, String figure) {
        return new Promise(name, Pattern.compile(figure));
    }

    /**
     * What came of one.
     *
     * @param name as readers know it
     * @param verdict the figure
     * @param ours what it is the ratio of, if it is one
     * @param theirs what it is the ratio to, if it is one
     */
    record Line(String name, Verdict verdict, Optional<Series> ours, Optional<Series> theirs) {
        private String cells() {
            return "| " + name + " | " + ours.map(Line::median).orElse("") + " | "
                    + theirs.map(Line::median).orElse("") + " | " + figure() + " | " + wanted() + " |";
        }

        private static String median(Series series) {
            return number(series.samples().median()) + " " + series.unit().name();
        }

        private String figure() {
            String unit = RatioPlot.isRatio(verdict) ? "" : " " + verdict.unit();
            return number(verdict.value()) + unit + verdict.interval()
                    .map(it -> " (" + number(it.from()) + " to " + number(it.to()) + ")")
                    .orElse("");
        }

        private String wanted() {
            String words = verdict.bound().words() + " " + number(verdict.limit());
            return verdict.met() ? words : "**" + words + "**: missed";
        }
    }

    /** Finds them in results; what later ones have counts. */
    static MainTable of(List<Results> all) {
        var lines = new ArrayList<Line>();
        var missing = new ArrayList<String>();
        for (Promise promise : PROMISES) {
            all.reversed()
                    .stream()
                    .flatMap(results -> results.runs().reversed().stream())
                    .flatMap(run -> line(promise, run))
                    .findFirst()
                    .ifPresentOrElse(lines::add, () -> missing.add(promise.name()));
        }
        return new MainTable(lines, missing);
    }

    private static Stream<Line> line(Promise promise, Run run) {
        return run.findings()
                .verdicts()
                .stream()
                .filter(verdict -> promise.figure().matcher(verdict.figure()).matches())
                .map(verdict -> line(promise, verdict, run.findings().series()));
    }

    private static Line line(Promise promise, Verdict verdict, List<Series> series) {
        int to = verdict.figure().lastIndexOf(", to ");
        if (to < 0) {
            return new Line(promise.name(), verdict, Optional.empty(), Optional.empty());
        }
        String what = verdict.figure().substring(0, to);
        String other = verdict.figure().substring(to + ", to ".length());
        Optional<Series> ours = named(series, what + ": patchbay").or(() -> named(series, what));
        Optional<Series> theirs = named(series, what + ": " + other)
                .or(() -> ours.flatMap(Series::baseline).flatMap(name -> named(series, name)));
        return new Line(promise.name(), verdict, ours, theirs);
    }

    private static Optional<Series> named(List<Series> series, String name) {
        return series.stream().filter(it -> it.name().equals(name)).findFirst();
    }

    private static String number(double value) {
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f", value);
    }

    /** As Markdown. */
    @Override
    public String toString() {
        var text = new StringBuilder(
                "| what | Patchbay | beside | ratio | wanted |\n| --- | --- | --- | --- | --- |\n");
        lines.forEach(line -> text.append(line.cells()).append('\n'));
        return text.toString();
    }

    /** The ratios to dockerd, to be drawn. */
    Optional<Chart> plot() {
        return RatioPlot.of("Patchbay beside dockerd: 1 is as long, or as much", lines.stream()
                .filter(line -> line.verdict().figure().endsWith(", to dockerd"))
                .filter(line -> RatioPlot.isRatio(line.verdict()))
                .map(line -> new RatioPlot.Row(line.name(), line.verdict()))
                .toList());
    }
}
