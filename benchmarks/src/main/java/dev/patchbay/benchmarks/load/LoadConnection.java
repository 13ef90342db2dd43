package dev.patchbay.benchmarks.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One connection of a load generator, on its event loop. */
final class LoadConnection extends ByteToMessageDecoder {
    private static final int STATUS_AT = "HTTP/1.1 ".length();
    private static final int HEAD_END = 4;

    private final LoadPlan plan;
    private final Arrivals arrivals;
    private boolean open;
    private boolean subscribed;
    private long last = -1;
    private long count;

    LoadConnection(LoadPlan plan, Arrivals arrivals) {
        this.plan = plan;
        this.arrivals = arrivals;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        var _ = context.writeAndFlush(ByteBufUtil.writeAscii(context.alloc(), plan.request()));
        super.channelActive(context);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (open || takeHead(in)) {
            plan.format().read(context, in, this);
        }
    }

    private boolean takeHead(ByteBuf in) {
        String head = in.toString(StandardCharsets.US_ASCII);
        int end = head.indexOf("\r\n\r\n");
        if (end < 0) {
            return false;
        }
        in.skipBytes(end + HEAD_END);
        if (!head.startsWith(Integer.toString(plan.format().status()), STATUS_AT)) {
            throw new IllegalStateException("the server answered " + head);
        }
        open = true;
        if (plan.format() == LoadFormat.DOCKER) {
            subscribed();
        }
        return true;
    }

    /** Events come from now on. */
    void subscribed() {
        if (!subscribed) {
            subscribed = true;
            arrivals.ready();
        }
    }

    /** Something was lost, and the server says so. */
    void gap() {
        arrivals.gap();
    }

    /** An event of a stream with numbers. */
    void event(long seq, long prev, int bytes, ByteBuf in, int timeAt) {
        if (last >= 0 && prev != last) {
            arrivals.misfit();
        }
        last = seq;
        if (plan.detail() == LoadPlan.Detail.AGE) {
            arrivals.aged(arrivals.timeOf(seq, in, timeAt));
        }
        arrivals.came(++count, bytes);
    }

    /** An event of a stream without numbers. */
    void event(int bytes, long time) {
        if (plan.detail() == LoadPlan.Detail.AGE) {
            arrivals.aged(time);
        }
        arrivals.came(++count, bytes);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        arrivals.gone();
        super.channelInactive(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        arrivals.failed(cause);
        var _ = context.close();
    }
}
