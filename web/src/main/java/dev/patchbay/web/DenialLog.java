package dev.patchbay.web;

import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many lines about refused requests there may be: {@value #MOST} a second for each plugin, or whoever is denied could fill the
 * disk by asking again and again. The first line of a later second says how many were left out. Thread-safe.
 */
final class DenialLog {
    static final int MOST = 10;

    private static final int MOST_PLUGINS = 256; // more than there are; their names may change

    private final LongSupplier nanos;
    private final Map<String, Window> windows = new ConcurrentHashMap<>();

    /** One second of one plugin: how many lines it would have had, and how many were left out in the one before. */
    private record Window(long second, int lines, int leftOut) {
        OptionalInt last() {
            return lines > MOST ? OptionalInt.empty() : OptionalInt.of(lines == 1 ? leftOut : 0);
        }

        Window next(long now) {
            return now == second
                    ? new Window(now, lines + 1, leftOut)
                    : new Window(now, 1, Math.max(0, lines - MOST));
        }
    }

    DenialLog(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** How many lines were left out before the one that may be written now; empty if it may not. */
    OptionalInt admit(String plugin) {
        if (windows.size() > MOST_PLUGINS) {
            windows.clear();
        }
        long now = TimeUnit.NANOSECONDS.toSeconds(nanos.getAsLong());
        return windows.merge(plugin, new Window(now, 1, 0), (last, _) -> last.next(now)).last();
    }
}
