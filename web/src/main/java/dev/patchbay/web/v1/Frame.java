package dev.patchbay.web.v1;

import dev.patchbay.event.Cursor;
import dev.patchbay.event.PluginEvent;
import java.time.Duration;

/** What the server says on the event stream. */
sealed interface Frame {
    /**
     * The first frame of every connection.
     *
     * @param head the newest event there was: the stream goes on with the one after it
     * @param heartbeat how often the server pings a quiet client
     * @param version the server's own
     */
    record Hello(Cursor head, Duration heartbeat, String version) implements Frame {}

    /** Something happened to a plugin. */
    record Happened(PluginEvent event) implements Frame {}
}
