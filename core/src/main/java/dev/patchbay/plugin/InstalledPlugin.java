package dev.patchbay.plugin;

/**
 * The plugin object of Docker's API and of the state record.
 *
 * @param config what the author published
 * @param enabled whether the user wants it to run
 * @param id the identity
 * @param name the local name
 * @param reference where it came from, to the letter: the full reference for a pulled plugin, the familiar name for one
 *     made here; may be empty in records written by Docker
 * @param settings what the user changed
 */
public record InstalledPlugin(PluginConfig config, boolean enabled, PluginId id, PluginName name,
        String reference,
        Settings settings) {

    /** This plugin, wanted running or wanted stopped. */
    public InstalledPlugin withEnabled(boolean wanted) {
        return new InstalledPlugin(config, wanted, id, name, reference, settings);
    }

    /**
     * This plugin with its configuration as it was published, and in the settings what the user set. In records of Docker's
     * the configuration holds the user's sources and paths instead (D56).
     *
     * @param published what the configuration blob says; if that is of another version, as in records that Docker's
     *     upgrade wrote (D14), nothing is changed
     */
    public InstalledPlugin asPublished(PluginConfig published) {
        return Disentangling.of(this, published);
    }

    /** This plugin with other settings. */
    public InstalledPlugin withSettings(Settings changed) {
        return new InstalledPlugin(config, enabled, id, name, reference, changed);
    }
}
