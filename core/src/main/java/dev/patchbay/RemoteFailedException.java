package dev.patchbay;

import org.jspecify.annotations.Nullable;

/** The registry cannot be reached, breaks off, takes too long, or answers what is not true. */
public final class RemoteFailedException extends PluginException implements Retryable {
    private static final long serialVersionUID = 1L;

    /** Makes one from a sentence and what it follows from. */
    public RemoteFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
