package dev.patchbay.executor;

import dev.patchbay.plugin.PluginId;
import java.time.Instant;
import java.util.List;

/**
 * The end of one container.
 *
 * @param lastErrorLines the last lines that it wrote to stderr, oldest first, at most {@value #ERROR_LINES}
 */
public record ExitSignal(
        PluginId plugin,
        int generation,
        ExitStatus status,
        Instant at,
        List<String> lastErrorLines) {
    /** How many lines of stderr an exit carries at most. */
    public static final int ERROR_LINES = 10;

    /** Copies the lines. */
    public ExitSignal {
        lastErrorLines = List.copyOf(lastErrorLines);
    }
}
