package dev.patchbay.store;

import java.io.IOException;

/** Marks a failure of the sender of a context or layer on its way through code that knows streams only. */
final class SenderFailure extends IOException {
    private static final long serialVersionUID = 1L;

    SenderFailure(Throwable cause) {
        super("the sender failed: " + cause.getMessage(), cause);
    }
}
