package dev.patchbay.benchmarks;

import dev.patchbay.benchmarks.calls.AuthzRun;
import dev.patchbay.benchmarks.calls.CallRun;
import dev.patchbay.benchmarks.content.GarbageRun;
import dev.patchbay.benchmarks.content.PullRun;
import dev.patchbay.benchmarks.daemon.ColdStartRun;
import dev.patchbay.benchmarks.daemon.DaemonRun;
import dev.patchbay.benchmarks.daemon.ListRun;
import dev.patchbay.benchmarks.daemon.LiveRestoreRun;
import dev.patchbay.benchmarks.daemon.MetricsRun;
import dev.patchbay.benchmarks.docker.DockerRuns;
import dev.patchbay.benchmarks.embed.EmbedRun;
import dev.patchbay.benchmarks.enable.EnableRun;
import dev.patchbay.benchmarks.enable.ParallelEnableRun;
import dev.patchbay.benchmarks.events.DockerEventsRun;
import dev.patchbay.benchmarks.events.FanOutRun;
import dev.patchbay.benchmarks.events.ReplayRun;
import dev.patchbay.benchmarks.events.SubscribersRun;
import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.LoadRun;
import dev.patchbay.benchmarks.measure.Machine;
import dev.patchbay.benchmarks.measure.OpenPlaces;
import dev.patchbay.benchmarks.measure.Table;
import dev.patchbay.benchmarks.micro.MicroRuns;
import dev.patchbay.benchmarks.report.Report;
import dev.patchbay.benchmarks.report.Surroundings;
import dev.patchbay.benchmarks.scale.ScaleRun;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Runs what is named, or everything but the comparison with dockerd, and writes a report as it goes. Needs root, conmon and
 * runc.
 *
 * <pre>{@code java ... dev.patchbay.benchmarks.Benchmarks DISTRIBUTION SAMPLE_PLUGIN REPORT [NAME...]}</pre>
 */
public final class Benchmarks {
    private static final String JMH = "jmh";

    /** Before the name of a JMH benchmark's class, to run no other. */
    private static final String ONE_JMH = "jmh:";

    private static final int BEFORE_NAMES = 3;
    private static final int FAILED = 1;
    private static final int WRONG = 2;

    private final PrintStream out;
    private final PrintStream err;

    Benchmarks(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /**
     * Measures; ends with 0, also if a figure is missed, with 1 if a run could not be carried out, with 2 if asked for what there
     * is not.
     */
    @SuppressWarnings("SystemOut") // a program for people
    public static void main(String[] arguments) {
        int code = new Benchmarks(System.out, System.err).run(List.of(arguments));
        if (!OpenPlaces.areEnding()) { // else the process is ending, with a code that says so, and waits for this thread
            System.exit(code);
        }
    }

    int run(List<String> arguments) {
        List<String> wanted = arguments.stream().skip(BEFORE_NAMES).toList();
        if (arguments.size() < BEFORE_NAMES) {
            err.println("usage: Benchmarks DISTRIBUTION SAMPLE_PLUGIN REPORT [NAME...]; names: "
                    + String.join(" ", names()));
            return WRONG;
        }
        Optional<String> unknown = wanted.stream().filter(name -> !names().contains(name)).findFirst();
        if (unknown.isPresent()) {
            err.println("there is no run \"" + unknown.get() + "\"; there are: " + String.join(" ", names()));
            return WRONG;
        }
        Optional<String> wrong = RunProperties.wrong(System.getProperties());
        if (wrong.isPresent()) {
            err.println(wrong.get());
            return WRONG;
        }
        try {
            return measure(arguments, wanted);
        } catch (IOException e) { // of the report
            err.println("benchmarks: " + e);
            return FAILED;
        }
    }

    private int measure(List<String> arguments, List<String> wanted) throws IOException {
        var built = new Built(Path.of(arguments.get(0)), Path.of(arguments.get(1)));
        var command = new ArrayList<>(List.of(Benchmarks.class.getSimpleName()));
        command.addAll(arguments);
        var report = Report.begin(Path.of(arguments.get(2)), out, command, Surroundings.here().with(built));
        var failed = new ArrayList<String>();
        for (Map.Entry<String, LoadRun> run : chosen(wanted).entrySet()) {
            if (OpenPlaces.areEnding()) {
                return FAILED;
            }
            if (!measured(report, run.getKey(), run.getValue(), built)) {
                failed.add(run.getKey());
            }
        }
        if (!failed.isEmpty()) {
            err.println("not carried out: " + String.join(" ", failed));
        }
        return failed.isEmpty() ? 0 : FAILED;
    }

    /** Whatever goes wrong in one run is no reason to do without the others, which took as long. */
    private boolean measured(Report report, String name, LoadRun run, Built built) throws IOException {
        String before = Machine.load();
        err.println("measuring " + name + ", since "
                + LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS));
        Table table;
        try {
            table = run.measure(built);
        } catch (Exception e) {
            if (!OpenPlaces.areEnding()) {
                report.failed(name, e);
                e.printStackTrace(err);
            }
            return false;
        }
        report.add(name, table, before);
        return true;
    }

    /** What is to be run, in that order: all but the comparison with dockerd if nothing is named. */
    private static SequencedMap<String, LoadRun> chosen(List<String> wanted) {
        var chosen = new LinkedHashMap<String, LoadRun>();
        runs().forEach((name, run) -> {
            if (wanted.isEmpty() || wanted.contains(name)) {
                chosen.put(name, run);
            }
        });
        DockerRuns.all().forEach((name, run) -> {
            if (wanted.contains(name) || wanted.contains(DockerRuns.NAME)) {
                chosen.put(name, run);
            }
        });
        for (String name : MicroRuns.names()) {
            if (wanted.isEmpty() || wanted.contains(JMH) || wanted.contains(ONE_JMH + name)) {
                chosen.put(ONE_JMH + name, built -> MicroRuns.measure(name, built));
            }
        }
        return chosen;
    }

    private static List<String> names() {
        var names = new ArrayList<>(runs().keySet());
        names.add(JMH);
        MicroRuns.names().forEach(name -> names.add(ONE_JMH + name));
        names.add(DockerRuns.NAME);
        names.addAll(DockerRuns.all().keySet());
        return names;
    }

    private static SequencedMap<String, LoadRun> runs() {
        var runs = new LinkedHashMap<String, LoadRun>();
        runs.put("enable", new EnableRun());
        runs.put("parallel", new ParallelEnableRun());
        runs.put("list", new ListRun());
        runs.put("metrics", new MetricsRun());
        runs.put("daemon", new DaemonRun());
        runs.put("cold", new ColdStartRun());
        runs.put("live", new LiveRestoreRun());
        runs.put("garbage", new GarbageRun());
        runs.put("pull", new PullRun());
        runs.put("call", new CallRun());
        runs.put("authz", new AuthzRun());
        runs.put("embed", new EmbedRun());
        runs.put("fanout", new FanOutRun());
        runs.put("subscribers", new SubscribersRun());
        runs.put("replay", new ReplayRun());
        runs.put("docker-events", new DockerEventsRun());
        runs.put("scale", new ScaleRun());
        return runs;
    }
}
