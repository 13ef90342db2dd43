package dev.patchbay.engine;

import dev.patchbay.plugin.PluginId;
import java.time.Duration;

/**
 * How long a plugin that ended against its user's wish waits for its next start: not at all the first time, then
 * {@link #FIRST}, doubling up to {@link #LONGEST}, each shortened by up to a quarter so that plugins that fell together
 * do not rise together. The share is computed from plugin and generation, not drawn: rules know no randomness.
 */
final class Backoff {
    static final Duration FIRST = Duration.ofMillis(100);
    static final Duration LONGEST = Duration.ofSeconds(60);

    private static final int SHARES = 1024;

    private Backoff() {}

    /**
     * The wait before a restart.
     *
     * @param attempt 1 for the first restart since the plugin was healthy
     */
    static Duration before(int attempt, PluginId plugin, int generation) {
        if (attempt <= 1) {
            return Duration.ZERO;
        }
        int doublings = Math.min(attempt - 2, Long.SIZE - Long.numberOfLeadingZeros(LONGEST.toMillis()));
        long full = Math.min(FIRST.toMillis() << doublings, LONGEST.toMillis());
        long share = Math.floorMod(31L * plugin.hashCode() + 17L * generation, SHARES);
        return Duration.ofMillis(full - full * share / (4L * SHARES));
    }
}
