package dev.patchbay.plugin;

import java.util.List;

/**
 * A configuration that can run, as far as that can be told without a host.
 *
 * @param config the configuration
 * @param warnings what is odd but harmless
 */
public record CheckedConfig(PluginConfig config, List<ConfigProblem> warnings) {

    /** Copies. */
    public CheckedConfig {
        warnings = List.copyOf(warnings);
    }

    /**
     * Reads and judges the configuration of a new plugin.
     *
     * @throws InvalidPluginConfigException with every problem that would keep the plugin from running
     */
    public static CheckedConfig parse(byte[] json) {
        return new CheckedConfig(PluginJson.config(json), List.of());
    }
}
