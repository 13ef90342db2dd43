package dev.patchbay.client;

import dev.patchbay.PluginAddress;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.StreamSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/**
 * Connections to one start of a plugin. Those for calls are kept for each event loop apart, so that what is asked on one is
 * answered on it: waking another thread, twice, costs about as much as a small plugin needs for its answer.
 */
final class Wire {
    private static final int HEADER_BYTES = 64 << 10;
    private static final int STATUS_LINE_BYTES = 8 << 10;
    private static final int CONNECT_MILLIS = 10_000;

    private final ConnectionProvider pool;
    private final HttpClient client;
    private final HttpClient.RequestSender single;
    private final EventLoopGroup group;
    private final List<EventLoop> loops;
    private final Map<EventLoop, HttpClient.RequestSender> pooled = new ConcurrentHashMap<>(); // as many as there are loops

    Wire(PluginEndpoint endpoint, CallLimits limits, LoopResources loops, CallClock clock) {
        this.pool = ConnectionProvider.builder("plugin")
                .maxConnections(limits.connections())
                .pendingAcquireMaxCount(-1) // whoever calls has been counted
                .pendingAcquireTimeout(Duration.ZERO) // and has a deadline
                .maxIdleTime(limits.keepIdle())
                .evictInBackground(limits.keepIdle(), clock.scheduler())
                .build();
        this.group = loops.onClient(LoopResources.DEFAULT_NATIVE);
        this.loops = StreamSupport.stream(group.spliterator(), false).map(EventLoop.class::cast).toList();
        this.client = client(endpoint, pool);
        this.single = client(endpoint, ConnectionProvider.newConnection()).runOn(loops).post();
    }

    private static HttpClient client(PluginEndpoint endpoint, ConnectionProvider connections) {
        HttpClient client = HttpClient.create(connections)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .httpResponseDecoder(
                        spec -> spec.maxHeaderSize(HEADER_BYTES).maxInitialLineLength(STATUS_LINE_BYTES))
                .disableRetry(true) // what nobody marked as repeatable is subscribed to once (D71)
                .headers(headers -> headers.set("User-Agent", "patchbay")
                        .set("Accept", "application/vnd.docker.plugins.v1.2+json"));
        return switch (endpoint.address()) {
            case PluginAddress.Unix unix -> {
                var socket = new DomainSocketAddress(unix.socket().toString());
                yield client.remoteAddress(() -> socket)
                        .headers(headers -> headers.set("Host", "plugin.moby.localhost"));
            }
            case PluginAddress.Tcp tcp -> {
                HttpClient there = client.host(tcp.host()).port(tcp.port());
                yield tcp.tls().map(context -> secured(there, context)).orElse(there);
            }
        };
    }

    private static HttpClient secured(HttpClient client, SSLContext tls) {
        var context = new JdkSslContext(tls, true, null, IdentityCipherSuiteFilter.INSTANCE,
                ApplicationProtocolConfig.DISABLED, ClientAuth.NONE, null, false);
        return client.secure(spec -> spec.sslContext(context).handlerConfigurator(Wire::compareNames));
    }

    private static void compareNames(SslHandler handler) {
        SSLParameters parameters = handler.engine().getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        handler.engine().setSSLParameters(parameters);
    }

    /** For calls: connections that are used again, of the event loop on which this is asked. */
    HttpClient.RequestSender pooled() {
        return pooled.computeIfAbsent(loop(), loop -> client.runOn(loop).post());
    }

    /** Other threads have each one that they come back to, whose connection is open and whose thread has just been busy. */
    private EventLoop loop() {
        EventLoop here = group.next();
        return here.inEventLoop()
                ? here
                : loops.get((int) (Thread.currentThread().threadId() % loops.size()));
    }

    /** For streams: a connection for each. */
    HttpClient.RequestSender single() {
        return single;
    }

    /** Closes idle connections, and the others when they are given back. */
    Mono<Void> close() {
        return pool.disposeLater();
    }
}
