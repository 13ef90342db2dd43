package dev.patchbay.web.v1;

import dev.patchbay.web.Exchange;
import dev.patchbay.web.HttpFailure;
import dev.patchbay.web.Reply;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import reactor.netty.http.server.WebsocketServerSpec;

/** Requests to go on as a WebSocket. */
final class Upgrade {
    /** The sub-protocol. A client that names none gets the same. */
    static final String SUBPROTOCOL = "patchbay.v1";

    /** The longest frame that a client may send; nothing that it can say is longer. */
    static final int MAX_FRAME_BYTES = 16 << 10;

    private static final String VERSION = "13"; // RFC 6455, section 4.1

    private Upgrade() {}

    /** Whether a request asks for a WebSocket. */
    static boolean isAskedFor(Exchange exchange) {
        return exchange.headers()
                .containsValue(
                        HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
    }

    /**
     * The reply that turns the connection into a WebSocket.
     *
     * @throws HttpFailure if the request cannot be upgraded: 400 for sub-protocols of which none is ours, 426 for another
     *     version of WebSocket
     */
    static Reply accept(Exchange exchange, Reply.Session session) {
        if (!exchange.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_KEY)) {
            throw HttpFailure.badRequest("a WebSocket handshake needs the header Sec-WebSocket-Key");
        }
        if (!exchange.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION, false)) {
            throw new HttpFailure(426, "only version " + VERSION + " of WebSocket is spoken here");
        }
        List<String> offered = offered(exchange);
        if (!offered.isEmpty() && !offered.contains(SUBPROTOCOL)) {
            throw HttpFailure.badRequest("the only sub-protocol here is " + SUBPROTOCOL);
        }
        var spec = WebsocketServerSpec.builder().maxFramePayloadLength(MAX_FRAME_BYTES);
        if (!offered.isEmpty()) {
            spec.protocols(SUBPROTOCOL); // Reactor Netty never starts a session that has sub-protocols and chose none
        }
        return new Reply.WebSocket(Map.of(), spec.build(), session);
    }

    private static List<String> offered(Exchange exchange) {
        return exchange.headers()
                .getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)
                .stream()
                .flatMap(header -> Arrays.stream(header.split(",", -1)))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }
}
