package dev.patchbay.client;

import dev.patchbay.PluginCallException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.netty.Connection;
import reactor.netty.NettyOutbound;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.http.client.HttpClientResponse;

/**
 * One request on its way, and its answer. {@link #cut Cut}, its connection is closed; read to the end, it is used again. For
 * one subscription.
 */
final class Exchange {
    private static final long NEVER = Long.MAX_VALUE;
    private static final int REFUSAL_BYTES = 64 << 10;

    private final Asked asked;
    private final int generation;
    private final CallClock clock;
    private final Consumer<PluginCallException> stop;
    private volatile long deadlineNanos;
    private volatile @Nullable Sent sent;
    private volatile boolean isCut;
    private volatile @Nullable Throwable contentFailure;

    /** What it was sent on, where that lives, as a channel that is closed does not know any more, and since when. */
    private record Sent(Connection connection, EventLoop loop, long nanos) {}

    /** One that begins now; is told why when it is to stop, perhaps more than once. */
    Exchange(Asked asked, int generation, CallClock clock, Consumer<PluginCallException> stop) {
        this.asked = asked;
        this.generation = generation;
        this.clock = clock;
        this.stop = stop;
        this.deadlineNanos = clock.nanos() + CallClock.nanos(asked.timeout());
    }

    /** Sends it and collects the answer. */
    Flux<Answer> whole(HttpClient.RequestSender http, int maxBytes) {
        return request(http).responseConnection((head, open) -> collected(head, open, maxBytes));
    }

    /** Sends it and hands the answer on; tells when it has begun, and turns an answer that is none into a failure. */
    Flux<ByteBuffer> streamed(HttpClient.RequestSender http, Runnable begun, Codec codec) {
        return request(http).responseConnection((head, open) -> {
            if (head.status().code() != Answer.OK) {
                return collected(head, open, REFUSAL_BYTES).flatMapMany(answer -> Flux
                        .error(codec.refused(asked.call(), answer.status(), answer.body())));
            }
            deadlineNanos = NEVER;
            begun.run();
            return open.inbound().receive().map(Exchange::copy);
        });
    }

    /** When it is too late; moves into the far future when a stream has begun. */
    long deadlineNanos() {
        return deadlineNanos;
    }

    /** It is too late. */
    void timeOut() {
        deadlineNanos = NEVER;
        stop.accept(new PluginCallException.TimedOut(asked.call(), asked.timeout()));
    }

    /** The plugin's start is over, if it has not got this yet. */
    void endUnsent() {
        if (!isSent()) {
            end();
        }
    }

    /** The plugin's start is over. */
    void end() {
        stop.accept(isSent()
                ? new PluginCallException.Broken(asked.call(), "ended during", null)
                : new PluginCallException.Ended(asked.call(), generation));
    }

    /** Whether the plugin has had it for so long. */
    boolean hasWaited(long nanos) {
        Sent made = sent;
        return made != null && clock.nanos() - made.nanos() >= nanos;
    }

    private HttpClient.ResponseReceiver<?> request(HttpClient.RequestSender http) {
        return http.uri(asked.path()).send(this::send);
    }

    private Publisher<Void> send(HttpClientRequest head, NettyOutbound out) {
        out.withConnection(this::connected);
        return switch (asked.body()) {
            case Asked.Body.Whole(byte[] bytes) when bytes.length == 0 -> {
                head.header(HttpHeaderNames.CONTENT_LENGTH, "0");
                yield out.then();
            }
            case Asked.Body.Whole(byte[] bytes) -> send(bytes, out);
            case Asked.Body.Unwritten unwritten -> send(Asked.bytes(unwritten), out);
            case Asked.Body.Chunks(Publisher<ByteBuffer> bytes) ->
                out.send(Flux.from(bytes).onErrorMap(failure -> {
                    contentFailure = failure;
                    return failure;
                }).map(Unpooled::wrappedBuffer));
        };
    }

    private static Publisher<Void> send(byte[] bytes, NettyOutbound out) {
        return out.send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(bytes)));
    }

    private void connected(Connection connection) {
        sent = new Sent(connection, connection.channel().eventLoop(), clock.nanos());
        if (isCut) {
            connection.dispose();
        }
    }

    /** Whether the plugin may have got it, or a part. */
    private boolean isSent() {
        return sent != null;
    }

    /** Closes the connection, if it is this exchange's still, with all that came and nobody read. */
    void cut() {
        cut(Operators.emptySubscription());
    }

    /**
     * The same, and cancels the request, where its connection lives: if the answer begins at the moment in which it is cancelled
     * elsewhere, Reactor Netty forgets about both.
     */
    void cut(Subscription request) {
        isCut = true;
        Sent made = sent;
        if (made == null) {
            request.cancel();
            return;
        }
        try {
            made.loop().execute(() -> { // there, it is known whether the connection was given back
                request.cancel();
                made.connection().dispose();
            });
        } catch (RejectedExecutionException _) {
            request.cancel(); // the event loops have ended, and closed their connections before
        }
    }

    private Mono<Answer> collected(HttpClientResponse head, Connection open, int maxBytes) {
        int status = head.status().code();
        int limit = status == Answer.OK ? maxBytes : REFUSAL_BYTES;
        if (status == Answer.OK && announcedBytes(head) > limit) {
            return Mono.error(new PluginCallException.TooLarge(asked.call(), limit));
        }
        return new Collected(asked.call(), open.inbound().receive(), status, limit);
    }

    private static long announcedBytes(HttpClientResponse head) {
        String length = head.responseHeaders().get(HttpHeaderNames.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException _) {
            return 0; // the body will tell
        }
    }

    private static ByteBuffer copy(ByteBuf chunk) {
        byte[] bytes = new byte[chunk.readableBytes()];
        chunk.readBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    /** Whether nothing was sent because more want a connection than the plugin has yet taken. */
    boolean isCrowdedOut(Throwable failure) {
        return !isSent() && Failures.isCrowd(failure);
    }

    /** What a failure of it means. */
    Throwable explained(Throwable failure) {
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
