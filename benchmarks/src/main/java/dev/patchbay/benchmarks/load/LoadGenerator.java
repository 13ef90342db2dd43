package dev.patchbay.benchmarks.load;

import dev.patchbay.benchmarks.measure.Endpoint;
import dev.patchbay.benchmarks.measure.Target;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * The clients of a load run, as a program of its own: raw sockets on one event loop that find events in what comes and do
 * nothing else. {@link LoadProcess} starts it with a {@link LoadPlan}, reads what it says, and tells it line by line what
 * to do: {@code reset}, {@code result}; it ends with its input.
 */
public final class LoadGenerator {
    /** Fewer than any server lets wait to be accepted. */
    private static final int CONNECTING = 64;

    private final LoadPlan plan;
    private final Endpoint endpoint;
    private final Arrivals arrivals;
    private final Bootstrap bootstrap;

    private LoadGenerator(LoadPlan plan, Endpoint endpoint, Arrivals arrivals, EventLoop loop) {
        this.plan = plan;
        this.endpoint = endpoint;
        this.arrivals = arrivals;
        this.bootstrap = new Bootstrap().group(loop)
                .channel(switch (plan.target()) {
                    case Target.Tcp _,Target.Tls _ -> EpollSocketChannel.class;
                    case Target.Unix _ -> EpollDomainSocketChannel.class;
                });
    }

    /** Connects, counts, and does what it is told until its input ends. */
    @SuppressWarnings("SystemOut") // its parent reads it
    public static void main(String[] arguments) throws Exception {
        LoadPlan plan = LoadPlan.parse(List.of(arguments));
        var endpoint = Endpoint.of(plan.target(), plan.access());
        var arrivals = new Arrivals(plan, System.out);
        var group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try {
            new LoadGenerator(plan, endpoint, arrivals, group.next()).connectAll();
            obey(group.next(), arrivals, System.out);
        } finally {
            group.shutdownGracefully().await();
        }
    }

    private void connectAll() throws InterruptedException {
        var connecting = new Semaphore(CONNECTING);
        for (Subscriber subscriber : arrivals.subscribers()) {
            connecting.acquire();
            var _ = connect(subscriber).addListener((ChannelFutureListener) connected -> {
                if (connected.isSuccess()) {
                    var _ = handshake(connected.channel()).addListener(_ -> connecting.release());
                } else {
                    connecting.release();
                    arrivals.failed(connected.cause());
                }
            });
        }
    }

    /** The last thing to wait for before the next connects, or thousands of handshakes would wait for each other. */
    private static Future<Channel> handshake(Channel channel) {
        var tls = channel.pipeline().get(SslHandler.class);
        return tls == null ? channel.eventLoop().newSucceededFuture(channel) : tls.handshakeFuture();
    }

    private ChannelFuture connect(Subscriber subscriber) {
        Bootstrap own = bootstrap.clone();
        if (subscriber.habit() == Subscriber.Habit.SLOW) {
            // One read takes so much and no more; what the kernel keeps beyond that is the server's to choose.
            own.option(ChannelOption.RECVBUF_ALLOCATOR,
                    new FixedRecvByteBufAllocator(LoadConnection.SLOW_BYTES).maxMessagesPerRead(1));
        }
        return own.handler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                endpoint.engine().map(SslHandler::new).ifPresent(channel.pipeline()::addLast);
                channel.pipeline()
                        .addLast(new LoadConnection(plan, endpoint.fields(), arrivals, subscriber,
                                () -> resume(subscriber)));
            }
        }).connect(address());
    }

    private void resume(Subscriber subscriber) {
        var _ = connect(subscriber).addListener((ChannelFutureListener) connected -> {
            if (!connected.isSuccess()) {
                arrivals.gone(subscriber);
            }
        });
    }

    private SocketAddress address() {
        return switch (plan.target()) {
            case Target.Tcp _,Target.Tls _ -> plan.target().address();
            case Target.Unix unix -> new DomainSocketAddress(unix.socket().toFile());
        };
    }

    private static void obey(EventLoop loop, Arrivals arrivals, PrintStream parent) throws IOException {
        var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            switch (order) {
                case "reset" -> loop.execute(arrivals::reset);
                case "result" -> loop.execute(() -> parent.println(arrivals.result().line()));
                default -> throw new IllegalArgumentException("what is " + order + "?");
            }
        }
    }
}
