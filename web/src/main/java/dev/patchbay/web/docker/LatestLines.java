package dev.patchbay.web.docker;

import dev.patchbay.event.LoggedEvent;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.web.feed.EventHub;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The lines that were written last, which are those of what happens while it is handed to one group of clients after the
 * other: each is written once, whatever their filters. One thread's.
 */
final class LatestLines {
    /** Longer ones are rare, and written anew: what is kept here is small. */
    private static final int MOST_BYTES = 4096;

    private final Function<PluginEvent, byte[]> format;
    private final @Nullable LoggedEvent[] events = new @Nullable LoggedEvent[EventHub.TURN_EVENTS];
    private final byte[][] lines = new byte[EventHub.TURN_EVENTS][];

    LatestLines(Function<PluginEvent, byte[]> format) {
        this.format = format;
    }

    /** An event's line; must not be changed. */
    byte[] line(LoggedEvent wanted) {
        int place = (int) (wanted.seq() % events.length);
        if (wanted == events[place]) {
            return lines[place];
        }
        byte[] line = format.apply(wanted.event());
        if (line.length <= MOST_BYTES) {
            events[place] = wanted;
            lines[place] = line;
        }
        return line;
    }
}
