package dev.patchbay.event;

import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.plugin.PluginId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Something that happened to a plugin, or to the engine.
 *
 * @param cursor its place in the stream
 * @param time when it happened, by the wall clock: not always later than that of the event before
 * @param plugin to whom; empty for what happened to the engine, and to a plugin that never came to be
 * @param name the plugin's full stored name, never the text that a caller used (D29); empty for the engine
 * @param types what the plugin said at that time that it can do
 * @param generation the start that it belongs to, 0 before the first and for the engine
 * @param actor who caused it
 * @param attributes details by type, see {@link EventType}; never secrets
 */
public record PluginEvent(
        Cursor cursor,
        Instant time,
        EventType type,
        Optional<PluginId> plugin,
        String name,
        List<InterfaceType> types,
        int generation,
        Actor actor,
        Map<String, String> attributes) {
    /** Copies types and attributes. */
    public PluginEvent {
        types = List.copyOf(types);
        attributes = Map.copyOf(attributes);
    }

    /** The number of its place. */
    public long seq() {
        return cursor.seq();
    }

    /** The digits of the plugin's id; empty if there is none. */
    public String pluginHex() {
        return plugin.isPresent() ? plugin.get().hex() : "";
    }

    /** The same at another place. */
    public PluginEvent at(Cursor place) {
        return new PluginEvent(place, time, type, plugin, name, types, generation, actor, attributes);
    }
}
