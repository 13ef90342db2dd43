package dev.patchbay.benchmarks.report;

import dev.patchbay.benchmarks.measure.Machine;
import dev.patchbay.benchmarks.measure.Table;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Takes what runs find out and keeps it at once, so that who is interrupted loses nothing: printed; appended to a file of
 * text; and, in files beside that which are written anew, as JSON and as a page. For one thread.
 */
public final class Report {
    private final Path text;
    private final PrintStream out;
    private final List<String> command;
    private final Surroundings surroundings;
    private final InstantSource clock;
    private final List<Run> runs = new ArrayList<>();
    private final List<Results.NotCarriedOut> notCarriedOut = new ArrayList<>();
    private Results.Time time;

    private Report(Path text, PrintStream out, List<String> command, Surroundings surroundings,
            InstantSource clock) {
        this.text = text;
        this.out = out;
        this.command = List.copyOf(command);
        this.surroundings = surroundings;
        this.clock = clock;
        this.time = new Results.Time(clock.instant(), clock.instant());
    }

    /**
     * Begins one.
     *
     * @param text the file of text; those beside it have the same name with {@code .json} and {@code .html} at its end
     * @param out where to print
     * @param command what was typed, or as good as
     */
    public static Report begin(Path text, PrintStream out, List<String> command, Surroundings surroundings)
            throws IOException {
        return begin(text, out, command, surroundings, InstantSource.system());
    }

    static Report begin(Path text, PrintStream out, List<String> command, Surroundings surroundings,
            InstantSource clock) throws IOException {
        var report = new Report(text, out, command, surroundings, clock);
        Host host = surroundings.host();
        report.say("Patchbay benchmarks on " + host.cores() + " cores (" + host.processor() + "), Linux "
                + host.kernel());
        for (Map.Entry<String, String> version : surroundings.versions().entrySet()) {
            report.say("  " + version.getKey() + ": " + version.getValue());
        }
        report.say("");
        return report;
    }

    /** Takes what has been measured, with the load average that was before it. */
    public void add(String name, Table table, String loadBefore) throws IOException {
        var load = new Run.Load(loadBefore, Machine.load());
        runs.add(Run.of(name, table, load));
        time = new Results.Time(time.began(), clock.instant());
        say(name + ": " + table + "  * load average before: " + load.before() + ", after: " + load.after()
                + "\n");
        write();
    }

    /** Says that a run could not be carried out. */
    public void failed(String name, Exception why) throws IOException {
        notCarriedOut.add(new Results.NotCarriedOut(name, why.toString()));
        say(name + ": NOT CARRIED OUT: " + why + "\n");
        write();
    }

    /** What there is so far. */
    public Results results() {
        return Results.of(time, command, surroundings, runs, notCarriedOut);
    }

    private void write() throws IOException {
        Results results = results();
        ResultsFile.write(beside(".json"), results);
        Replaced.write(beside(".html"), Page.of(results).getBytes(StandardCharsets.UTF_8));
    }

    private Path beside(String end) {
        String name = String.valueOf(text.getFileName());
        return text.resolveSibling(name.replaceFirst("\\.txt$", "") + end);
    }

    private void say(String what) throws IOException {
        out.println(what);
        Files.writeString(text, what + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
