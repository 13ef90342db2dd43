package dev.patchbay;

/** Too many commands wait for one plugin. */
public final class PluginBusyException extends PluginException implements Retryable {
    private static final long serialVersionUID = 1L;

    private final String plugin;
    private final int waiting;

    /** Makes one from the plugin's name and the number of commands that wait for it. */
    public PluginBusyException(String plugin, int waiting) {
        super("plugin " + plugin + " is busy: " + waiting + " commands wait for it already; try again later");
        this.plugin = plugin;
        this.waiting = waiting;
    }

    /** The plugin's name. */
    public String plugin() {
        return plugin;
    }

    /** How many commands wait. */
    public int waiting() {
        return waiting;
    }
}
