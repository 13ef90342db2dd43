package dev.patchbay.benchmarks.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Puts the main table of some results, and a plot of it, where readers find it.
 *
 * <pre>{@code java ... dev.patchbay.benchmarks.report.Readme README.md PLOT.svg RESULTS.json...}</pre>
 */
public final class Readme {
    /** Between these lines of the file everything is written anew. */
    static final String BEGIN = "<!-- make bench-readme writes what follows -->";
    /** The other one. */
    static final String END = "<!-- make bench-readme wrote what precedes -->";

    private static final int FILES = 2;
    private static final int WRONG = 2;
    private static final int WIDTH = 120;

    private Readme() {}

    /** Writes; ends with 2, and a sentence, if there is nothing to write, or nowhere. */
    @SuppressWarnings("SystemOut") // a program for people
    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.out, System.err));
    }

    /** Writes; returns the exit code. */
    static int run(List<String> arguments, PrintStream out, PrintStream errors) {
        if (arguments.size() <= FILES) {
            errors.println("a file, a plot and results are needed: README.md PLOT.svg RESULTS.json...");
            return WRONG;
        }
        try {
            var results = new ArrayList<Results>();
            for (String file : arguments.subList(FILES, arguments.size())) {
                results.add(ResultsFile.read(Path.of(file)));
            }
            write(Path.of(arguments.get(0)), Path.of(arguments.get(1)), results, out);
            return 0;
        } catch (IOException e) {
            errors.println(e.getMessage());
        } catch (InvalidPathException e) {
            errors.println(e.getInput() + " is no path: " + e.getReason());
        }
        return WRONG;
    }

    private static void write(Path file, Path plot, List<Results> results, PrintStream out)
            throws IOException {
        if (results.stream().map(Results::host).distinct().count() > 1) {
            throw new IOException(
                    "these results are of several machines, or of one before and after a change of it: "
                            + "a table has one; measure what is missing there again");
        }
        MainTable table = MainTable.of(results);
        Chart chart = table.plot()
                .orElseThrow(() -> new IOException(
                        "nothing in these results was compared with dockerd: make bench-docker"));
        String text = Files.readString(file);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(
                    file + " has no place for the table, between the lines\n" + BEGIN + "\n" + END);
        }
        Path folder = file.toAbsolutePath().getParent();
        String link = folder == null ? plot.toString() : folder.relativize(plot.toAbsolutePath()).toString();
        String written = BEGIN + "\n" + about(results) + "\n\n" + table
                + "\n![ratios to dockerd, and what they were to be]("
                + link + ")\n";
        Replaced.write(plot, chart.document().getBytes(StandardCharsets.UTF_8));
        Replaced.write(file, (text.substring(0, begin) + written + text.substring(end))
                .getBytes(StandardCharsets.UTF_8));
        out.println(table);
        if (!table.missing().isEmpty()) {
            out.println("not in these results: " + String.join("; ", table.missing()));
        }
    }

    /** When, where and with what it was measured. */
    private static String about(List<Results> results) {
        Results last = results.getLast();
        String days = results.stream()
                .map(it -> it.time().ended().atZone(ZoneOffset.UTC).toLocalDate().toString())
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        var versions = new TreeMap<String, String>();
        results.forEach(it -> versions.putAll(it.versions()));
        return wrapped("Measured on " + days + ", " + last.host().cores() + " cores ("
                + last.host().processor()
                + "), "
                + last.host().memoryBytes() / (1L << 30) + " GiB, Linux " + last.host().kernel()
                + "; medians, and in brackets where the ratio lies with 95 %, or all of fewer than six rounds. "
                + versions.entrySet()
                        .stream()
                        .map(it -> it.getKey() + " " + it.getValue())
                        .collect(Collectors.joining(", "))
                + ".");
    }

    /** In lines that are not too long for whoever reads the file itself. */
    private static String wrapped(String text) {
        return text.replaceAll("(.{1," + WIDTH + "})(?: |$)", "$1\n").stripTrailing();
    }
}
