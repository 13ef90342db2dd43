package dev.patchbay.benchmarks.events;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelMatchers;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The least that can be done to send the same bytes to many: Netty alone, which takes whatever a client says for a
 * handshake and writes frames that are ready to all of a {@link ChannelGroup}, flushed once per batch. No numbers, no
 * filters, no journal, no pings, and no regard for a client that is slow.
 *
 * <p>There is a group per event loop, written to on that loop, and as many loops as the real server has: writing from
 * another thread would cost a task for each client and frame.
 */
final class BareServer implements AutoCloseable {
    @SuppressWarnings("StringConcatToTextBlock") // HTTP has line ends of its own
    private static final String HANDSHAKE = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
            + "Upgrade: websocket\r\n\r\n";
    private static final byte[] SUBSCRIBED = "{\"frame\":\"subscribed\"}".getBytes(StandardCharsets.US_ASCII);

    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(
            Runtime.getRuntime().availableProcessors(), EpollIoHandler.newFactory());
    private final Map<EventLoop, ChannelGroup> groups = new ConcurrentHashMap<>();
    private final Channel listener;

    private BareServer(Greeting greeting) throws InterruptedException {
        listener = new ServerBootstrap().group(loops)
                .channel(EpollServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Member(greeting));
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
    }

    /** What a client is sent once it has said something. */
    @FunctionalInterface
    private interface Greeting {
        void greet(Channel channel);
    }

    /** Sends what it is given later. */
    static BareServer start() throws InterruptedException {
        return new BareServer(_ -> {});
    }

    /** Sends each client a file, straight from the kernel's memory. */
    static BareServer sending(Path file, long bytes) throws InterruptedException {
        return new BareServer(channel -> {
            var _ = channel.writeAndFlush(new DefaultFileRegion(file.toFile(), 0, bytes));
        });
    }

    int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Writes frames to all; returns when they are in the clients' buffers of Netty. The frames stay the caller's. */
    void send(List<ByteBuf> frames) throws InterruptedException {
        for (Future<?> each : begin(frames)) {
            each.sync();
        }
    }

    /** Writes frames to all, soon. The frames stay the caller's, who may release them at once. */
    List<Future<?>> begin(List<ByteBuf> frames) {
        var begun = new ArrayList<Future<?>>();
        groups.forEach((loop, group) -> {
            // A copy for each loop, or the cores would fight for its reference count.
            List<ByteBuf> own = frames.stream().map(ByteBuf::copy).toList();
            begun.add(loop.submit(() -> write(group, own)));
        });
        return begun;
    }

    private static void write(ChannelGroup group, List<ByteBuf> frames) {
        for (ByteBuf frame : frames) {
            // With void promises, as a server uses that does not look at what becomes of each write.
            var _ = group.write(frame, ChannelMatchers.all(), true);
        }
        group.flush();
    }

    private final class Member extends ChannelInboundHandlerAdapter {
        private final Greeting greeting;
        private boolean greeted;

        Member(Greeting greeting) {
            this.greeting = greeting;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
            if (greeted) {
                return;
            }
            greeted = true; // the request fits into one packet
            Channel channel = context.channel();
            groups.computeIfAbsent(channel.eventLoop(),
                    _ -> new DefaultChannelGroup(GlobalEventExecutor.INSTANCE)).add(channel);
            var _ = channel.write(Unpooled.copiedBuffer(HANDSHAKE, StandardCharsets.US_ASCII));
            var _ = channel.writeAndFlush(StreamFrames.message(SUBSCRIBED));
            greeting.greet(channel);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var _ = context.close(); // a client that is gone
        }
    }

    @Override
    public void close() {
        listener.close().syncUninterruptibly();
        groups.values().forEach(group -> group.close().syncUninterruptibly());
        loops.shutdownGracefully().syncUninterruptibly();
    }
}
