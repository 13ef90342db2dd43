package dev.patchbay;

/** The plugin's state does not allow what was asked. */
public final class PluginConflictException extends PluginException {
    private static final long serialVersionUID = 1L;

    private final String plugin;
    private final Kind kind;

    /** What stands against it. */
    public enum Kind {
        /** The name is taken. */
        EXISTS,
        /** It must be disabled for this. */
        ENABLED,
        /** It must be enabled for this. */
        DISABLED,
        /** Somebody uses it. */
        IN_USE,
        /** Its container could not be stopped before. */
        STUCK,
        /** It was disabled or removed by somebody else meanwhile. */
        INTERRUPTED,
        /** It is being upgraded. */
        UPGRADING,
        /** There is no version to go back to. */
        NO_PREVIOUS
    }

    /** Makes one from the plugin's stored name, what stands against the request, and a sentence. */
    public PluginConflictException(String plugin, Kind kind, String message) {
        super(message, null);
        this.plugin = plugin;
        this.kind = kind;
    }

    /** The plugin's stored name. */
    public String plugin() {
        return plugin;
    }

    /** What stands against the request. */
    public Kind kind() {
        return kind;
    }
}
