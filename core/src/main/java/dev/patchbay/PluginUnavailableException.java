package dev.patchbay;

/**
 * The plugin is enabled, but does not run at this moment: it is being started again, or ended a moment ago. Or it is a legacy
 * plugin that does not answer.
 */
public final class PluginUnavailableException extends PluginException implements Retryable {
    private static final long serialVersionUID = 1L;

    private final String plugin;

    /** Makes one from the plugin's stored name and a sentence that says what it does instead. */
    public PluginUnavailableException(String plugin, String message) {
        super(message, null);
        this.plugin = plugin;
    }

    /** The plugin's stored name. */
    public String plugin() {
        return plugin;
    }
}
