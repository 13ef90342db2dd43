package dev.patchbay.web.v1;

import dev.patchbay.web.Exchange;
import dev.patchbay.web.HttpFailure;
import dev.patchbay.web.Reply;
import dev.patchbay.web.SubProtocols;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.netty.http.server.WebsocketServerSpec;

/** Requests to go on as a WebSocket. */
final class Upgrade {
    /** The sub-protocol. A client that names none gets the same. */
    static final String SUBPROTOCOL = "patchbay.v1";

    /** The sub-protocol of CloudEvents in JSON (CloudEvents 1.0, WebSockets binding, section 3.1). */
    static final String CLOUD_EVENTS = "cloudevents.json";

    private static final String VERSION = "13"; // RFC 6455, section 4.1

    private Upgrade() {}

    /** Whether a request asks for a WebSocket. */
    static boolean isAskedFor(Exchange exchange) {
        return exchange.headers()
                .containsValue(
                        HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
    }

    /**
     * The first sub-protocol of those offered that is spoken; none if none is offered. What carries a token is no offer.
     *
     * @throws HttpFailure 400 if none of those offered is spoken
     */
    static Optional<String> choose(Exchange exchange, List<String> spoken) {
        List<String> offered = SubProtocols.offered(exchange.headers())
                .stream()
                .filter(name -> !name.startsWith(SubProtocols.TOKEN))
                .toList();
        Optional<String> chosen = offered.stream().filter(spoken::contains).findFirst();
        if (chosen.isEmpty() && !offered.isEmpty()) {
            throw HttpFailure.badRequest("the sub-protocols here are " + String.join(", ", spoken));
        }
        return chosen;
    }

    /**
     * The reply that turns the connection into a WebSocket.
     *
     * @throws HttpFailure if the request cannot be upgraded: 400 without a key, 426 for another version of WebSocket
     */
    static Reply accept(Exchange exchange, Optional<String> subprotocol, Reply.Session session) {
        if (!exchange.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_KEY)) {
            throw HttpFailure.badRequest("a WebSocket handshake needs the header Sec-WebSocket-Key");
        }
        if (!exchange.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION, false)) {
            throw new HttpFailure(426, "only version " + VERSION + " of WebSocket is spoken here");
        }
        // Pings come to the session: Reactor Netty would answer each at once, also while the client takes no answer.
        var spec = WebsocketServerSpec.builder()
                .maxFramePayloadLength(StreamLimits.MAX_FRAME_BYTES)
                .handlePing(true);
        // Reactor Netty never starts a session that has sub-protocols and chose none.
        subprotocol.ifPresent(spec::protocols);
        return new Reply.WebSocket(Map.of(), spec.build(), session);
    }
}
