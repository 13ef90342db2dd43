package dev.patchbay.client;

import dev.patchbay.PluginAddress;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/** Connections to one start of a plugin. */
final class Wire {
    private static final int HEADER_BYTES = 64 << 10;
    private static final int STATUS_LINE_BYTES = 8 << 10;
    private static final int CONNECT_MILLIS = 10_000;

    private final ConnectionProvider pool;
    private final HttpClient.RequestSender pooled;
    private final HttpClient.RequestSender single;

    Wire(PluginEndpoint endpoint, CallLimits limits, LoopResources loops, CallClock clock) {
        this.pool = ConnectionProvider.builder("plugin")
                .maxConnections(limits.connections())
                .pendingAcquireMaxCount(-1) // whoever calls has been counted
                .pendingAcquireTimeout(Duration.ZERO) // and has a deadline
                .maxIdleTime(limits.keepIdle())
                .evictInBackground(limits.keepIdle(), clock.scheduler())
                .build();
        this.pooled = client(endpoint, pool, loops).post();
        this.single = client(endpoint, ConnectionProvider.newConnection(), loops).post();
    }

    private static HttpClient client(PluginEndpoint endpoint, ConnectionProvider connections,
            LoopResources loops) {
        HttpClient client = HttpClient.create(connections)
                .runOn(loops)
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

    /** For calls: as many connections as there may be, used again. */
    HttpClient.RequestSender pooled() {
        return pooled;
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
