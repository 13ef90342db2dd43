package dev.patchbay.oci;

import java.io.Serial;

/** Says why no container can be described for a plugin as it is set up. The message names mount or device and remedy. */
public final class InvalidSpecException extends IllegalArgumentException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Makes the error with the sentence shown to the user. */
    public InvalidSpecException(String message) {
        super(message);
    }

    /** Makes the error with the sentence shown to the user and what caused it. */
    public InvalidSpecException(String message, Throwable cause) {
        super(message, cause);
    }
}
