package dev.patchbay.benchmarks.docker;

import dev.patchbay.benchmarks.measure.LoadRun;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** What can be compared with dockerd, by the names that {@code make bench-docker RUNS="..."} takes, after {@value #NAME}. */
public final class DockerRuns {
    /** The name of all of them. */
    public static final String NAME = "docker";

    /** The system property that has what takes long measured as well. */
    private static final String BIG = "patchbay.bench.big";

    private DockerRuns() {}

    /** All runs, in the order in which they run. */
    public static SequencedMap<String, LoadRun> all() {
        var runs = new LinkedHashMap<String, LoadRun>();
        runs.put(NAME + ":start", new StartRun());
        runs.put(NAME + ":enable", new OneByOneRun());
        runs.put(NAME + ":parallel", new ParallelRun());
        runs.put(NAME + ":cold", new ColdRun());
        runs.put(NAME + ":live", new LiveRun());
        runs.put(NAME + ":list", new ThousandRun());
        runs.put(NAME + ":memory", new MemoryRun());
        runs.put(NAME + ":events", new EventsRun());
        runs.put(NAME + ":create", new CreateRun());
        runs.put(NAME + ":transfer", new TransferRun());
        return runs;
    }

    /** Whether somebody asked for what takes long. */
    static boolean isBig() {
        return System.getProperty(BIG, "").equals("yes");
    }
}
