package dev.patchbay.benchmarks.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One connection of a load generator, on its event loop. */
final class LoadConnection extends ByteToMessageDecoder {
    /** How much a slow subscriber takes in a second. */
    static final int SLOW_BYTES = 4096;
    /** How long a connection lasts whose subscriber resumes again and again; up to twice as long, not all at once. */
    static final int RESUME_SECONDS = 2;

    private static final int STATUS_AT = "HTTP/1.1 ".length();
    private static final int HEAD_END = 4;
    private static final int LONGEST_HEAD = 1 << 16;

    private final LoadPlan plan;
    private final String fields;
    private final Arrivals arrivals;
    private final Subscriber subscriber;
    private final Runnable resume;
    private boolean open;
    private boolean hangsUp;

    /**
     * Makes one.
     *
     * @param fields of the head of its request, beside those of the plan
     * @param resume connects anew
     */
    LoadConnection(LoadPlan plan, String fields, Arrivals arrivals, Subscriber subscriber, Runnable resume) {
        this.plan = plan;
        this.fields = fields;
        this.arrivals = arrivals;
        this.subscriber = subscriber;
        this.resume = resume;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        var _ = context.writeAndFlush(
                ByteBufUtil.writeAscii(context.alloc(), plan.request(subscriber, fields)));
        super.channelActive(context);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (open || takeHead(context, in)) {
            plan.format().read(context, in, this);
        }
    }

    private boolean takeHead(ChannelHandlerContext context, ByteBuf in) {
        String head = in.toString(StandardCharsets.US_ASCII);
        int end = head.indexOf("\r\n\r\n");
        if (end < 0) {
            if (head.length() > LONGEST_HEAD) {
                throw new IllegalStateException("the server answers with a head without end");
            }
            return false;
        }
        in.skipBytes(end + HEAD_END);
        if (!head.startsWith(Integer.toString(plan.format().status()), STATUS_AT)) {
            throw new IllegalStateException("the server answered " + head);
        }
        open = true;
        if (plan.format() == LoadFormat.DOCKER) {
            subscribed(context, "");
        }
        return true;
    }

    /** Events come from now on, after a place, {@code EPOCH:SEQ}, if the stream says so. */
    void subscribed(ChannelHandlerContext context, String place) {
        if (!place.isEmpty() && !subscriber.at(place)) {
            arrivals.misfit(subscriber);
        }
        if (subscriber.subscribe()) {
            arrivals.ready();
        }
        switch (subscriber.habit()) {
            case STEADY -> {
            }
            case SLOW -> slowDown(context);
            case RESUMING -> {
                long millis = TimeUnit.SECONDS.toMillis(RESUME_SECONDS);
                var _ = context.executor()
                        .schedule(() -> hangUp(context), millis + arrivals.random(millis),
                                TimeUnit.MILLISECONDS);
            }
        }
    }

    private static void slowDown(ChannelHandlerContext context) {
        context.channel().config().setAutoRead(false);
        var reads = context.executor().scheduleAtFixedRate(context::read, 1, 1, TimeUnit.SECONDS);
        context.channel().closeFuture().addListener(_ -> reads.cancel(false));
    }

    /** Of somebody slow, not as the decoder would have it, which reads on when nothing goes on to a next handler. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        if (context.channel().config().isAutoRead()) {
            super.channelReadComplete(context);
        } else {
            discardSomeReadBytes();
        }
    }

    private void hangUp(ChannelHandlerContext context) {
        if (context.channel().isActive()) {
            hangsUp = true;
            var _ = context.close();
        }
    }

    /** Something was lost, and the server says so. */
    void gap() {
        arrivals.gap(subscriber);
    }

    /** An event of a stream with numbers. */
    void event(long seq, long prev, int bytes, ByteBuf in, int timeAt) {
        boolean fits = subscriber.came(seq, prev);
        if (!fits) {
            arrivals.misfit(subscriber);
        }
        if (isAged()) {
            arrivals.aged(arrivals.timeOf(seq, in, timeAt));
        }
        arrivals.came(subscriber, bytes);
    }

    /** An event of a stream without numbers. */
    void event(int bytes, long time) {
        if (isAged()) {
            arrivals.aged(time);
        }
        arrivals.came(subscriber, bytes);
    }

    /** Those who do not take what comes, or were away, get old events by their own doing. */
    private boolean isAged() {
        return plan.detail() == LoadPlan.Detail.AGE && subscriber.habit() == Subscriber.Habit.STEADY;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        if (hangsUp) {
            arrivals.resumed();
            resume.run();
        } else {
            arrivals.gone(subscriber);
        }
        super.channelInactive(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A server that ends in the middle may do so with a reset: that is found, as any connection that it ends is.
        boolean isEnd = open && cause instanceof IOException;
        if (!isEnd && subscriber.habit() == Subscriber.Habit.STEADY) {
            arrivals.failed(cause);
        }
        var _ = context.close();
    }
}
