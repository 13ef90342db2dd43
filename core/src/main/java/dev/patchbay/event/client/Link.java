package dev.patchbay.event.client;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.SignalType;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/**
 * One connection to a daemon, from its making to its end. Its listener hears all of it on one event loop, which need not be
 * the connection's own, and how it ended once at most.
 *
 * <p>At most {@value #IN_FLIGHT} frames are read before the listener takes some: while it takes none, nothing is read.
 */
final class Link {
    /** Frames that may be on their way to the listener. */
    static final int IN_FLIGHT = 32;

    private static final int MAX_MESSAGE_BYTES = 4 << 20;
    private static final int NORMAL = 1000; // RFC 6455, section 7.4.1
    private static final int CLOSE_GRACE_SECONDS = 1;
    private static final WebsocketClientSpec SPEC = WebsocketClientSpec.builder()
            .protocols("patchbay.v1")
            .maxFramePayloadLength(MAX_MESSAGE_BYTES)
            .build();

    private final EventLoop loop;
    private final Listener listener;
    private final Frames frames = new Frames();
    private final Disposable.Swap connecting = Disposables.swap();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile @Nullable Channel channel;
    private volatile boolean abandoned;
    private volatile long lastReadNanos = System.nanoTime();

    /** Who is told of a connection. */
    interface Listener {
        /** The daemon said something. */
        void heard(Link link, String text);

        /** The daemon closed it. */
        void closed(Link link, WebSocketCloseStatus status);

        /** It could not be made, or broke. */
        void broke(Link link, Throwable reason);
    }

    Link(EventLoop loop, Listener listener) {
        this.loop = loop;
        this.listener = listener;
    }

    /** Connects. */
    void open(HttpClient client, String target) {
        connecting.update(client.websocket(SPEC)
                .uri(target)
                .handle(this::talk)
                .subscribe(_ -> {}, this::broke, () -> broke(new ConnectionEndedException())));
    }

    private Publisher<Void> talk(WebsocketInbound in, WebsocketOutbound out) {
        in.withConnection(connection -> {
            connection.addHandlerLast("patchbay.activity", new Activity());
            channel = connection.channel();
            if (abandoned) {
                cut(connection.channel());
            }
        });
        Flux<WebSocketFrame> received = in.aggregateFrames(MAX_MESSAGE_BYTES).receiveFrames();
        return Mono.<Void>create(done -> frames.take(received, done))
                .then(in.receiveCloseStatus())
                .flatMap(status -> Mono.<Void>fromRunnable(() -> closed(status)))
                // Empty: the connection ended without a word.
                .then(Mono.<Void>fromRunnable(() -> broke(new ConnectionEndedException())))
                .onErrorResume(Throwable.class, failure -> Mono.fromRunnable(() -> broke(failure)));
    }

    /** Notices whatever comes, pings among it, which the client answers by itself. */
    private final class Activity extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            lastReadNanos = System.nanoTime();
            context.fireChannelRead(message);
        }
    }

    /** Hands frames on as they are asked for. */
    private final class Frames extends BaseSubscriber<WebSocketFrame> {
        private @Nullable MonoSink<Void> done;

        void take(Flux<WebSocketFrame> received, MonoSink<Void> whenDone) {
            done = whenDone;
            whenDone.onCancel(this);
            received.subscribe(this);
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(IN_FLIGHT);
        }

        @Override
        protected void hookOnNext(WebSocketFrame frame) {
            if (frame instanceof TextWebSocketFrame) {
                String text = frame.content().toString(StandardCharsets.UTF_8);
                tell(() -> listener.heard(Link.this, text));
            } else {
                request(1); // of a newer daemon, as frames that are not known
            }
        }

        @Override
        protected void hookOnError(Throwable failure) {
            broke(failure);
        }

        @Override
        protected void hookFinally(SignalType how) {
            MonoSink<Void> waiting = done;
            if (waiting != null) {
                waiting.success();
            }
        }
    }

    /** Lets so many frames more come. */
    void request(int more) {
        frames.request(more);
    }

    /** When something was read, by {@link System#nanoTime}. */
    long lastReadNanos() {
        return lastReadNanos;
    }

    /** Says something; whether it arrives shows in what follows. */
    void say(String text) {
        Channel open = channel;
        if (open != null) {
            var _ = open.writeAndFlush(new TextWebSocketFrame(text));
        }
    }

    private void closed(WebSocketCloseStatus status) {
        if (over.compareAndSet(false, true)) {
            tell(() -> listener.closed(this, status));
        }
    }

    private void broke(Throwable reason) {
        if (over.compareAndSet(false, true)) {
            tell(() -> listener.broke(this, reason));
        }
    }

    /** In the order of what was heard before. */
    private void tell(Runnable news) {
        loop.execute(news);
    }

    /** Ends it politely, or by force if the other side does not take it. */
    void close() {
        over.set(true);
        abandoned = true;
        Channel open = channel;
        if (open == null) {
            connecting.dispose();
            return;
        }
        var cutting = open.eventLoop().schedule(() -> cut(open), CLOSE_GRACE_SECONDS, TimeUnit.SECONDS);
        open.closeFuture().addListener(_ -> cutting.cancel(false));
        open.writeAndFlush(new CloseWebSocketFrame(NORMAL, ""))
                .addListener(_ -> cut(open));
    }

    /** Ends it at once. */
    void cut() {
        boolean ended = over.getAndSet(true);
        abandoned = true;
        Channel open = channel;
        if (open != null) {
            cut(open);
        } else if (!ended) { // else there is nothing left to end, and Reactor Netty would warn of what it saw twice
            connecting.dispose();
        }
    }

    private static void cut(Channel open) {
        var _ = open.close(); // what fails is closed as well
    }

    /** The connection ended without a close frame. */
    static final class ConnectionEndedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        ConnectionEndedException() {
            super("the connection ended without a word");
        }
    }
}
