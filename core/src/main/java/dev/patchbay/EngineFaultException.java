package dev.patchbay;

/** The engine itself is at fault: a bug, of which the log has the details. */
public final class EngineFaultException extends PluginException {
    private static final long serialVersionUID = 1L;

    /** Makes one from what was attempted. */
    public EngineFaultException(String attempt, Throwable cause) {
        super("internal error while handling " + attempt + "; the log has the details", cause);
    }
}
