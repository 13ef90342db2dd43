package dev.patchbay.web.v1;

import dev.patchbay.web.feed.EventHub;
import dev.patchbay.web.feed.Feed;
import dev.patchbay.web.feed.Outlet;
import dev.patchbay.web.feed.Wish;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;

/**
 * A feed as the body of an HTTP reply. Its bytes go to the socket as they are, each write as one chunk, and only while the
 * socket takes more; one that takes nothing for too long is cut. What is not final belongs to the connection's event loop.
 */
final class StreamedFeed implements Outlet {
    private static final Logger LOG = LoggerFactory.getLogger(StreamedFeed.class);

    private final Setup setup;
    private final Connection connection;
    private final Channel channel;
    private final StallWatch stall;
    private final Disposable.Swap beats = Disposables.swap();
    private final Sinks.Empty<Void> over = Sinks.empty();
    private final ByteBuf early = Unpooled.buffer(); // what is said before the head is written
    private boolean headed;
    private boolean released;
    private @Nullable Feed feed;

    /**
     * What a body is made from.
     *
     * @param hub who has the events
     * @param wish what is said
     * @param opening what comes before it
     * @param beat what shows that the connection lives; empty to say how far the feed has come
     */
    record Setup(EventHub hub, Wish wish, String opening, String beat, NativeConfig config) {}

    StreamedFeed(Setup setup, Connection connection) {
        this.setup = setup;
        this.connection = connection;
        this.channel = connection.channel();
        this.stall = new StallWatch(channel, setup.config().slowTimeout(), setup.config().timers(),
                this::stalled);
    }

    /**
     * Says everything. <b>Cold</b>; once, on the event loop. Completes when the engine closes, or the connection.
     *
     * @param head sends the head of the reply; not before the feed is open, so that who has seen it misses nothing
     */
    Mono<Void> run(Mono<Void> head) {
        Mono<Void> saying = Mono.<Void>fromRunnable(this::open)
                .then(head)
                .then(Mono.<Void>fromRunnable(this::headIsOut))
                .then(over.asMono());
        return Mono.firstWithSignal(connection.onDispose(), saying).doFinally(_ -> runOnLoop(this::release));
    }

    private void open() {
        Writability.watch(connection, this::writabilityChanged);
        stall.blocked(); // until the head is out
        long pause = setup.config().heartbeat().toNanos();
        beats.update(setup.config()
                .timers()
                .schedulePeriodically(() -> runOnLoop(this::beat), pause, pause, TimeUnit.NANOSECONDS));
        ByteBufUtil.writeUtf8(early, setup.opening());
        feed = setup.hub().open(channel.eventLoop(), setup.wish(), this);
    }

    private void headIsOut() {
        headed = true;
        stall.free();
        write(early.retainedDuplicate());
        flush();
        writabilityChanged();
    }

    private void writabilityChanged() {
        Feed present = feed;
        if (released || !headed || present == null) {
            return;
        }
        if (channel.isWritable()) {
            stall.free();
            present.resume();
        } else {
            stall.blocked();
        }
    }

    private void beat() {
        Feed present = feed;
        if (present == null || released || !isWritable()) {
            return;
        }
        if (setup.beat().isEmpty()) {
            present.beat();
        } else {
            present.mark();
            write(ByteBufUtil.writeUtf8(allocator(), setup.beat()));
            flush();
        }
    }

    private void stalled() {
        LOG.debug("a client took nothing of a stream of events for {}", setup.config().slowTimeout());
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
        beats.dispose();
        stall.end();
        Writability.ignore(connection);
        Feed present = feed;
        if (present != null) {
            present.close();
        }
        early.release();
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
        if (headed) {
            var _ = channel.write(new DefaultHttpContent(messages), channel.voidPromise()); // a failure ends the connection
        } else {
            early.writeBytes(messages);
            messages.release();
        }
    }

    @Override
    public void flush() {
        if (headed) {
            channel.flush();
        }
    }

    @Override
    public ByteBufAllocator allocator() {
        return channel.alloc();
    }

    @Override
    public void ended() {
        boolean _ = over.tryEmitEmpty().isSuccess(); // once is enough
    }

    @Override
    public void failed(Throwable bug) {
        LOG.error("a stream of events failed: a bug", bug);
        cut();
    }
}
