package dev.patchbay.web;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.Optional;
import java.util.OptionalLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerResponse;

/** Writes replies to one client. */
final class ReplyWriter {
    private final HttpServerResponse response;
    private final Mono<Void> closing;

    ReplyWriter(HttpServerResponse response, Mono<Void> closing) {
        this.response = response;
        this.closing = closing;
    }

    Mono<Void> write(Reply reply) {
        reply.headers().forEach(response::header);
        return switch (reply) {
            case Reply.Full full -> full(full);
            case Reply.Stream stream -> stream(stream);
            case Reply.Live live -> live(live);
            case Reply.Late late -> late(late);
            case Reply.WebSocket socket -> response.sendWebsocket(socket.session()::talk, socket.spec());
        };
    }

    private Mono<Void> full(Reply.Full reply) {
        response.status(reply.status());
        boolean bodiless = reply.status() == 204 || reply.status() == 304;
        if (!bodiless) {
            response.header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(reply.body().length));
        }
        if (bodiless || reply.body().length == 0) {
            return response.send();
        }
        return response.sendObject(Unpooled.wrappedBuffer(reply.body())).then();
    }

    private Mono<Void> stream(Reply.Stream reply) {
        // The empty buffer sends the headers at once, and after the chunks are subscribed: whoever has seen the headers
        // of a stream of events misses nothing that happens from then on.
        Flux<ByteBuf> chunks = reply.chunks()
                .takeUntilOther(closing)
                .map(Unpooled::wrappedBuffer)
                .mergeWith(Mono.just(Unpooled.EMPTY_BUFFER));
        return response.status(reply.status()).chunkedTransfer(true).send(chunks, _ -> true).then();
    }

    private Mono<Void> live(Reply.Live reply) {
        OptionalLong length = reply.body().length();
        boolean chunked = response.version().minorVersion() > 0 || length.isEmpty();
        if (!chunked) {
            response.header(HttpHeaderNames.CONTENT_LENGTH, Long.toString(length.getAsLong()));
        }
        Mono<Void> head = response.status(200).chunkedTransfer(chunked).sendHeaders().then();
        return Mono.<Connection>create(sink -> response.withConnection(sink::success))
                .flatMap(connection -> reply.body().say(connection, head))
                .takeUntilOther(closing);
    }

    private Mono<Void> late(Reply.Late reply) {
        // As signals: an end of theirs can be told from one that closing brings about. That cannot be an error of the
        // other publisher, because then takeUntilOther would not cancel the chunks.
        Flux<byte[]> untilClosing = reply.chunks()
                .materialize()
                .takeUntilOther(closing)
                .concatWith(Mono.error(ReplyWriter::closes))
                .dematerialize();
        return untilClosing
                .switchOnFirst(
                        (first, chunks) -> begin(reply, Optional.ofNullable(first.getThrowable()), chunks))
                .then();
    }

    private Mono<Void> begin(Reply.Late reply, Optional<Throwable> failure, Flux<byte[]> chunks) {
        if (failure.isPresent()) {
            Reply.Full answer = reply.failures().before(failure.get());
            answer.headers().forEach(response::header);
            return full(answer);
        }
        reply.streamHeaders().forEach(response::header);
        Flux<ByteBuf> buffers = chunks.onErrorResume(Throwable.class, reply.failures()::amid)
                .map(Unpooled::wrappedBuffer);
        return response.status(200).chunkedTransfer(true).send(buffers, _ -> true).then();
    }

    private static HttpFailure closes() {
        return new HttpFailure(503,
                "the server is shutting down: what was asked for is given up, if it is not done already");
    }
}
