package dev.patchbay.registry;

import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContext;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.NoopAddressResolverGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/** Connections to servers: threads, pool, names, proxies, TLS. What is said over them is others' business. */
final class Wire {
    private static final int CONNECTIONS = 64;
    private static final int WAITING = 1000;
    private static final int HEADER_BYTES = 64 << 10;
    private static final int STATUS_LINE_BYTES = 8 << 10;
    private static final Duration IDLE_IN_POOL = Duration.ofSeconds(15);
    private static final Duration PATIENCE_AT_CLOSE = Duration.ofSeconds(3);

    private final LoopResources loops;
    private final ConnectionProvider pool;
    private final AddressResolverGroup<InetSocketAddress> resolver;
    private final HttpClient client;
    private final Proxies proxies;
    private final Certificates certificates;
    private final RegistryTimeouts timeouts;
    private final Timers timers;

    Wire(RegistryConfig config, Sockets sockets, Timers timers) {
        this.timeouts = config.timeouts();
        this.timers = timers;
        this.proxies = new Proxies(config.environment());
        this.certificates = new Certificates(config.certificates());
        this.loops = sockets.loops();
        this.resolver = sockets.resolver();
        this.pool = ConnectionProvider.builder("registry")
                .maxConnections(CONNECTIONS)
                .pendingAcquireMaxCount(WAITING)
                .maxIdleTime(IDLE_IN_POOL)
                // Otherwise idleness is looked at only when the next connection to that host is wanted.
                .evictInBackground(IDLE_IN_POOL, timers.scheduler())
                .build();
        this.client = HttpClient.create(pool)
                .runOn(loops)
                .resolver(resolver)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeouts.connect().toMillis())
                .httpResponseDecoder(
                        spec -> spec.maxHeaderSize(HEADER_BYTES).maxInitialLineLength(STATUS_LINE_BYTES))
                .disableRetry(true)
                .headers(headers -> headers.set("User-Agent", config.userAgent())
                        .set("Accept-Encoding", "identity"));
    }

    /** Sends one request, follows nothing. Whoever gets the answer must close it. */
    Mono<Answer> send(Request request) {
        return secured(request).flatMap(secured -> Exchange.of(secured, request, timeouts, timers));
    }

    private Mono<HttpClient> secured(Request request) {
        HttpClient routed = proxies.on(request.origin()).map(this::through).orElse(client);
        if (!request.origin().encrypted()) {
            return Mono.just(routed);
        }
        return certificates.context(request)
                .map(context -> routed.secure(spec -> spec.sslContext(context)
                        .handshakeTimeout(timeouts.handshake())));
    }

    /** A proxy resolves names itself; ours may not even know them. */
    private HttpClient through(Proxy proxy) {
        return client.proxy(spec -> proxy.configure(spec, timeouts.connect().toMillis()))
                .resolver(NoopAddressResolverGroup.INSTANCE);
    }

    /** Ends connections and threads. What is under way fails. */
    Mono<Void> close() {
        return Mono.defer(() -> {
            certificates.close();
            return pool.disposeLater()
                    .then(Mono.fromRunnable(resolver::close))
                    .then(loops.disposeLater(Duration.ZERO, PATIENCE_AT_CLOSE));
        });
    }
}
