package dev.patchbay.event.client;

import java.util.OptionalInt;

/** The daemon refuses the stream, or speaks another language: coming back does not help. */
public final class StreamRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int NONE = 0;

    private final int code;

    StreamRefusedException(String message, OptionalInt code) {
        super(message);
        this.code = code.orElse(NONE);
    }

    /** The close code of the WebSocket, or the HTTP status if it did not come to one. */
    public OptionalInt code() {
        return code == NONE ? OptionalInt.empty() : OptionalInt.of(code);
    }
}
