package dev.patchbay.reference;

import java.io.Serial;

/** Says that a text is not a digest: its form, its length or its algorithm is wrong. */
public final class InvalidDigestException extends IllegalArgumentException {

    @Serial
    private static final long serialVersionUID = 1L;

    InvalidDigestException(String message) {
        super(message);
    }
}
