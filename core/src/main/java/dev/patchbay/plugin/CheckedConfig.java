package dev.patchbay.plugin;

import java.util.List;

/**
 * A configuration that can run, as far as that can be told without a host.
 *
 * <p>Docker takes any JSON object and lets mistakes surface at enable (defect D67). Here whatever could never start, or
 * contradicts itself, is refused when the plugin is made; whatever starts under Docker but does not do what it seems to
 * say is a warning.
 *
 * @param config the configuration
 * @param warnings what is odd but harmless, unknown keys included
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
        return of(PluginJson.config(json));
    }

    /**
     * Judges a configuration.
     *
     * @throws InvalidPluginConfigException with every problem that would keep the plugin from running
     */
    public static CheckedConfig of(PluginConfig config) {
        var findings = new Findings();
        ConfigRules.check(config, findings);
        EntryRules.check(config, findings);
        if (!findings.errors().isEmpty()) {
            throw new InvalidPluginConfigException(findings.errors());
        }
        UnknownKeyPaths.add(config, findings);
        return new CheckedConfig(config, findings.warnings());
    }
}
