package dev.patchbay.web.docker;

import dev.patchbay.event.LoggedEvent;
import dev.patchbay.event.PluginEvent;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The line that was written last, which is that of what happens while it is handed to one group of clients after the other:
 * it is written once, whatever their filters. One thread's.
 */
final class LatestLine {
    private final Function<PluginEvent, byte[]> format;
    private @Nullable LoggedEvent event;
    private byte[] line = {};

    LatestLine(Function<PluginEvent, byte[]> format) {
        this.format = format;
    }

    /** An event's line; must not be changed. */
    byte[] line(LoggedEvent wanted) {
        if (wanted != event) {
            line = format.apply(wanted.event());
            event = wanted;
        }
        return line;
    }
}
