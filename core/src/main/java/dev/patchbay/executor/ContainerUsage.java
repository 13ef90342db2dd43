package dev.patchbay.executor;

import dev.patchbay.plugin.PluginId;
import java.util.OptionalLong;

/**
 * What a container has used, as its control group counts it. What this machine does not count is absent.
 *
 * @param plugin whose container
 * @param generation the number of its start: what it has used begins with that
 * @param cpuNanos processor time, of all its processes until now
 * @param memoryBytes memory now, with what the kernel caches for it
 * @param pids processes and threads now
 * @param outOfMemoryKills how many of its processes the kernel killed for lack of memory
 */
public record ContainerUsage(PluginId plugin, int generation, OptionalLong cpuNanos, OptionalLong memoryBytes,
        OptionalLong pids, OptionalLong outOfMemoryKills) {}
