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
import dev.patchbay.benchmarks.micro.MicroRuns;
import dev.patchbay.benchmarks.report.Report;
import dev.patchbay.benchmarks.report.Surroundings;
import dev.patchbay.benchmarks.scale.ScaleRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    private Benchmarks() {}

    /** Measures; ends with an exception if a run cannot be carried out. A figure that is missed is no failure. */
    @SuppressWarnings("SystemOut") // a program for people
    public static void main(String[] arguments) throws Exception {
        List<String> wanted = List.of(arguments).stream().skip(3).toList();
        if (arguments.length < 3 || !names().containsAll(wanted)) {
            System.err.println("usage: Benchmarks DISTRIBUTION SAMPLE_PLUGIN REPORT [NAME...]; names: "
                    + String.join(" ", names()));
            System.exit(2);
        }
        var built = new Built(Path.of(arguments[0]), Path.of(arguments[1]));
        var command = new ArrayList<>(List.of(Benchmarks.class.getSimpleName()));
        command.addAll(List.of(arguments));
        var report = Report.begin(Path.of(arguments[2]), System.out, command,
                Surroundings.here().with(built));
        for (Map.Entry<String, LoadRun> run : runs().entrySet()) {
            if (wanted.isEmpty() || wanted.contains(run.getKey())) {
                report.run(run.getKey(), () -> run.getValue().measure(built));
            }
        }
        for (Map.Entry<String, LoadRun> run : DockerRuns.all().entrySet()) {
            if (wanted.contains(run.getKey()) || wanted.contains(DockerRuns.NAME)) {
                report.run(run.getKey(), () -> run.getValue().measure(built));
            }
        }
        for (String name : MicroRuns.names()) {
            if (wanted.isEmpty() || wanted.contains(JMH) || wanted.contains(ONE_JMH + name)) {
                report.run(ONE_JMH + name, () -> MicroRuns.measure(name, built));
            }
        }
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
