package dev.patchbay.web.v1;

import static org.awaitility.Awaitility.await;

import dev.patchbay.web.ListenAddress;
import dev.patchbay.web.PluginServer;
import dev.patchbay.web.RouteTable;
import dev.patchbay.web.ScriptedVolumes;
import dev.patchbay.web.ServerConfig;
import dev.patchbay.web.feed.EventHub;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import reactor.netty.http.client.HttpClient;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The native API over scripted plugins on a unix socket and a TCP port, with timers that a test moves. */
final class NativeServer implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final Duration HEARTBEAT = Duration.ofSeconds(30);
    static final Duration PONG_TIMEOUT = Duration.ofSeconds(10);
    static final Duration CLOSE_GRACE = Duration.ofSeconds(2);

    static final Duration SLOW_TIMEOUT = Duration.ofSeconds(15);

    final ScriptedPlugins plugins;
    final ScriptedVolumes volumes = new ScriptedVolumes();
    final VirtualTimeScheduler timers = VirtualTimeScheduler.create();
    private final EventHub hub;
    private final Path folder;
    private final PluginServer server;

    NativeServer() {
        this(new ScriptedPlugins());
    }

    NativeServer(ScriptedPlugins plugins) {
        this(plugins, _ -> {});
    }

    NativeServer(ScriptedPlugins plugins, Consumer<ServerConfig.Builder> changes) {
        this.plugins = plugins;
        this.hub = new EventHub(plugins);
        var config = new NativeConfig(
                "0.1.0-test", "test-node",
                new NativeConfig.Times(HEARTBEAT, PONG_TIMEOUT, SLOW_TIMEOUT, CLOSE_GRACE),
                Clock.fixed(Samples.NOON, ZoneOffset.UTC),
                timers);
        try {
            folder = Files.createTempDirectory(Path.of("/tmp"), "pb");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<ListenAddress> addresses = List.of(
                new ListenAddress.Unix(socket(), Optional.empty()),
                new ListenAddress.Tcp("127.0.0.1", 0, Optional.empty()));
        server = PluginServer.bind(
                ServerConfig.of(addresses, changes),
                new RouteTable(NativeApi.routes(plugins, volumes, hub, config)))
                .blockOptional(PATIENCE)
                .orElseThrow();
    }

    /** How many feeds of events there are. */
    int feeds() {
        return hub.feeds();
    }

    Path socket() {
        return folder.resolve("s");
    }

    InetSocketAddress tcp() {
        return server.addresses()
                .stream()
                .filter(ListenAddress.Tcp.class::isInstance)
                .map(address -> new InetSocketAddress(InetAddress.getLoopbackAddress(),
                        ((ListenAddress.Tcp) address).port()))
                .findFirst()
                .orElseThrow();
    }

    /** A client over the unix socket. */
    HttpClient unixClient() {
        SocketAddress address = new DomainSocketAddress(socket().toString());
        return HttpClient.newConnection().remoteAddress(() -> address).responseTimeout(PATIENCE);
    }

    /** A client over TCP. */
    HttpClient tcpClient() {
        InetSocketAddress address = tcp();
        return HttpClient.newConnection()
                .remoteAddress(() -> address)
                .headers(headers -> headers.set("Host", "127.0.0.1:" + address.getPort()))
                .responseTimeout(PATIENCE);
    }

    /** Lets time go by, second by second, for as long as a silent client may live. */
    void advanceUntil(Callable<Boolean> end) {
        Duration longest = HEARTBEAT.plus(PONG_TIMEOUT).plus(CLOSE_GRACE);
        var steps = new AtomicInteger();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
            // Twice the time at most: each timer is set a moment after the one before it has run out.
            if (steps.incrementAndGet() <= 2 * longest.toSeconds()) {
                timers.advanceTimeBy(Duration.ofSeconds(1));
            }
            return end.call();
        });
    }

    /** Stops the server alone. */
    void closeServer() {
        server.close().block(PATIENCE);
    }

    @Override
    public void close() {
        closeServer();
        timers.dispose();
        try {
            Files.deleteIfExists(socket());
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
