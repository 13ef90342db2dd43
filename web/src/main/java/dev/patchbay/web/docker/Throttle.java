package dev.patchbay.web.docker;

import dev.patchbay.reference.Digest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Keeps the numbers of a transfer from flooding its client: of each blob one in {@link #INTERVAL} passes, as often as Docker
 * looks (moby {@code daemon/pkg/plugin/fetch_linux.go}). What is held back is not told later; the next number says it
 * better. One stream's, not thread-safe.
 */
final class Throttle {
    /** The least time between two numbers of one blob. */
    static final Duration INTERVAL = Duration.ofMillis(100);

    private final LongSupplier clock;
    private final Map<Digest, Last> last = new HashMap<>();

    /** Of what was told last, and when. */
    private record Last(Object phase, long millis) {}

    /** Makes one by a monotonic clock in milliseconds. */
    Throttle(LongSupplier clock) {
        this.clock = clock;
    }

    /** Whether a number may be told now: the first of a phase, the last one, or one after a pause. */
    boolean admits(Digest blob, Object phase, long current, long total) {
        long now = clock.getAsLong();
        Last before = last.get(blob);
        boolean news = before == null || !before.phase().equals(phase) || current >= total
                || now - before.millis() >= INTERVAL.toMillis();
        if (news) {
            last.put(blob, new Last(phase, now));
        }
        return news;
    }
}
