package dev.patchbay.web;

import dev.patchbay.stream.TimeLimit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.resources.LoopResources;

/**
 * A running HTTP server for a table of routes, on one or several addresses.
 *
 * <pre>{@code
 * var config = ServerConfig.of(List.of(new ListenAddress.Unix(path, Optional.empty())), _ -> {});
 * PluginServer.bind(config, new RouteTable(DockerApi.routes(plugins, engine)))
 * }</pre>
 */
public final class PluginServer {
    private static final Logger LOG = LoggerFactory.getLogger(PluginServer.class);

    private final List<Listener> listeners;
    private final Transport transport;
    private final Mono<Void> closed;

    private PluginServer(ServerConfig config, List<Listener> listeners, Transport transport) {
        this.listeners = List.copyOf(listeners);
        this.transport = transport;
        this.closed = closeOnce(config).cache();
    }

    /**
     * Listens on all addresses of a configuration, or on none.
     *
     * <p><b>Cold:</b> each subscription starts a server. <b>Cancelling</b> before the value releases what was bound.
     * <b>Threads:</b> the value arrives on a thread of the server.
     *
     * @return the server; fails with {@link java.io.IOException} if an address cannot be bound: taken, not a socket, TCP
     *     without certificates where that is not allowed, unreadable certificates. The message names the address.
     */
    public static Mono<PluginServer> bind(ServerConfig config, RouteTable routes) {
        return Mono.defer(() -> {
            var transport = new Transport(config, routes);
            var bound = new ArrayList<Listener>();
            return Flux.fromIterable(config.addresses())
                    .concatMap(transport::bind)
                    .doOnNext(bound::add)
                    .then(Mono.fromSupplier(() -> new PluginServer(config, bound, transport)))
                    .onErrorResume(Throwable.class,
                            failure -> transport.release(bound).then(Mono.error(failure)));
        });
    }

    /** Event loops as a server has them, one for each processor, for a host that has them do more than that. */
    public static LoopResources eventLoops() {
        return LoopResources.create("patchbay-http", Runtime.getRuntime().availableProcessors(), true);
    }

    /** An address and the server channel behind it. */
    record Listener(ListenAddress address, DisposableServer server) {}

    /** Where it listens, with real port numbers, in the order of the configuration. */
    public List<ListenAddress> addresses() {
        return listeners.stream().map(Listener::address).toList();
    }

    /**
     * Stops listening, ends streams, waits for requests under way and closes all connections. Idempotent.
     *
     * @return completes empty when all is released, at the latest after the close timeout of the configuration; not
     *     undone by cancelling
     */
    public Mono<Void> close() {
        return closed;
    }

    private Mono<Void> closeOnce(ServerConfig config) {
        Mono<Void> done = transport.stopListening(listeners).then(transport.admission().close());
        return TimeLimit.on(done, config.closeTimeout(), Schedulers.parallel())
                .onErrorResume(TimeoutException.class, _ -> {
                    LOG.warn("closing with requests under way: they took longer than {}",
                            config.closeTimeout());
                    return Mono.empty();
                })
                .then(transport.release(listeners));
    }
}
