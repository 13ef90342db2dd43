package dev.patchbay.store;

import org.jspecify.annotations.Nullable;

/** A context from which no plugin can be made. The message is a sentence that names the cause. */
public final class InvalidContextException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Makes one from a sentence. */
    public InvalidContextException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
