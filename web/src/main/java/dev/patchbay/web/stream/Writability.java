package dev.patchbay.web.stream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import reactor.netty.Connection;

/**
 * Tells when a connection's socket takes more again, or no more, on its event loop. That is decided by less than usual:
 * there may be thousands of connections whose sockets take nothing.
 */
public final class Writability extends ChannelInboundHandlerAdapter {
    private static final WriteBufferWaterMark MARK = new WriteBufferWaterMark(16 << 10, 32 << 10);
    private static final String NAME = "patchbay.writability";

    private final Runnable changed;

    private Writability(Runnable changed) {
        this.changed = changed;
    }

    /**
     * Begins to.
     *
     * @param changed called after all other handlers have heard of it
     */
    public static void watch(Connection connection, Runnable changed) {
        connection.channel().config().setWriteBufferWaterMark(MARK);
        connection.addHandlerLast(NAME, new Writability(changed));
    }

    /** No more of it: the connection may go on with another request. */
    public static void ignore(Connection connection) {
        connection.removeHandler(NAME);
        connection.channel().config().setWriteBufferWaterMark(WriteBufferWaterMark.DEFAULT);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        context.channel().eventLoop().execute(changed);
        context.fireChannelWritabilityChanged();
    }
}
