package dev.patchbay;

/** A plugin's container could not be stopped or removed. */
public final class PluginStopException extends PluginException {
    private static final long serialVersionUID = 1L;

    private final String plugin;
    private final int generation;

    /** Makes one; the message is a sentence that says what was tried. */
    public PluginStopException(String plugin, int generation, String message) {
        super(message, null);
        this.plugin = plugin;
        this.generation = generation;
    }

    /** The plugin's name. */
    public String plugin() {
        return plugin;
    }

    /** The number of the start that lives on. */
    public int generation() {
        return generation;
    }
}
