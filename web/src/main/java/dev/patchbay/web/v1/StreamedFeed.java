package dev.patchbay.web.v1;

import dev.patchbay.web.feed.EventHub;
import dev.patchbay.web.feed.Feed;
import dev.patchbay.web.feed.Outlet;
import dev.patchbay.web.feed.Wish;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/**
 * A feed as the body of an HTTP reply: writes while the reply asks for more, and cuts the connection if that asks for
 * nothing for too long. What is not final belongs to the connection's event loop.
 */
final class StreamedFeed implements Outlet {
    /** Chunks, each of some events at most, that wait for the socket besides what Netty holds. */
    private static final int WAITING = 4;

    private static final Logger LOG = LoggerFactory.getLogger(StreamedFeed.class);

    private final Setup setup;
    private final FluxSink<byte[]> sink;
    private final StallWatch stall;
    private final Disposable.Swap beats = Disposables.swap();
    private long requests;
    private @Nullable Feed feed;

    /**
     * What a body is made from.
     *
     * @param hub who has the events
     * @param loop the connection's event loop
     * @param wish what is said
     * @param opening what comes before it
     * @param beat what shows that the connection lives; empty to say how far the feed has come
     */
    record Setup(EventHub hub, EventLoop loop, Wish wish, String opening, String beat, NativeConfig config) {}

    private StreamedFeed(Setup setup, FluxSink<byte[]> sink) {
        this.setup = setup;
        this.sink = sink;
        this.stall = new StallWatch(setup.config().slowTimeout(), setup.config().timers(), setup.loop(),
                () -> -requests, this::stalled);
    }

    /** The body. <b>Cold</b>; subscribed once, on the event loop. Ends when the engine closes. */
    static Flux<byte[]> body(Setup setup) {
        return Flux.<byte[]>create(sink -> new StreamedFeed(setup, sink).begin(),
                // What exceeds what was asked for is how a feed begins, and little more.
                FluxSink.OverflowStrategy.BUFFER).limitRate(WAITING);
    }

    private void begin() {
        sink.onRequest(_ -> setup.loop().execute(this::asked));
        sink.onDispose(() -> setup.loop().execute(this::release));
        long pause = setup.config().heartbeat().toNanos();
        beats.update(setup.config()
                .timers()
                .schedulePeriodically(() -> setup.loop().execute(this::beat), pause, pause,
                        TimeUnit.NANOSECONDS));
        sink.next(setup.opening().getBytes(StandardCharsets.UTF_8));
        feed = setup.hub().open(setup.loop(), setup.wish(), this);
    }

    private void asked() {
        requests++;
        stall.free();
        Feed present = feed;
        if (present != null) {
            present.resume();
        }
    }

    private void beat() {
        Feed present = feed;
        if (present == null || sink.isCancelled() || !isWritable()) {
            return;
        }
        if (setup.beat().isEmpty()) {
            present.beat();
        } else {
            present.mark();
            sink.next(setup.beat().getBytes(StandardCharsets.UTF_8));
        }
    }

    private void stalled() {
        sink.error(new IllegalStateException("the client took nothing for " + setup.config().slowTimeout()));
    }

    private void release() {
        beats.dispose();
        stall.end();
        Feed present = feed;
        if (present != null) {
            present.close();
        }
    }

    @Override
    public boolean isWritable() {
        boolean writable = sink.requestedFromDownstream() > 0;
        if (!writable) {
            stall.blocked();
        }
        return writable;
    }

    @Override
    public void write(ByteBuf messages) {
        byte[] bytes = ByteBufUtil.getBytes(messages);
        messages.release();
        sink.next(bytes);
    }

    @Override
    public void flush() {
        // Each chunk is flushed by the reply.
    }

    @Override
    public ByteBufAllocator allocator() {
        return ByteBufAllocator.DEFAULT;
    }

    @Override
    public void ended() {
        sink.complete();
    }

    @Override
    public void failed(Throwable bug) {
        LOG.error("a stream of events failed: a bug", bug);
        sink.error(bug);
    }
}
