package dev.patchbay.plugin;

import java.util.List;
import java.util.Optional;

/**
 * Which plugins are wanted in a list.
 *
 * @param enabled only those that are enabled, or only those that are not; absent means both
 * @param capabilities only those that provide any of these capabilities by any of their types (moby demands it of
 *     every type, D5); empty means all
 */
public record PluginFilter(Optional<Boolean> enabled, List<String> capabilities) {
    /** Every plugin. */
    public static final PluginFilter ALL = new PluginFilter(Optional.empty(), List.of());

    /** Copies the capabilities. */
    public PluginFilter {
        capabilities = List.copyOf(capabilities);
    }

    /** Whether a plugin passes. */
    public boolean test(InstalledPlugin plugin) {
        return enabled.map(wanted -> wanted == plugin.enabled()).orElse(true)
                && (capabilities.isEmpty()
                        || capabilities.stream().anyMatch(plugin.config()::providesCapability));
    }
}
