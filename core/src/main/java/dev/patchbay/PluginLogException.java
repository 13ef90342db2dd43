package dev.patchbay;

import org.jspecify.annotations.Nullable;

/** A plugin's log cannot be read. */
public final class PluginLogException extends PluginException {
    private static final long serialVersionUID = 1L;

    /** Makes one from a sentence that names the log and the cause. */
    public PluginLogException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
