package dev.patchbay.event;

/** A journal cannot do what it was asked to; the message says what an operator can do about it. */
public final class JournalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Makes one. */
    public JournalException(String message) {
        super(message);
    }

    /** Makes one with what led to it. */
    public JournalException(String message, Throwable cause) {
        super(message, cause);
    }
}
