package dev.patchbay.registry;

import dev.patchbay.stream.TimeLimit;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClientResponse;

/**
 * The head of an answer, and its body as long as nobody has read it. Must be {@link #close() closed}: a connection whose
 * body was read to the end goes back to the pool, any other is cut.
 */
final class Answer {
    private static final int ERROR_BODY = 64 << 10;

    private final Request request;
    private final HttpClientResponse head;
    private final Connection connection;
    private final RegistryTimeouts timeouts;
    private final Timers timers;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final AtomicBoolean read = new AtomicBoolean();

    Answer(Request request, HttpClientResponse head, Connection connection, RegistryTimeouts timeouts,
            Timers timers) {
        this.request = request;
        this.head = head;
        this.connection = connection;
        this.timeouts = timeouts;
        this.timers = timers;
    }

    /** What was answered. */
    Request request() {
        return request;
    }

    int status() {
        return head.status().code();
    }

    /** Who answered. */
    Origin origin() {
        return request.origin();
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(head.responseHeaders().get(name));
    }

    /** All values of a header that may come several times. */
    List<String> headers(String name) {
        return head.responseHeaders().getAll(name);
    }

    /** The body's length, if the headers tell it. */
    OptionalLong length() {
        Optional<String> text = header("Content-Length").filter(value -> value.matches("\\d{1,18}"));
        return text.isPresent() ? OptionalLong.of(Long.parseLong(text.get())) : OptionalLong.empty();
    }

    /** The body, copied to the heap chunk by chunk as it is asked for. */
    Flux<ByteBuffer> stream() {
        return new IdleWatch(timeouts.idle(), timers).over(body())
                .onErrorMap(Failures::isForeign, failure -> Failures.broken(request, failure, timeouts));
    }

    /** A short body as a whole; fails if it is longer. */
    Mono<byte[]> bytes(int limit) {
        return collected(limit, false);
    }

    /** The beginning of a body that explains a failure; empty rather than failing if it cannot be read. */
    Mono<String> explanation() {
        return collected(ERROR_BODY, true)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .onErrorReturn(RegistryException.class, "")
                .defaultIfEmpty("");
    }

    private Mono<byte[]> collected(int limit, boolean cutOff) {
        return Mono.defer(() -> {
            var collected = new ByteArrayOutputStream();
            Mono<byte[]> all = body()
                    .takeUntil(chunk -> collect(collected, chunk, limit))
                    .then(Mono.fromCallable(() -> {
                        if (collected.size() > limit && !cutOff) {
                            throw new RegistryException.Broken(Failures.sentence(request,
                                    "answers with more than " + limit + " bytes"), null);
                        }
                        return collected.toByteArray();
                    }));
            return TimeLimit.on(all, timeouts.headers(), timers.scheduler())
                    .onErrorMap(Failures::isForeign, failure -> Failures.broken(request, failure, timeouts));
        });
    }

    /** Answers whether that is more than is wanted. */
    private static boolean collect(ByteArrayOutputStream collected, ByteBuffer chunk, int limit) {
        byte[] bytes = new byte[chunk.remaining()];
        chunk.get(bytes);
        collected.writeBytes(bytes);
        return collected.size() > limit;
    }

    private Flux<ByteBuffer> body() {
        return Flux.defer(() -> begun.compareAndSet(false, true)
                ? connection.inbound().receive().map(Answer::copy)
                : Flux.<ByteBuffer>never() // given up: its reader is gone, and an error would be nobody's
        ).concatWith(Mono.fromRunnable(() -> read.set(true)));
    }

    private static ByteBuffer copy(ByteBuf chunk) {
        byte[] bytes = new byte[chunk.readableBytes()];
        chunk.readBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    /** Gives the connection back, or cuts it if part of the body is still to come. Never fails, never waits. */
    Mono<Void> close() {
        return Mono.fromRunnable(() -> {
            if (read.get()) {
                return;
            }
            if (isEmpty() && begun.compareAndSet(false, true)) {
                connection.inbound().receive().subscribe(_ -> {}, _ -> {});
            } else {
                cut();
            }
        });
    }

    /** Cuts the connection, whatever is still to come. */
    void cut() {
        if (!read.get()) {
            // What has come and was not read is held for a reader: one that leaves at once lets go of it.
            if (begun.compareAndSet(false, true)) {
                connection.inbound().receive().subscribe(_ -> {}, _ -> {}).dispose();
            }
            var _ = connection.channel().close();
        }
    }

    private boolean isEmpty() {
        return request.method().equals("HEAD") || status() == 204 || length().orElse(-1) == 0;
    }
}
