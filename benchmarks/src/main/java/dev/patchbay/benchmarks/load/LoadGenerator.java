package dev.patchbay.benchmarks.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
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

    private LoadGenerator() {}

    /** Connects, counts, and does what it is told until its input ends. */
    @SuppressWarnings("SystemOut") // its parent reads it
    public static void main(String[] arguments) throws Exception {
        LoadPlan plan = LoadPlan.parse(List.of(arguments));
        var arrivals = new Arrivals(plan.connections(), System.out);
        var group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try {
            connect(group.next(), plan, arrivals);
            obey(group.next(), arrivals, System.out);
        } finally {
            group.shutdownGracefully().await();
        }
    }

    private static void connect(EventLoop loop, LoadPlan plan, Arrivals arrivals)
            throws InterruptedException {
        var bootstrap = new Bootstrap().group(loop)
                .channel(EpollSocketChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new LoadConnection(plan, arrivals));
                    }
                });
        var connecting = new Semaphore(CONNECTING);
        for (int i = 0; i < plan.connections(); i++) {
            connecting.acquire();
            var _ = bootstrap.connect(plan.address()).addListener((ChannelFutureListener) connected -> {
                connecting.release();
                if (!connected.isSuccess()) {
                    arrivals.failed(connected.cause());
                }
            });
        }
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
