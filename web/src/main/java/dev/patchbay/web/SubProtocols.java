package dev.patchbay.web;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Arrays;
import java.util.List;

/** What a WebSocket client offers to speak. */
public final class SubProtocols {
    /**
     * What begins an offer that is none, but carries a token, base64url: the only thing of a handshake that a page in a
     * browser can choose.
     */
    public static final String TOKEN = "patchbay.token.";

    private SubProtocols() {}

    /** All offers, in the client's order. */
    public static List<String> offered(HttpHeaders headers) {
        return headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)
                .stream()
                .flatMap(header -> Arrays.stream(header.split(",", -1)))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }
}
