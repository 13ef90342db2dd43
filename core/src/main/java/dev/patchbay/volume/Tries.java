package dev.patchbay.volume;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What was tried about volumes in vain: when it is tried again, with growing pauses, and when it is given up, which lasts until
 * the plugin is started again or somebody asks for it. Changed on the state thread only, read on any.
 */
final class Tries {
    /** How often the same is tried with the same start of a plugin: for some six minutes. */
    static final int MOST = 12;

    private static final long LONGEST_PAUSE_SECONDS = 60;

    private final Map<String, Tried> failed = new ConcurrentHashMap<>();

    private record Tried(Start start, int times, long againMillis, String why) {}

    /** Whether it is time to try something. */
    boolean isDue(String what, Start start, long nowMillis) {
        return Optional.ofNullable(failed.get(what))
                .filter(tried -> tried.start().equals(start))
                .map(tried -> tried.times() < MOST && nowMillis >= tried.againMillis())
                .orElse(true);
    }

    void failed(String what, Start start, long nowMillis, String why) {
        int times = 1 + Optional.ofNullable(failed.get(what))
                .filter(tried -> tried.start().equals(start))
                .map(Tried::times)
                .orElse(0);
        failed.put(what, new Tried(start, times, nowMillis + pause(times).toMillis(), why));
    }

    /** After so many failures. */
    static Duration pause(int times) {
        return Duration.ofSeconds(Math.min(LONGEST_PAUSE_SECONDS, 1L << Math.min(times - 1, 30)));
    }

    void succeeded(String what) {
        failed.remove(what);
    }

    /** All of them, as they are now. */
    Set<String> all() {
        return new HashSet<>(failed.keySet());
    }

    /** Strikes out those that need not be tried any more. */
    void forget(Set<String> stale) {
        failed.keySet().removeAll(stale);
    }

    /** Whether something will be tried again by itself. */
    boolean areSome() {
        return failed.values().stream().anyMatch(tried -> tried.times() < MOST);
    }

    /** A sentence for each. */
    List<String> problems() {
        return failed.entrySet()
                .stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey() + ": " + entry.getValue().why()
                        + (entry.getValue().times() < MOST
                                ? "; it is tried again"
                                : "; it is not tried any more until the plugin is started again, or it is asked for"))
                .toList();
    }
}
