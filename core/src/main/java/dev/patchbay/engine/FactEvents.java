package dev.patchbay.engine;

import dev.patchbay.event.EventType;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.use.Holders;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Tells which facts are news for subscribers, and as what. */
final class FactEvents {
    /** An event without its place, time and plugin. */
    record News(EventType type, int generation, Map<String, String> attributes) {}

    private FactEvents() {}

    static List<News> of(Fact fact, int generation) {
        return switch (fact) {
            case Fact.SettingsChanged _ -> news(EventType.SET, generation, Map.of());
            case Fact.LimitsChanged _ -> news(EventType.SET, generation, Map.of("changed", "limits"));
            case Fact.Enabled f -> news(EventType.ENABLE, f.generation(), Map.of());
            case Fact.Recovered f -> news(EventType.RECOVER, f.generation(), Map.of());
            case Fact.Disabled f -> news(EventType.DISABLE, f.generation(), Map.of());
            case Fact.Removed f -> news(EventType.REMOVE, generation, cutOff(f.cutOff()));
            case Fact.Stabilized f -> news(EventType.STABLE, f.generation(), Map.of());
            case Fact.Upgraded f -> news(EventType.UPGRADE, generation, upgraded(f));
            case Fact.RolledBack f -> news(EventType.ROLLBACK, generation, version(f.record(), f.from()));
            case Fact.Pushed f -> news(EventType.PUSH, generation,
                    Map.of("reference", f.reference(), "digest", f.manifest().toString()));
            case Fact.StartRequested f ->
                news(EventType.START, f.generation(), Map.of("cause", word(f.cause())));
            case Fact.StartFailed f ->
                news(EventType.START_FAILED, f.generation(), Map.of("reason", Refusal.message(f.why())));
            case Fact.RestoreFailed f -> news(EventType.RESTORE_FAILED, f.generation(), Map.of(
                    "reason", f.reason(),
                    "attempt", Integer.toString(f.attempt()),
                    "delayMs", Long.toString(f.delay().toMillis())));
            case Fact.Exited f -> news(EventType.EXIT, f.generation(), exit(f.exit()));
            case Fact.Crashed f -> List.of(
                    new News(EventType.EXIT, f.generation(), exit(f.exit())),
                    new News(EventType.CRASH, f.generation(), exit(f.exit())));
            case Fact.StopRequested f -> news(EventType.STOP, f.generation(), stop(f));
            case Fact.StopFailed f ->
                news(EventType.STOP_FAILED, f.generation(), Map.of("reason", f.reason()));
            case Fact.RestartScheduled f -> news(EventType.BACKOFF, f.generation(), Map.of(
                    "attempt", Integer.toString(f.attempt()),
                    "delayMs", Long.toString(f.delay().toMillis())));
            // Details of what other facts tell, or nothing that a subscriber could act on.
            case Fact.SwitchedOff _,Fact.ManifestRecorded _,Fact.CameToRest _,Fact.Forgotten _,Fact.TakenOver _,Fact.GenerationSeen _,Fact.LeftAlone _,Fact.OfUse _ ->
                List.of();
        };
    }

    private static List<News> news(EventType type, int generation, Map<String, String> attributes) {
        return List.of(new News(type, generation, attributes));
    }

    private static Map<String, String> upgraded(Fact.Upgraded fact) {
        var attributes = version(fact.record(), fact.from());
        if (!fact.dropped().isEmpty()) {
            attributes.put("settingsDropped", String.join(",", fact.dropped()));
        }
        return attributes;
    }

    private static Map<String, String> version(PluginRecord record, String from) {
        var attributes = new TreeMap<String, String>();
        attributes.put("reference", record.plugin().reference());
        record.manifest().ifPresent(digest -> attributes.put("digest", digest.toString()));
        attributes.put("from", from);
        return attributes;
    }

    private static Map<String, String> stop(Fact.StopRequested fact) {
        var attributes = cutOff(fact.cutOff());
        attributes.put("cause", cause(fact.next()));
        return attributes;
    }

    private static Map<String, String> cutOff(Holders holders) {
        var attributes = new TreeMap<String, String>();
        if (!holders.isEmpty()) {
            attributes.put("cutOff", holders.summary());
            attributes.put("cutOffHolders", holders.json());
        }
        return attributes;
    }

    private static Map<String, String> exit(ExitStatus exit) {
        var attributes = new TreeMap<String, String>();
        switch (exit) {
            case ExitStatus.Exited(int code) -> attributes.put("exitCode", Integer.toString(code));
            case ExitStatus.Signaled(int number, boolean outOfMemory) -> {
                attributes.put("signal", Integer.toString(number));
                attributes.put("oom", Boolean.toString(outOfMemory));
            }
            case ExitStatus.Unknown(String reason) -> attributes.put("reason", reason);
        }
        return attributes;
    }

    private static String cause(Fact.Next next) {
        return switch (next) {
            case REST -> "disable";
            case RETRY -> "restart";
            case RENEW -> "renew";
            case REMOVE -> "remove";
            case HALT -> "shutdown";
        };
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
