package dev.patchbay.web;

import dev.patchbay.thread.FreshThread;
import dev.patchbay.web.PluginServer.Listener;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.FutureMono;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

/**
 * The event loops and connections of one server, and the binding of addresses to them.
 */
final class Transport {
    private static final int MAX_PIPELINED = 16;
    private static final int MAX_REQUEST_LINE = 16 << 10;
    /** How much of request bodies all of them together may hold until authorization plugins have seen it. */
    private static final long MAX_HELD_BYTES = 32L << 20;

    private static final Duration RELEASE = Duration.ofSeconds(2);

    private final ServerConfig config;
    private final RouteTable routes;
    private final Admission admission;
    private final LoopResources loops;
    private final Mono<Void> endOfLoops;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    // One thread per address that is being bound, each ending by itself: nothing to dispose of on an event loop.
    private final Scheduler files = Schedulers.fromExecutor(FreshThread.each("patchbay-bind"));

    Transport(ServerConfig config, RouteTable routes) {
        this.config = config;
        this.routes = routes;
        this.loops = config.eventLoops().orElseGet(PluginServer::eventLoops);
        this.endOfLoops = config.eventLoops().isPresent()
                ? Mono.empty()
                : loops.disposeLater(Duration.ZERO, RELEASE);
        this.admission = new Admission(config.limits().maxRequests(), MAX_HELD_BYTES);
    }

    Admission admission() {
        return admission;
    }

    /** Binds one address; fails with {@link IOException}. */
    Mono<Listener> bind(ListenAddress address) {
        return switch (address) {
            case ListenAddress.Unix unix -> bindUnix(unix);
            case ListenAddress.Tcp tcp -> bindTcp(tcp);
        };
    }

    private Mono<Listener> bindUnix(ListenAddress.Unix address) {
        return Mono.<SocketAddress>fromCallable(() -> {
            UnixSocketFile.prepare(address.path());
            return socketAddress(address);
        })
                .subscribeOn(files)
                .flatMap(local -> http(Set.of()).bindAddress(() -> local).bind())
                .publishOn(files)
                .flatMap(server -> Mono.fromCallable(() -> {
                    UnixSocketFile.protect(address);
                    return new Listener(address, server);
                }).doOnError(_ -> server.dispose()))
                .onErrorMap(failure -> named(address, failure));
    }

    private static SocketAddress socketAddress(ListenAddress.Unix address) {
        // The native transport and the JDK's each take only their own class.
        return LoopResources.hasNativeSupport()
                ? new DomainSocketAddress(address.path().toString())
                : UnixDomainSocketAddress.of(address.path());
    }

    private Mono<Listener> bindTcp(ListenAddress.Tcp address) {
        return Mono.fromCallable(() -> prepare(address))
                .subscribeOn(files)
                .flatMap(HttpServer::bind)
                .map(server -> new Listener(actual(address, server), server))
                .onErrorMap(failure -> named(address, failure));
    }

    private HttpServer prepare(ListenAddress.Tcp address) throws IOException {
        InetAddress resolved = InetAddress.getByName(address.host());
        boolean allowed = resolved.isLoopbackAddress()
                || address.tls().isPresent()
                || config.plainTcp() == ServerConfig.PlainTcp.EVERYWHERE_AT_OWN_RISK;
        if (!allowed) {
            throw new BindException(
                    "TCP without mutual TLS makes everybody who can connect root on this host;"
                            + " give certificates, listen on loopback, or accept the risk explicitly");
        }
        var local = new InetSocketAddress(resolved, address.port());
        Set<String> names = new HashSet<>(config.allowedHosts());
        names.add(address.host());
        if (address.tls().isEmpty()) {
            return http(names).bindAddress(() -> local);
        }
        MutualTls tls = MutualTls.read(address.tls().get());
        names.addAll(tls.serverNames());
        return http(names).bindAddress(() -> local).secure(spec -> spec.sslContext(tls.context()));
    }

    private static ListenAddress actual(ListenAddress.Tcp address, DisposableServer server) {
        return new ListenAddress.Tcp(address.host(), server.port(), address.tls());
    }

    private static Throwable named(ListenAddress address, Throwable failure) {
        Throwable reason = failure instanceof ChannelBindException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        return reason instanceof IOException
                ? new IOException("cannot listen on " + address + ": " + plain(reason.getMessage()), reason)
                : failure;
    }

    /** Without the system call that Netty's native transport puts before the kernel's words. */
    private static String plain(@Nullable String words) {
        return String.valueOf(words).replaceFirst("^\\w+\\(\\.\\.\\) failed with error\\(-\\d+\\): ", "");
    }

    private HttpServer http(Set<String> names) {
        ServerConfig.Limits limits = config.limits();
        var dispatcher = new Dispatcher(routes, new HostPolicy(names), admission, config);
        return HttpServer.create()
                .runOn(loops)
                .channelGroup(connections)
                .maxConnections(limits.maxConnections())
                .maxPipelineDepth(MAX_PIPELINED)
                .idleTimeout(limits.idle()) // between whole requests: dripping bytes of a header do not count
                .readTimeout(limits.idle())
                .httpRequestDecoder(spec -> spec.maxHeaderSize(limits.maxHeaderBytes())
                        .maxInitialLineLength(MAX_REQUEST_LINE))
                .handle(dispatcher::handle);
    }

    /** Takes no more connections. */
    Mono<Void> stopListening(List<Listener> listeners) {
        return Flux.fromIterable(listeners)
                .doOnNext(listener -> listener.server().dispose())
                .concatMap(listener -> listener.server().onDispose())
                .then();
    }

    /** Cuts all connections and ends the threads, if they are its own. */
    Mono<Void> release(List<Listener> listeners) {
        return stopListening(listeners)
                .then(FutureMono.deferFuture(connections::close))
                .then(endOfLoops);
    }
}
