package dev.patchbay;

/** The id prefix fits several plugins. */
public final class AmbiguousPluginException extends PluginException {
    private static final long serialVersionUID = 1L;

    private final String prefix;

    /** Makes one from what the caller sent. */
    public AmbiguousPluginException(String prefix) {
        super("multiple plugins found for \"" + prefix + "\"", null);
        this.prefix = prefix;
    }

    /** What the caller sent. */
    public String prefix() {
        return prefix;
    }
}
