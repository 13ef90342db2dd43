package dev.patchbay.event.client;

import dev.patchbay.event.Cursor;
import dev.patchbay.plugin.PluginId;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/** What the daemon says in the sub-protocol {@code patchbay.v1}; see {@code asyncapi.json}. */
sealed interface ServerFrame {
    record Hello(Duration heartbeat, int maxCredit, String node, String version) implements ServerFrame {}

    /** {@code reason} is {@code ok} or why it does not begin where it was asked to. */
    record Subscribed(String reason, Cursor resumeFrom, long head) implements ServerFrame {
        boolean recovered() {
            return reason.equals("ok");
        }
    }

    record SnapshotBegin(long asOf) implements ServerFrame {}

    record Plugin(PluginId id, String name, String json) implements ServerFrame {}

    record SnapshotEnd(long asOf) implements ServerFrame {}

    /** Its place is a number only: the epoch is that of the frames before. */
    record Event(long seq, long prev, JsonNode fields) implements ServerFrame {}

    record Gap(Cursor from, Cursor to, String reason) implements ServerFrame {}

    record Bookmark(long seq) implements ServerFrame {}

    record Failed(String code, String message) implements ServerFrame {}

    /** A frame of a newer daemon. */
    record Other() implements ServerFrame {}
}
