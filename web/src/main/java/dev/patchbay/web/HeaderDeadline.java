package dev.patchbay.web;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a connection whose client takes too long over the header of one request, however busily it sends. Timers for
 * idle connections cannot tell: to them each byte is a sign of life. One per connection.
 */
final class HeaderDeadline extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(HeaderDeadline.class);

    private final Duration patience;
    private volatile boolean waiting = true;
    private @Nullable Future<?> timer; // event loop only

    HeaderDeadline(Duration patience) {
        this.patience = patience;
    }

    /** Tells that a request has arrived on a channel. On its event loop. */
    static void met(Channel channel) {
        HeaderDeadline deadline = channel.pipeline().get(HeaderDeadline.class);
        if (deadline != null) {
            deadline.waiting = false;
            deadline.cancel();
        }
    }

    /** Tells that a request was answered and another one may begin. */
    static void renew(Channel channel) {
        HeaderDeadline deadline = channel.pipeline().get(HeaderDeadline.class);
        if (deadline != null) {
            deadline.waiting = true;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (waiting && timer == null) {
            timer = context.executor()
                    .schedule(() -> expire(context), patience.toMillis(), TimeUnit.MILLISECONDS);
        }
        context.fireChannelRead(message);
    }

    private void expire(ChannelHandlerContext context) {
        timer = null;
        if (waiting) {
            LOG.debug("closing a connection: its request header did not arrive within {}", patience);
            var _ = context.close(); // that it is closed shows in channelInactive
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        cancel();
        context.fireChannelInactive();
    }

    private void cancel() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
