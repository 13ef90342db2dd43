package dev.patchbay.engine;

import dev.patchbay.client.CallWatch;
import dev.patchbay.engine.Fact.Cause;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.metrics.Metric;
import dev.patchbay.metrics.Reading;
import dev.patchbay.metrics.Timing;
import dev.patchbay.plugin.PluginId;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What has happened since the engine was opened, in numbers that only grow: whichever plugin comes, goes or is started anew,
 * none of them goes back. Read on any thread.
 */
final class Tally {
    /** What calls are about, by the first word of their method: whatever else a host asks for is "other". */
    private static final Set<String> CAPABILITIES = Set.of("VolumeDriver", "NetworkDriver", "IpamDriver",
            "GraphDriver", "AuthZPlugin", "LogDriver", "MetricsCollector", "SecretProvider", "Plugin");

    private static final String OTHER = "other";
    private static final int SIGNAL_BASE = 128;

    private final ConcurrentMap<Cause, Starts> starts = new ConcurrentHashMap<>();
    private final LongAdder startFailures = new LongAdder();
    private final LongAdder crashes = new LongAdder();
    private final ConcurrentMap<List<String>, LongAdder> exits = new ConcurrentHashMap<>();
    private final Map<String, Map<CallWatch.Outcome, LongAdder>> calls = noCalls();
    private final Timing pulls = new Timing();
    private final Timing failedPulls = new Timing();
    private final LongAdder pulledBytes = new LongAdder();

    /** Starts under way. State thread only. */
    private final Map<PluginId, Begun> begun = new HashMap<>();

    /** @param nanos when, as {@link System#nanoTime} counts: the wall clock may be set meanwhile */
    private record Begun(Cause cause, long nanos) {}

    /** How many starts began, and how long those took that succeeded. */
    private record Starts(LongAdder begun, Timing succeeded) {
        Starts() {
            this(new LongAdder(), new Timing());
        }
    }

    private static Map<String, Map<CallWatch.Outcome, LongAdder>> noCalls() {
        return Stream.concat(CAPABILITIES.stream(), Stream.of(OTHER))
                .collect(Collectors.toUnmodifiableMap(subject -> subject, _ -> none()));
    }

    private static Map<CallWatch.Outcome, LongAdder> none() {
        var counts = new EnumMap<CallWatch.Outcome, LongAdder>(CallWatch.Outcome.class);
        for (CallWatch.Outcome outcome : CallWatch.Outcome.values()) {
            counts.put(outcome, new LongAdder());
        }
        return counts;
    }

    private Starts starts(Cause cause) {
        return starts.computeIfAbsent(cause, _ -> new Starts());
    }

    /** A fact is on disk, or need not be. State thread only. */
    void happened(Fact fact) {
        switch (fact) {
            case Fact.StartRequested f -> {
                starts(f.cause()).begun().increment();
                begun.put(f.plugin(), new Begun(f.cause(), System.nanoTime()));
            }
            case Fact.TakenOver f -> {
                starts(Cause.TAKE_OVER).begun().increment();
                begun.put(f.plugin(), new Begun(Cause.TAKE_OVER, System.nanoTime()));
            }
            case Fact.Enabled f -> runs(f.plugin());
            case Fact.Recovered f -> runs(f.plugin());
            case Fact.StartFailed f -> {
                startFailures.increment();
                begun.remove(f.plugin());
            }
            case Fact.Exited f -> ended(f.plugin(), f.exit());
            case Fact.Crashed f -> {
                crashes.increment();
                ended(f.plugin(), f.exit());
            }
            case Fact.StopRequested f -> begun.remove(f.plugin());
            case Fact.Forgotten f -> begun.remove(f.plugin());
            case Fact.SettingsChanged _,Fact.LimitsChanged _,Fact.SwitchedOff _,Fact.Removed _,Fact.Upgraded _,Fact.RolledBack _,Fact.ManifestRecorded _,Fact.OfUse _,Fact.Pushed _,Fact.RestoreFailed _,Fact.GenerationSeen _,Fact.LeftAlone _,Fact.Disabled _,Fact.CameToRest _,Fact.StopFailed _,Fact.RestartScheduled _,Fact.Stabilized _ ->
                {
                }
        }
    }

    private void runs(PluginId plugin) {
        Begun start = begun.remove(plugin);
        if (start != null) {
            starts(start.cause()).succeeded().add(System.nanoTime() - start.nanos());
        }
    }

    private void ended(PluginId plugin, ExitStatus exit) {
        begun.remove(plugin);
        List<String> key = switch (exit) {
            case ExitStatus.Exited(int code) -> List.of(Integer.toString(code), "false");
            case ExitStatus.Signaled(int number, boolean oom) ->
                List.of(Integer.toString(SIGNAL_BASE + number), Boolean.toString(oom));
            case ExitStatus.Unknown _ -> List.of("unknown", "false");
        };
        exits.computeIfAbsent(key, _ -> new LongAdder()).increment();
    }

    /** A call to a plugin has ended. Any thread. */
    void called(String method, CallWatch.Outcome outcome) {
        int dot = method.indexOf('.');
        String subject = dot < 0 ? method : method.substring(0, dot);
        var counts = calls.getOrDefault(subject, Objects.requireNonNull(calls.get(OTHER)));
        Objects.requireNonNull(counts.get(outcome)).increment();
    }

    /** A pull has ended. Any thread. */
    void pulled(boolean well, long nanos) {
        (well ? pulls : failedPulls).add(nanos);
    }

    /** So much more of a layer was fetched. Any thread. */
    void fetched(long bytes) {
        pulledBytes.add(bytes);
    }

    /** All of it until now. */
    Stream<Reading> read() {
        return Stream.of(
                Stream.of(Cause.values())
                        .flatMap(cause -> Stream.of(
                                Reading.of(Metric.STARTS, starts(cause).begun().sum(), word(cause)),
                                starts(cause).succeeded().read(Metric.START_DURATION, word(cause)))),
                Stream.of(Reading.of(Metric.START_FAILURES, startFailures.sum()),
                        Reading.of(Metric.CRASHES, crashes.sum()),
                        Reading.of(Metric.PULL_BYTES, pulledBytes.sum()),
                        pulls.read(Metric.PULL_DURATION, "ok"),
                        failedPulls.read(Metric.PULL_DURATION, "failed")),
                counted(Metric.EXITS, exits),
                calls.entrySet().stream().flatMap(one -> called(one.getKey(), one.getValue())))
                .flatMap(readings -> readings);
    }

    /** What never happened is no series. */
    private static Stream<Reading> called(String subject, Map<CallWatch.Outcome, LongAdder> counts) {
        return counts.entrySet()
                .stream()
                .filter(one -> one.getValue().sum() > 0)
                .map(one -> Reading.of(Metric.CALLS, one.getValue().sum(), subject.toLowerCase(Locale.ROOT),
                        word(one.getKey())));
    }

    private static Stream<Reading> counted(Metric metric, Map<List<String>, LongAdder> counts) {
        return counts.entrySet()
                .stream()
                .map(one -> new Reading(metric, one.getKey(), (double) one.getValue().sum(), 0));
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
