package dev.patchbay;

/** The engine is closing or closed. */
public final class EngineClosedException extends PluginException {
    private static final long serialVersionUID = 1L;

    /** Makes one. */
    public EngineClosedException() {
        super("the engine is shutting down and takes no more commands", null);
    }
}
