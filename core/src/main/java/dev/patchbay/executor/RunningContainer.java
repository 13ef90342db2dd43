package dev.patchbay.executor;

import dev.patchbay.plugin.PluginId;

/**
 * A container whose first process runs.
 *
 * @param pid that process in the host's pid namespace
 */
public record RunningContainer(PluginId plugin, int generation, long pid) {}
