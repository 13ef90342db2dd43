package dev.patchbay;

import org.jspecify.annotations.Nullable;

/** The registry refuses the credentials, wants some, or does not allow this to whoever they are. */
public final class RemoteDeniedException extends PluginException {
    private static final long serialVersionUID = 1L;

    /** Makes one from a sentence and what it follows from. */
    public RemoteDeniedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
