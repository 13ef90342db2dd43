package dev.patchbay.event;

import dev.patchbay.plugin.PluginId;
import java.time.Instant;
import java.util.Map;

/**
 * Something that happened to a plugin.
 *
 * @param cursor its place in the stream
 * @param time when it happened
 * @param plugin to whom
 * @param name the plugin's full stored name, never the text that a caller used
 * @param generation the start that it belongs to, 0 before the first
 * @param attributes details by type, see {@link EventType}; never secrets
 */
public record PluginEvent(
        Cursor cursor,
        Instant time,
        EventType type,
        PluginId plugin,
        String name,
        int generation,
        Map<String, String> attributes) {
    /** Copies the attributes. */
    public PluginEvent {
        attributes = Map.copyOf(attributes);
    }
}
