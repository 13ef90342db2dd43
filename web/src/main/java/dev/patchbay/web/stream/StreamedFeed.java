package dev.patchbay.web.stream;

import dev.patchbay.PluginException;
import dev.patchbay.event.EventSignal;
import dev.patchbay.web.feed.EventHub;
import dev.patchbay.web.feed.Feed;
import dev.patchbay.web.feed.Outlet;
import dev.patchbay.web.feed.Wish;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundInvoker;
import io.netty.handler.codec.http.HttpServerCodec;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.netty.Connection;

/**
 * A feed as the body of an HTTP reply, which must be chunked. Its bytes are chunks already and go to the socket as they
 * are, past HTTP's encoder, which would make some more of each for every connection; and they do so only while the socket
 * takes more: one that takes nothing for too long is cut, and so is one that cannot be told of what it has lost. What is
 * not final belongs to the connection's event loop.
 */
public final class StreamedFeed implements Outlet {
    private static final Logger LOG = LoggerFactory.getLogger(StreamedFeed.class);

    private final Setup setup;
    private final Connection connection;
    private final Channel channel;
    private final ChannelOutboundInvoker socket; // or what encrypts for it
    private final StallWatch stall;
    private final Disposable.Swap timer = Disposables.swap(); // of the pulse, or of the end
    private final Sinks.Empty<Void> over = Sinks.empty();
    private @Nullable ByteBuf early; // what is said before the head is written
    private boolean headed;
    private boolean ended;
    private boolean released;
    private @Nullable Feed feed;

    /**
     * What a body is made from.
     *
     * @param hub who has the events
     * @param wish what is said
     * @param course what else there is to it
     * @param slowTimeout how long the socket may take nothing of what waits for it
     * @param timers where these times are waited for; its owner disposes of it, after the server
     * @param requestId for log lines
     */
    public record Setup(EventHub hub, Wish wish, Course course, Duration slowTimeout, Scheduler timers,
            String requestId) {}

    /** What there is to a body beside what its feed says. */
    public sealed interface Course {
        /**
         * It goes on for as long as it may, and shows that the connection lives.
         *
         * @param opening what comes first
         * @param pause from one beat to the next
         * @param beat what shows it; empty to say how far the feed has come
         */
        record Beating(String opening, Duration pause, String beat) implements Course {}

        /**
         * It is silent while nothing happens.
         *
         * @param left after that, what happened by then is the last; if empty it goes on for as long as it may
         */
        record Silent(Optional<Duration> left) implements Course {}
    }

    /** Makes one for a connection. */
    public StreamedFeed(Setup setup, Connection connection) {
        this.setup = setup;
        this.connection = connection;
        this.channel = connection.channel();
        ChannelHandlerContext http = channel.pipeline().context(HttpServerCodec.class);
        this.socket = http == null ? channel : http;
        this.stall = new StallWatch(channel, setup.slowTimeout(), setup.timers(), this::stalled);
    }

    /**
     * Says everything. <b>Cold</b>; once, on the event loop. Completes when the engine closes, or the connection, or when
     * the last was said.
     *
     * @param head sends the head of the reply; not before the feed is open, so that who has seen it misses nothing
     */
    public Mono<Void> run(Mono<Void> head) {
        Mono<Void> saying = Mono.<Void>fromRunnable(this::open)
                .then(head)
                .then(Mono.<Void>fromRunnable(this::headIsOut))
                .then(over.asMono());
        return Mono.firstWithSignal(connection.onDispose(), saying).doFinally(_ -> runOnLoop(this::release));
    }

    private void open() {
        Writability.watch(connection, this::writabilityChanged);
        stall.blocked(); // until the head is out
        switch (setup.course()) {
            case Course.Beating(String opening, Duration pause, String beat) -> {
                write(Chunks.write(allocator().directBuffer(), opening));
                Feed opened = openFeed();
                long nanos = pause.toNanos();
                timer.update(setup.timers()
                        .schedulePeriodically(() -> runOnLoop(() -> beat(opened, beat)), nanos, nanos,
                                TimeUnit.NANOSECONDS));
            }
            case Course.Silent(Optional<Duration> left) -> {
                Feed opened = openFeed();
                left.ifPresent(time -> finishIn(opened, time));
            }
        }
    }

    private Feed openFeed() {
        Wish wish = setup.wish();
        var chunked = new Wish(wish.start(), wish.filter(), new Chunks(wish.encoding()), wish.credit());
        Feed opened = setup.hub().open(channel.eventLoop(), chunked, this);
        feed = opened;
        return opened;
    }

    private void finishIn(Feed opened, Duration left) {
        if (left.isPositive()) {
            timer.update(setup.timers()
                    .schedule(() -> runOnLoop(opened::finish), left.toNanos(), TimeUnit.NANOSECONDS));
        } else {
            opened.finish();
        }
    }

    private void headIsOut() {
        headed = true;
        stall.free();
        ByteBuf first = early;
        early = null;
        if (first != null) {
            write(first);
            flush();
        }
        writabilityChanged();
    }

    private void writabilityChanged() {
        Feed present = feed;
        if (released || ended || !headed || present == null) {
            return;
        }
        if (channel.isWritable()) {
            stall.free();
            present.resume();
        } else {
            stall.blocked();
        }
    }

    private void beat(Feed opened, String beat) {
        if (released || ended || !isWritable()) {
            return;
        }
        if (beat.isEmpty()) {
            opened.beat();
        } else {
            opened.mark();
            write(Chunks.write(allocator().directBuffer(), beat));
            flush();
        }
    }

    private void stalled() {
        LOG.debug("request {}: a client took nothing of a stream of events for {}", setup.requestId(),
                setup.slowTimeout());
        cut();
    }

    /** Ends the connection without the end of the reply: the client can tell. */
    private void cut() {
        var _ = channel.close(); // whether it succeeds shows in onDispose
    }

    private void release() {
        if (released) {
            return;
        }
        released = true;
        timer.dispose();
        stall.end();
        Writability.ignore(connection);
        Feed present = feed;
        if (present != null) {
            present.close();
        }
        ByteBuf unsaid = early;
        if (unsaid != null) {
            unsaid.release();
            early = null;
        }
    }

    private void runOnLoop(Runnable task) {
        if (channel.eventLoop().inEventLoop()) {
            task.run();
        } else {
            channel.eventLoop().execute(task);
        }
    }

    @Override
    public boolean isWritable() {
        return headed && channel.isWritable();
    }

    @Override
    public void write(ByteBuf messages) {
        ByteBuf before = early;
        if (headed) {
            var _ = socket.write(messages, channel.voidPromise()); // a failure ends the connection
        } else if (before == null) {
            early = messages;
        } else {
            before.writeBytes(messages);
            messages.release();
        }
    }

    @Override
    public void flush() {
        if (headed) {
            socket.flush();
        }
    }

    @Override
    public ByteBufAllocator allocator() {
        return channel.alloc();
    }

    @Override
    public void ended() {
        if (ended || released) {
            return;
        }
        ended = true;
        if (headed) {
            stall.blocked(); // until all is out: nothing else shows whether the client takes it
            var _ = socket.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> allIsOut());
        } else {
            allIsOut();
        }
    }

    private void allIsOut() {
        boolean _ = over.tryEmitEmpty().isSuccess(); // once is enough
    }

    @Override
    public void lost(EventSignal.Gap gap) {
        LOG.info("request {}: events from {} to {} are lost to a client, which is cut off", setup.requestId(),
                gap.from(), gap.to());
        cut();
    }

    @Override
    public void unfinished() {
        LOG.info("request {}: the engine is closed before a client was told all, which is cut off",
                setup.requestId());
        cut();
    }

    @Override
    public void failed(Throwable why) {
        switch (why) {
            case PluginException told ->
                LOG.info("request {}: a stream of events ends: {}", setup.requestId(), told.getMessage());
            default -> LOG.error("request {}: a stream of events failed: a bug", setup.requestId(), why);
        }
        cut();
    }
}
