package dev.patchbay;

import dev.patchbay.event.Cursor;
import java.util.List;

/**
 * All plugins at one moment, and which moment that is.
 *
 * @param asOf the newest event that the plugins show; {@link Plugins#events(dev.patchbay.event.Subscription)} after it
 *     goes on without hole or overlap
 * @param plugins ordered by name
 */
public record PluginSnapshot(Cursor asOf, List<PluginView> plugins) {
    /** Copies the plugins. */
    public PluginSnapshot {
        plugins = List.copyOf(plugins);
    }
}
