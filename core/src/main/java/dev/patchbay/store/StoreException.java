package dev.patchbay.store;

import org.jspecify.annotations.Nullable;

/** The disk refused. The message is a sentence that names the path and the cause. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Makes one from a sentence and what the disk said. */
    public StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
