package dev.patchbay.client;

import dev.patchbay.PluginCallException;
import dev.patchbay.stream.UntilFailure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;
import reactor.netty.NettyOutbound;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.http.client.HttpClientResponse;

/**
 * One request on its way, and its answer. Cancelled, or stopped from outside, its connection is closed; read to the end, it is
 * used again. For one subscription.
 */
final class Exchange<T> {
    private static final long NEVER = Long.MAX_VALUE;
    private static final int OK = 200;
    private static final int REFUSAL_BYTES = 64 << 10;
    private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");

    private final Asked asked;
    private final int generation;
    private final Sinks.Empty<T> stop = Sinks.empty();
    private volatile long deadlineNanos;
    private volatile @Nullable Sent sent;
    private volatile boolean isCut;
    private volatile @Nullable Throwable contentFailure;

    /** What it was sent on, and where that lives: a channel that is closed does not know any more. */
    private record Sent(Connection connection, EventLoop loop) {}

    Exchange(Asked asked, int generation, long nowNanos) {
        this.asked = asked;
        this.generation = generation;
        this.deadlineNanos = nowNanos + asked.timeout().toNanos();
    }

    /** Sends it and collects the answer. */
    static Mono<Answer> whole(Exchange<Answer> exchange, HttpClient.RequestSender http, int maxBytes) {
        Mono<Answer> answer = exchange.request(http)
                .responseConnection((head, connection) -> exchange.collected(head, connection, maxBytes))
                .next()
                .doOnError(_ -> exchange.cut())
                .doOnCancel(exchange::cut);
        return Mono.firstWithSignal(answer, exchange.stop.asMono()).onErrorMap(exchange::explained);
    }

    /** Sends it and hands the answer on; tells when it has begun. */
    static Flux<ByteBuffer> streamed(Exchange<ByteBuffer> exchange, HttpClient.RequestSender http,
            Runnable begun) {
        Flux<ByteBuffer> answer = exchange.request(http)
                .responseConnection((head, connection) -> exchange.opened(head, connection, begun))
                .doOnError(_ -> exchange.cut())
                .doOnCancel(exchange::cut);
        return UntilFailure.of(answer, exchange.stop.asMono()).onErrorMap(exchange::explained);
    }

    /** When it is too late; moves into the far future when a stream has begun. */
    long deadlineNanos() {
        return deadlineNanos;
    }

    /** It is too late. */
    void timeOut() {
        deadlineNanos = NEVER;
        stop(new PluginCallException.TimedOut(asked.call(), asked.timeout()));
    }

    /** The plugin's start is over, if it has not got this yet. */
    void endUnsent() {
        if (!isSent()) {
            end();
        }
    }

    /** The plugin's start is over. */
    void end() {
        stop(isSent()
                ? new PluginCallException.Broken(asked.call(), "ended during", null)
                : new PluginCallException.Ended(asked.call(), generation));
    }

    private void stop(PluginCallException reason) {
        var _ = stop.tryEmitError(reason); // a second reason is none
    }

    private HttpClient.ResponseReceiver<?> request(HttpClient.RequestSender http) {
        return http.uri(asked.path()).send(this::send);
    }

    private Publisher<Void> send(HttpClientRequest head, NettyOutbound out) {
        out.withConnection(this::connected);
        return switch (asked.body()) {
            case Asked.Body.Whole(byte[] bytes) when bytes.length == 0 -> {
                head.header("Content-Length", "0");
                yield out.then();
            }
            case Asked.Body.Whole(byte[] bytes) -> out
                    .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(bytes)));
            case Asked.Body.Chunks(Publisher<ByteBuffer> bytes) -> out.send(Flux.from(bytes)
                    .doOnError(failure -> contentFailure = failure)
                    .map(Unpooled::wrappedBuffer));
        };
    }

    private void connected(Connection connection) {
        sent = new Sent(connection, connection.channel().eventLoop());
        if (isCut) {
            connection.dispose();
        }
    }

    /** Whether the plugin may have got it, or a part. */
    private boolean isSent() {
        return sent != null;
    }

    /**
     * Closes the connection, if it is this exchange's still, with all that came and nobody read. Reactor Netty does so itself
     * when it is cancelled, unless the answer begins at that very moment: then it forgets about both.
     */
    private void cut() {
        isCut = true;
        Sent made = sent;
        if (made == null) {
            return;
        }
        try {
            made.loop().execute(made.connection()::dispose); // there, it is known whether it was given back
        } catch (RejectedExecutionException _) {
            // The event loops have ended, and closed their connections before.
        }
    }

    private Mono<Answer> collected(HttpClientResponse head, Connection open, int maxBytes) {
        int status = head.status().code();
        int limit = status == OK ? maxBytes : REFUSAL_BYTES;
        if (status == OK && announcedBytes(head) > limit) {
            return Mono.error(new PluginCallException.TooLarge(asked.call(), limit));
        }
        var body = new ByteArrayOutputStream();
        return open.inbound()
                .receive()
                .takeUntil(chunk -> collect(chunk, body, limit))
                .then(Mono.fromCallable(() -> {
                    if (body.size() > limit && status == OK) {
                        throw new PluginCallException.TooLarge(asked.call(), limit);
                    }
                    return new Answer(status, body.toByteArray());
                }));
    }

    private static long announcedBytes(HttpClientResponse head) {
        String length = head.responseHeaders().get("Content-Length", "");
        return LENGTH.matcher(length).matches() ? Long.parseLong(length) : 0;
    }

    /** Whether that is more than is wanted. */
    private static boolean collect(ByteBuf chunk, ByteArrayOutputStream body, int limit) {
        try {
            chunk.readBytes(body, chunk.readableBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return body.size() > limit;
    }

    private Flux<ByteBuffer> opened(HttpClientResponse head, Connection open, Runnable begun) {
        if (head.status().code() != OK) {
            return collected(head, open, REFUSAL_BYTES).flatMapMany(answer -> Flux
                    .error(Codec.refused(asked.call(), answer.status(), answer.body())));
        }
        deadlineNanos = NEVER;
        begun.run();
        return open.inbound().receive().map(Exchange::copy);
    }

    private static ByteBuffer copy(ByteBuf chunk) {
        byte[] bytes = new byte[chunk.readableBytes()];
        chunk.readBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private Throwable explained(Throwable failure) {
        Throwable ours = contentFailure;
        if (ours != null) {
            return ours;
        }
        return failure instanceof PluginCallException
                ? failure
                : isSent()
                        ? Failures.afterSending(asked.call(), failure)
                        : Failures.beforeSending(asked.call(), failure);
    }
}
