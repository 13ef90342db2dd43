package dev.patchbay;

import java.util.List;

/** The engine is closed, but plugins run on that should not, or changes of them never came to an end. */
public final class UncleanCloseException extends PluginException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> plugins;

    /** Makes one for plugins of these names; none if only the disk did not come to an end. */
    public UncleanCloseException(List<String> plugins) {
        super("the engine is closed, but " + (plugins.isEmpty()
                ? "the disk did not come to an end with what was under way; the next start puts that in order"
                : "these plugins did not come to rest: " + String.join(", ", plugins)), null);
        this.plugins = List.copyOf(plugins);
    }

    /** The plugins' names. */
    public List<String> plugins() {
        return plugins;
    }
}
