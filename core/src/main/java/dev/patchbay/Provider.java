package dev.patchbay;

/** Whoever can do something: a plugin that the engine manages, or a legacy one that was found. */
public sealed interface Provider permits PluginView, LegacyPlugin {
    /** What it is looked up by. */
    String name();
}
