package dev.patchbay.web;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/** What a handler answers. A value: the server writes it. */
public sealed interface Reply {
    /** {@code application/json}, without parameters: Docker's client compares the whole header (client/request.go). */
    String JSON = "application/json";

    /** Headers beside those that the server sets by itself. */
    Map<String, String> headers();

    /** This reply with one more header. */
    Reply with(String name, String value);

    /**
     * A whole answer.
     *
     * @param status the HTTP status
     * @param headers headers; {@code Content-Length} is added
     * @param body the bytes, shared and never changed
     */
    @SuppressWarnings("ArrayRecordComponent") // written once, compared never
    record Full(int status, Map<String, String> headers, byte[] body) implements Reply {
        @Override
        public Full with(String name, String value) {
            return new Full(status, Reply.added(headers, name, value), body);
        }
    }

    /**
     * An answer that goes on: headers are sent at once, each chunk is flushed. It ends when the server closes. If the
     * chunks fail the connection is cut, so that the client can tell.
     *
     * @param status the HTTP status
     * @param headers headers
     * @param chunks the bytes; cancelled when the client goes away; read at the client's pace
     */
    record Stream(int status, Map<String, String> headers, Flux<byte[]> chunks) implements Reply {
        @Override
        public Stream with(String name, String value) {
            return new Stream(status, Reply.added(headers, name, value), chunks);
        }
    }

    /**
     * An answer that goes on, status 200, and writes its body to the connection by itself. It ends when the server closes.
     *
     * @param headers headers
     * @param body what is said
     */
    record Live(Map<String, String> headers, LiveBody body) implements Reply {
        @Override
        public Live with(String name, String value) {
            return new Live(Reply.added(headers, name, value), body);
        }
    }

    /** The body of a {@link Live} answer. */
    @FunctionalInterface
    interface LiveBody {
        /**
         * Writes chunks to the connection until the publisher completes, which then ends the body: contents of HTTP to its
         * channel, or what they are encoded as past the encoder. Called on the event loop, must not block. Cancelled when
         * the client goes away.
         *
         * @param head sends the head; nothing may be written before it has completed
         */
        Mono<Void> say(Connection connection, Mono<Void> head);

        /** How many bytes it is, if that is known: then a client of HTTP/1.0, which has no chunks, gets it too. */
        default OptionalLong length() {
            return OptionalLong.empty();
        }
    }

    /**
     * An answer that goes on, whose status waits for its first chunk: a failure before that is answered like any other.
     * From then on the status is 200 and each chunk is flushed. The chunks are cancelled when the client goes away; when
     * the server closes they fail, since an end without a failure would look like success.
     *
     * @param headers headers, whatever the answer is
     * @param streamHeaders headers of the stream alone
     * @param chunks the bytes, read at the client's pace
     * @param failures what is answered if they fail
     */
    record Late(Map<String, String> headers, Map<String, String> streamHeaders, Flux<byte[]> chunks,
            Failures failures) implements Reply {
        @Override
        public Late with(String name, String value) {
            return new Late(Reply.added(headers, name, value), streamHeaders, chunks, failures);
        }
    }

    /** What becomes of failures of a {@link Late} answer. */
    interface Failures {
        /** The answer to a failure before the first chunk. */
        Full before(Throwable failure);

        /** The last chunk, after others; the connection is cut if this fails. */
        Mono<byte[]> amid(Throwable failure);
    }

    /**
     * An upgrade to WebSocket. The handler must end when {@link Exchange#closing} completes.
     *
     * @param headers headers of the 101
     * @param spec limits and sub-protocols
     * @param session what is said; cancelled when the client goes away
     */
    record WebSocket(Map<String, String> headers, WebsocketServerSpec spec,
            Session session) implements Reply {
        @Override
        public WebSocket with(String name, String value) {
            return new WebSocket(Reply.added(headers, name, value), spec, session);
        }
    }

    /** One conversation over a WebSocket. */
    @FunctionalInterface
    interface Session {
        /** Talks until the publisher completes; called on an event loop, must not block. */
        Publisher<Void> talk(WebsocketInbound in, WebsocketOutbound out);
    }

    /** A status without a body. */
    static Full empty(int status) {
        return new Full(status, Map.of(), new byte[0]);
    }

    /** A JSON text as it is. */
    static Full json(int status, byte[] body) {
        return new Full(status, Map.of("Content-Type", JSON), body);
    }

    /** A stream of some media type, status 200. */
    static Stream stream(String contentType, Flux<byte[]> chunks) {
        return new Stream(200, Map.of("Content-Type", contentType), chunks);
    }

    /** A stream of some media type that writes to the connection by itself. */
    static Live live(String contentType, LiveBody body) {
        return new Live(Map.of("Content-Type", contentType), body);
    }

    private static Map<String, String> added(Map<String, String> headers, String name, String value) {
        var all = new LinkedHashMap<>(headers);
        all.put(name, value);
        return Collections.unmodifiableMap(all);
    }
}
