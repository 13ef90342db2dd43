package dev.patchbay.store;

import org.jspecify.annotations.Nullable;

/** A context, layer or layout from which no plugin can be made. The message is a sentence that names the cause. */
public final class InvalidContentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Makes one from a sentence. */
    public InvalidContentException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
