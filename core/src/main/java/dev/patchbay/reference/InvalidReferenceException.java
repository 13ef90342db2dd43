package dev.patchbay.reference;

import java.io.Serial;

/** Says that a text is not a usable image reference. The message is the one Docker's users know. */
public final class InvalidReferenceException extends IllegalArgumentException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Makes the error with the sentence shown to the user. */
    public InvalidReferenceException(String message) {
        super(message);
    }

    InvalidReferenceException(InvalidDigestException cause) {
        super(cause.getMessage(), cause);
    }
}
