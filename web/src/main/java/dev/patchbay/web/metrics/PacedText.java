package dev.patchbay.web.metrics;

import dev.patchbay.stream.TimeLimit;
import dev.patchbay.web.Reply;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.time.Duration;
import java.util.OptionalLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.Connection;

/**
 * A text that many read at their own pace: it is theirs together, and each has one piece of it in native memory at a time,
 * until its socket has taken that. Who takes too long is cut off.
 *
 * @param text all of it, never changed
 * @param place given back when it is read, or is not any more
 * @param limit how long somebody may take to read all of it
 * @param timers where that ends
 */
@SuppressWarnings("ArrayRecordComponent") // shared, compared never
record PacedText(byte[] text, Place place, Duration limit,
        Scheduler timers) implements Reply.LiveBody {
    /** How long that usually is. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    private static final int PIECE_BYTES = 32 << 10;

    @Override
    public Mono<Void> say(Connection connection, Mono<Void> head) {
        Mono<Void> all = head.then(Flux.range(0, (text.length + PIECE_BYTES - 1) / PIECE_BYTES)
                .concatMap(piece -> write(connection.channel(), piece), 0)
                .then());
        Mono<Void> cutOff = Mono.fromRunnable(connection::dispose);
        return Mono.using(place::begin, begun -> begun ? TimeLimit.on(all, limit, timers, cutOff) : cutOff,
                _ -> place.leave());
    }

    /** All of it has a known length, so that a client without chunks can read it too. */
    @Override
    public OptionalLong length() {
        return OptionalLong.of(text.length);
    }

    private Mono<Void> write(Channel channel, int piece) {
        return Mono.create(sink -> {
            int from = piece * PIECE_BYTES;
            int length = Math.min(PIECE_BYTES, text.length - from);
            channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(text, from, length)))
                    .addListener(written -> {
                        if (written.isSuccess()) {
                            sink.success();
                        } else {
                            sink.error(written.cause());
                        }
                    });
        });
    }
}
