package dev.patchbay.registry;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.timeout.WriteTimeoutHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Counts what has really been written to a connection, not what waits to be (D25: moby calls an upload complete with its
 * first byte), and breaks a connection that takes nothing for too long.
 */
final class WrittenBytes extends WriteTimeoutHandler {
    private final LongConsumer written;

    WrittenBytes(LongConsumer written, Duration idle) {
        super(idle.toNanos(), TimeUnit.NANOSECONDS);
        this.written = written;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
            throws Exception {
        int bytes = switch (message) {
            case ByteBuf buffer -> buffer.readableBytes();
            case ByteBufHolder holder -> holder.content().readableBytes();
            default -> 0;
        };
        if (bytes == 0) {
            super.write(context, message, promise);
            return;
        }
        ChannelPromise told = promise.unvoid();
        told.addListener(result -> {
            if (result.isSuccess()) {
                written.accept(bytes);
            }
        });
        super.write(context, message, told);
    }
}
