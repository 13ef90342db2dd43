package dev.patchbay;

/**
 * That a plugin can be looked up from now on, or cannot any more. Present are those that are enabled: one that crashes and is
 * started again stays, since whoever counts on it still does. Legacy plugins are present as long as their file is there, once
 * they have said what they implement; one whose file changes, as its socket does when it is started again, leaves and comes.
 */
public sealed interface PluginPresence {
    /** The plugin, as it was when this became known. */
    Provider plugin();

    /** It is present. */
    record Arrived(Provider plugin) implements PluginPresence {}

    /** It is not any more: it was disabled or removed, its file is gone, or it is another version now, which arrives then. */
    record Departed(Provider plugin) implements PluginPresence {}
}
