package dev.patchbay.image;

import org.jspecify.annotations.Nullable;

/** An image that cannot be used as a plugin. The message is a sentence that says what is wrong with it. */
public final class InvalidImageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Makes one from a sentence. */
    public InvalidImageException(String message) {
        this(message, null);
    }

    /** Makes one from a sentence and what it follows from. */
    public InvalidImageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
