package dev.patchbay;

import dev.patchbay.plugin.InstalledPlugin;

/** A plugin as it is installed, and how it is at this moment. */
public record PluginView(InstalledPlugin plugin, Status status) {}
