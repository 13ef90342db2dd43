package dev.patchbay;

import org.jspecify.annotations.Nullable;

/** The registry has no such plugin, or does not tell this caller. */
public final class RemoteNotFoundException extends PluginException {
    private static final long serialVersionUID = 1L;

    /** Makes one from a sentence and what it follows from. */
    public RemoteNotFoundException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
