package dev.patchbay.event;

import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.plugin.PluginId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An event that has no place in the stream yet; see {@link PluginEvent} for the parts. */
public record Happening(
        Instant time,
        EventType type,
        Optional<PluginId> plugin,
        String name,
        List<InterfaceType> types,
        int generation,
        Actor actor,
        Map<String, String> attributes) {
    /** Copies types and attributes. */
    public Happening {
        types = List.copyOf(types);
        attributes = Map.copyOf(attributes);
    }

    /** Something that happened to the engine. */
    public static Happening ofEngine(Instant time, EventType type, Actor actor,
            Map<String, String> attributes) {
        return new Happening(time, type, Optional.empty(), "", List.of(), 0, actor, attributes);
    }

    /** The event at a place. */
    PluginEvent at(Cursor place) {
        return new PluginEvent(place, time, type, plugin, name, types, generation, actor, attributes);
    }
}
