package dev.patchbay.web.v1;

import dev.patchbay.PluginException;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventSignal;
import dev.patchbay.web.feed.Encoding;
import dev.patchbay.web.feed.EventHub;
import dev.patchbay.web.feed.Feed;
import dev.patchbay.web.feed.Outlet;
import dev.patchbay.web.feed.Wish;
import dev.patchbay.web.stream.StallWatch;
import dev.patchbay.web.stream.Writability;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/**
 * One WebSocket of the event stream: does what {@link StreamProtocol} and {@link Conversation} say, and is the
 * {@link Outlet} of its feeds, whose bytes go to the socket as they are. What is not final belongs to its event loop.
 *
 * <p>What waits for the socket is bounded: feeds write only while it takes more, and nothing that could be answered is
 * read from it while it does not.
 */
final class EventSession implements Outlet {
    private static final Logger LOG = LoggerFactory.getLogger(EventSession.class);

    private final Connection connection;
    private final Channel channel;
    private final WebsocketOutbound out;
    private final EventHub hub;
    private final NativeConfig config;
    private final Request request;
    private final StreamProtocol protocol;
    private final ClientFrameReader reader;
    private final FrameShape shape = new FrameShape();
    private final Map<String, Feed> feeds = new HashMap<>();
    private final Heard.Assembly text = new Heard.Assembly();
    private final Disposable.Swap timer = Disposables.swap();
    private final StallWatch stall;
    private StreamProtocol.State life = StreamProtocol.START;
    private Conversation.State talk = Conversation.START;
    private final Cursor head;
    private Sinks.Empty<Void> room = Sinks.empty();

    /**
     * What a connection is for.
     *
     * @param greets whether it says hello, and takes frames
     * @param only the one subscription of a connection that needs no frames for it
     * @param closing completes when the server shuts down
     * @param requestId for log lines
     */
    record Request(boolean greets, Optional<Wish> only, Mono<Void> closing, String requestId) {}

    EventSession(Connection connection, WebsocketOutbound out, EventHub hub, NativeConfig config,
            Request request) {
        this.connection = connection;
        this.channel = connection.channel();
        this.out = out;
        this.hub = hub;
        this.config = config;
        this.request = request;
        this.protocol = new StreamProtocol(config.times().heartbeat(), config.times().pongTimeout(),
                CloseCode.SHUTTING_DOWN);
        this.reader = new ClientFrameReader(config.clock());
        this.head = hub.log().bounds().newest();
        this.stall = new StallWatch(channel, config.times().slowTimeout(), config.timers(),
                () -> feed(new StreamProtocol.TookNothing(config.times().slowTimeout())));
    }

    /** Talks until the connection is over. On its event loop. */
    Mono<Void> run(WebsocketInbound in) {
        Writability.watch(connection, this::writabilityChanged);
        Mono<Void> listening = in.receiveFrames()
                .map(Heard::of)
                .concatMap(heard -> Mono.<Void>fromRunnable(() -> hear(heard)).then(whenWritable()), 1)
                .then();
        Mono<Void> living = Mono.<Void>fromRunnable(this::open)
                .then(request.closing())
                .then(Mono.<Void>fromRunnable(() -> feed(new StreamProtocol.ServerClosing())))
                .then(Mono.never());
        return Mono.firstWithSignal(connection.onDispose(), listening, living)
                .doFinally(_ -> runOnLoop(this::release));
    }

    private void open() {
        feed(new StreamProtocol.Opened());
        if (request.greets()) {
            say(new Frame.Hello(hub.log().bounds(), config.times().heartbeat(), config.node(),
                    config.version()));
        }
        request.only().ifPresent(wish -> begin("", wish));
    }

    private void release() {
        timer.dispose();
        stall.end();
        closeFeeds();
    }

    private void closeFeeds() {
        List.copyOf(feeds.values()).forEach(Feed::close);
        feeds.clear();
    }

    private void writabilityChanged() {
        if (!channel.isWritable()) {
            stall.blocked();
            return;
        }
        stall.free();
        room.tryEmitEmpty().orThrow();
        room = Sinks.empty();
        List.copyOf(feeds.values()).forEach(Feed::resume);
    }

    private Mono<Void> whenWritable() {
        return Mono.defer(() -> channel.isWritable() ? Mono.empty() : room.asMono());
    }

    private void hear(Heard heard) {
        obey(Conversation.came(talk,
                TimeUnit.NANOSECONDS.toSeconds(config.timers().now(TimeUnit.NANOSECONDS))));
        if (!(life instanceof StreamProtocol.Ended)) {
            look(heard);
        }
    }

    private void look(Heard heard) {
        switch (heard) {
            case Heard.Ping(byte[] payload) -> send(new PongWebSocketFrame(Unpooled.wrappedBuffer(payload)));
            case Heard.Pong(long ping) -> feed(new StreamProtocol.Ponged(ping));
            case Heard.Extended() -> feed(new StreamProtocol.SaidWrong(CloseCode.BROKEN,
                    "no extension was negotiated, and none is spoken here"));
            case Heard.Bytes() -> feed(new StreamProtocol.SaidBytes());
            case Heard.Part part -> hear(part);
        }
    }

    private void hear(Heard.Part part) {
        if (!request.greets()) {
            feed(new StreamProtocol.SaidText());
        } else if (!text.add(part)) {
            feed(new StreamProtocol.SaidWrong(CloseCode.TOO_LONG,
                    "a message has at most " + StreamLimits.MAX_FRAME_BYTES + " bytes"));
        } else if (part.last()) {
            try {
                obey(Conversation.next(talk, reader.read(text.take())));
            } catch (CharacterCodingException _) {
                feed(new StreamProtocol.SaidWrong(CloseCode.NOT_UTF8, "texts are UTF-8"));
            }
        }
    }

    private void obey(Conversation.Step step) {
        talk = step.next();
        switch (step.order()) {
            case Conversation.Look() -> {
            } // the caller does
            case Conversation.Begin(ClientFrame.Subscribe wish) -> begin(wish.sub(),
                    new Wish(wish.start(), wish.filter(), encoding(wish.sub()), wish.credit()));
            case Conversation.Grant(String sub, long events) -> feedOf(sub).grant(events);
            case Conversation.End(String sub) -> {
                feedOf(sub).close();
                feeds.remove(sub);
            }
            case Conversation.Answer(Frame.Failed error) -> say(error);
            case Conversation.Refuse(CloseCode code, String reason) ->
                feed(new StreamProtocol.SaidWrong(code, reason));
        }
    }

    /** How the events of a subscription look in the sub-protocol {@code patchbay.v1}. */
    static Encoding encoding(String sub) {
        return new TextMessages(new JsonFrames(sub));
    }

    private Feed feedOf(String sub) {
        return Objects.requireNonNull(feeds.get(sub), "the conversation knows of it");
    }

    private void begin(String sub, Wish wish) {
        if (!hub.admits(wish.filter())) {
            feed(new StreamProtocol.SaidWrong(CloseCode.BUSY,
                    "as many distinct filters are in use as there may be; come back later"));
            return;
        }
        Feed opened = hub.open(channel.eventLoop(), wish, this);
        if (life instanceof StreamProtocol.Ended) {
            opened.close(); // the engine was closed before
        } else {
            feeds.put(sub, opened);
        }
    }

    private void say(Frame frame) {
        send(new TextWebSocketFrame(shape.text(frame)));
    }

    private void send(WebSocketFrame frame) {
        var _ = channel.writeAndFlush(frame, channel.voidPromise()); // a failure ends the connection
    }

    private void feed(StreamProtocol.Input input) {
        runOnLoop(() -> {
            StreamProtocol.Step step = protocol.next(life, input);
            life = step.next();
            step.orders().forEach(this::obey);
        });
    }

    private void runOnLoop(Runnable task) {
        if (channel.eventLoop().inEventLoop()) {
            task.run();
        } else {
            channel.eventLoop().execute(task);
        }
    }

    private void obey(StreamProtocol.Order order) {
        switch (order) {
            case StreamProtocol.Ping(long ping) -> {
                feeds.values().forEach(Feed::mark);
                send(new PingWebSocketFrame(Unpooled.copyLong(ping)));
            }
            case StreamProtocol.AwaitHeartbeat(Duration delay) -> after(
                    delay, () -> feed(new StreamProtocol.HeartbeatDue()));
            case StreamProtocol.AwaitPong(long ping, Duration delay) -> after(
                    delay, () -> feed(new StreamProtocol.PongOverdue(ping, channel.isWritable()
                            ? StreamProtocol.Backlog.NONE
                            : StreamProtocol.Backlog.WATCHED)));
            case StreamProtocol.Close close -> close(close);
        }
    }

    private void after(Duration delay, Runnable task) {
        timer.update(config.timers().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS));
    }

    private void close(StreamProtocol.Close close) {
        String reason = (lastCursor() + " " + close.reason()).strip();
        closeFeeds();
        stall.end();
        // Not the session's timer: the session may be over for Reactor Netty while its last frame is stuck.
        connection.onDispose(
                config.timers()
                        .schedule(this::cut, config.times().closeGrace().toNanos(), TimeUnit.NANOSECONDS));
        // Never cancelled: the frame may be in the socket's queue already. It ends when the channel does.
        out.sendClose(close.code().number(), CloseReason.fit(reason))
                .subscribe(null,
                        failure -> LOG.debug("request {}: no close frame", request.requestId(), failure));
    }

    private void cut() {
        var _ = channel.close(); // whether it succeeds shows in onDispose, which everything here listens to
    }

    /** From where to resume so that no subscription misses anything. */
    private Cursor lastCursor() {
        String epoch = hub.log().bounds().epoch();
        List<Cursor> places = feeds.values()
                .stream()
                .flatMap(feed -> Optional.ofNullable(feed.position()).stream())
                .filter(place -> place.epoch().equals(epoch))
                .toList();
        // One that has not begun, or is in an epoch that is over, may miss anything since the connection was opened.
        return places.size() < feeds.size()
                ? head
                : places.stream().min(Comparator.comparingLong(Cursor::seq)).orElse(head);
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public void write(ByteBuf messages) {
        var _ = channel.write(messages, channel.voidPromise()); // a failure ends the connection
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public ByteBufAllocator allocator() {
        return channel.alloc();
    }

    @Override
    public void lost(EventSignal.Gap gap) {
        failed(new IllegalStateException("a frame says what is lost: " + gap));
    }

    @Override
    public void unfinished() {
        failed(new IllegalStateException("a frame would say what is lost"));
    }

    @Override
    public void ended() {
        feed(new StreamProtocol.SourceEnded());
    }

    @Override
    public void failed(Throwable why) {
        switch (why) {
            case PluginException told -> feed(new StreamProtocol.SourceFailed(told));
            default -> {
                LOG.error("request {} failed: a bug", request.requestId(), why);
                feed(new StreamProtocol.SourceBroke());
            }
        }
    }
}
