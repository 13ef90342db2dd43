package dev.patchbay.web.v1;

import dev.patchbay.PluginException;
import dev.patchbay.web.stream.Writability;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/**
 * Carries texts from a publisher to a client over a WebSocket, as a {@link StreamProtocol} says.
 *
 * <p>Texts are asked for as fast as the client's socket takes them. Timers and closing do not wait for that: a client
 * that takes nothing is closed all the same, and cut off if the close frame does not get through in time.
 *
 * @param protocol the rules
 * @param closeGrace how long a close frame may take to reach the socket
 * @param timers where the waiting happens
 */
record FrameSocket(StreamProtocol protocol, Duration closeGrace, Scheduler timers) {
    private static final Logger LOG = LoggerFactory.getLogger(FrameSocket.class);
    private static final int BATCH = 32;

    /**
     * What a client is told.
     *
     * @param values each a text frame
     * @param shape their JSON; written on the connection's event loop, so that it costs the publisher nothing
     * @param closing completes when the server shuts down
     * @param requestId for log lines
     */
    record Source<T>(Flux<T> values, Shape<T> shape, Mono<Void> closing, String requestId) {}

    /**
     * Talks to one client. <b>Cold</b>. Completes when the connection is over, whoever ended it; <b>cancelling</b> ends
     * it. The values are cancelled in either case. <b>Threads:</b> the connection's event loop.
     */
    <T> Mono<Void> carry(Source<T> source, WebsocketInbound in, WebsocketOutbound out) {
        return Mono.<Connection>create(sink -> in.withConnection(sink::success))
                .flatMap(connection -> new Session<>(connection, out, source).run(in));
    }

    /** One connection. What is not final belongs to its event loop. */
    private final class Session<T> {
        private final Connection connection;
        private final Channel channel;
        private final WebsocketOutbound out;
        private final Source<T> source;
        // At most one ping is under way, and the next comes after its pong: two places never fill up.
        private final Sinks.Many<WebSocketFrame> pings = Sinks.many()
                .unicast()
                .onBackpressureBuffer(new ArrayBlockingQueue<>(2));
        private final Sinks.Empty<Void> ended = Sinks.empty();
        private final Disposable.Swap timer = Disposables.swap();
        private StreamProtocol.State state = StreamProtocol.START;
        private byte @Nullable [] asked; // by a ping that was not answered yet

        Session(Connection connection, WebsocketOutbound out, Source<T> source) {
            this.connection = connection;
            this.channel = connection.channel();
            this.out = out;
            this.source = source;
        }

        Mono<Void> run(WebsocketInbound in) {
            Flux<WebSocketFrame> frames = Flux.merge(pings.asFlux(), told())
                    .takeUntilOther(ended.asMono())
                    // The connection ends after the close frame, not after the last text.
                    .concatWith(Mono.never());
            Mono<Void> sending = out.sendObject(frames).then();
            Mono<Void> listening = in.receiveFrames()
                    .<Void>handle((frame, _) -> hear(frame))
                    .then();
            Mono<Void> life = Mono.<Void>fromRunnable(() -> feed(new StreamProtocol.Opened()))
                    .then(source.closing())
                    .then(Mono.<Void>fromRunnable(() -> feed(new StreamProtocol.ServerClosing())))
                    .then(Mono.never());
            Writability.watch(connection, this::pong);
            return Mono.firstWithSignal(connection.onDispose(), listening, sending, life)
                    .doFinally(_ -> timer.dispose());
        }

        private void hear(WebSocketFrame frame) {
            switch (frame) {
                case PingWebSocketFrame ping -> {
                    asked = ByteBufUtil.getBytes(ping.content());
                    pong();
                }
                case PongWebSocketFrame pong -> feed(new StreamProtocol.Ponged(number(pong.content())));
                case BinaryWebSocketFrame _ -> feed(new StreamProtocol.SaidBytes());
                // Text, and continuations, which follow a frame that ended the conversation already.
                default -> feed(new StreamProtocol.SaidText());
            }
        }

        /** Answers the newest ping, which is enough (RFC 6455, section 5.5.3), once the socket takes an answer. */
        private void pong() {
            byte[] payload = asked;
            if (payload != null && channel.isWritable() && !(state instanceof StreamProtocol.Ended)) {
                asked = null;
                var _ = channel.writeAndFlush(new PongWebSocketFrame(Unpooled.wrappedBuffer(payload)),
                        channel.voidPromise()); // a failure ends the connection
            }
        }

        /** The texts as frames; their end is news for the protocol, not the end of the frames. */
        private Flux<WebSocketFrame> told() {
            return source.values()
                    // Errors overtake: a client that takes nothing must hear that it fell behind, too.
                    .publishOn(Schedulers.fromExecutor(channel.eventLoop()), false, BATCH)
                    .<WebSocketFrame>map(value -> new TextWebSocketFrame(source.shape().text(value)))
                    .concatWith(Mono.fromRunnable(() -> feed(new StreamProtocol.SourceEnded())))
                    .onErrorResume(PluginException.class, failure -> Mono.fromRunnable(
                            () -> feed(new StreamProtocol.SourceFailed(failure))))
                    .onErrorResume(this::broken);
        }

        private Mono<WebSocketFrame> broken(Throwable bug) {
            LOG.error("request {} failed: a bug", source.requestId(), bug);
            return Mono.fromRunnable(() -> feed(new StreamProtocol.SourceBroke()));
        }

        private void feed(StreamProtocol.Input input) {
            if (channel.eventLoop().inEventLoop()) {
                step(input);
            } else {
                channel.eventLoop().execute(() -> step(input));
            }
        }

        private void step(StreamProtocol.Input input) {
            StreamProtocol.Step step = protocol.next(state, input);
            state = step.next();
            step.orders().forEach(this::obey);
        }

        private void obey(StreamProtocol.Order order) {
            switch (order) {
                case StreamProtocol.Ping(long ping) -> pings.emitNext(
                        new PingWebSocketFrame(Unpooled.copyLong(ping)), Sinks.EmitFailureHandler.FAIL_FAST);
                case StreamProtocol.AwaitHeartbeat(Duration delay) -> after(
                        delay, () -> feed(new StreamProtocol.HeartbeatDue()));
                case StreamProtocol.AwaitPong(long ping, Duration delay) -> after(
                        delay, () -> feed(new StreamProtocol.PongOverdue(ping, channel.isWritable()
                                ? StreamProtocol.Backlog.NONE
                                : StreamProtocol.Backlog.UNWATCHED)));
                case StreamProtocol.Close close -> close(close);
            }
        }

        private void close(StreamProtocol.Close close) {
            // Not the session's timer: the session may be over for Reactor Netty while its last frame is stuck.
            connection.onDispose(timers.schedule(this::cut, closeGrace.toNanos(), TimeUnit.NANOSECONDS));
            // Never cancelled: the frame may be in the socket's queue already. It ends when the channel does.
            out.sendClose(close.code().number(), CloseReason.fit(close.reason()))
                    .subscribe(null,
                            failure -> LOG.debug("request {}: no close frame", source.requestId(), failure));
            ended.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        }

        private void cut() {
            var _ = channel.close(); // whether it succeeds shows in onDispose, which everything here listens to
        }

        private void after(Duration delay, Runnable task) {
            timer.update(timers.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS));
        }
    }

    private static long number(ByteBuf payload) {
        return payload.readableBytes() == Long.BYTES ? payload.getLong(payload.readerIndex()) : 0;
    }
}
