package dev.patchbay.event;

import org.jspecify.annotations.Nullable;

/** A journal cannot do what it was asked to; the message says what an operator can do about it. */
public sealed class JournalException extends RuntimeException permits DamagedJournalException {
    private static final long serialVersionUID = 1L;

    /** Makes one. */
    public JournalException(String message) {
        super(message);
    }

    /** Makes one with what led to it. */
    public JournalException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
