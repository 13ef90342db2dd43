package dev.patchbay.event.client;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import java.util.OptionalInt;
import java.util.Set;

/** What answers to handshakes mean that do not lead to a WebSocket. */
final class Handshakes {
    private static final Set<Integer> WORTH_REPEATING = Set.of(408, 425, 429);

    private Handshakes() {}

    /** The HTTP status that a handshake was answered with, if that is why it failed. */
    static OptionalInt status(Throwable reason) {
        HttpResponse response = reason instanceof WebSocketClientHandshakeException handshake
                ? handshake.response()
                : null;
        return response == null ? OptionalInt.empty() : OptionalInt.of(response.status().code());
    }

    /** Whether coming back does not help: redirects, and what is wrong with the request. */
    static boolean isFinal(OptionalInt status) {
        int code = status.orElse(0);
        return code >= 300 && code < 500 && !WORTH_REPEATING.contains(code);
    }
}
