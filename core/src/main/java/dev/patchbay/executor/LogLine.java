package dev.patchbay.executor;

import dev.patchbay.plugin.PluginId;
import java.time.Instant;

/** One line that a plugin wrote, without its line end. */
public record LogLine(PluginId plugin, Instant time, Stream stream, String text) {
    /** Where it was written to. */
    public enum Stream {
        /** Standard output. */
        STDOUT,
        /** Standard error. */
        STDERR
    }
}
