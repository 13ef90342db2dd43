package dev.patchbay.web.docker;

import dev.patchbay.event.LoggedEvent;
import org.jspecify.annotations.Nullable;

/**
 * The line that was written last, which is that of what happens while it is handed to one group of clients after the other:
 * it is written once, whatever their filters. One thread's.
 */
final class LatestLine {
    private final EventFormat format;
    private @Nullable LoggedEvent event;
    private byte[] line = {};
    private long written;

    LatestLine(EventFormat format) {
        this.format = format;
    }

    /** An event's line; must not be changed. */
    byte[] line(LoggedEvent wanted) {
        if (wanted != event) {
            line = format.line(wanted.event());
            event = wanted;
            written++;
        }
        return line;
    }

    /** How many lines were written: for tests. */
    long written() {
        return written;
    }
}
