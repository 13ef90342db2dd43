package dev.patchbay;

/**
 * That a plugin can be looked up from now on, or cannot any more. Present are those that are enabled: one that crashes and is
 * started again stays, since whoever counts on it still does.
 */
public sealed interface PluginPresence {
    /** The plugin, as it was when this became known. */
    PluginView plugin();

    /** It is present. */
    record Arrived(PluginView plugin) implements PluginPresence {}

    /** It is not any more: it was disabled or removed. */
    record Departed(PluginView plugin) implements PluginPresence {}
}
