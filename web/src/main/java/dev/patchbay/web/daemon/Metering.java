package dev.patchbay.web.daemon;

import dev.patchbay.Plugins;
import dev.patchbay.web.ListenAddress;
import dev.patchbay.web.PluginServer;
import dev.patchbay.web.RouteTable;
import dev.patchbay.web.ServerConfig;
import dev.patchbay.web.feed.EventHub;
import dev.patchbay.web.metrics.MetricsPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.resources.LoopResources;

/**
 * Metrics of the daemon: the page, the socket that collecting plugins see, and who is told of it. Nothing of it keeps the daemon
 * from starting, or anybody waiting.
 */
final class Metering {
    private static final Logger LOG = LoggerFactory.getLogger(Metering.class);

    /** Of one listener: more than a collector has, few enough to cost nothing. */
    private static final int MOST_CONNECTIONS = 64;

    private final MetricsPage page = new MetricsPage();
    private final Mono<Optional<PluginServer>> socket;
    private final Disposable.Swap binding = Disposables.swap();
    private final Disposable.Swap telling = Disposables.swap();
    private Mono<Void> stopping = Mono.empty();

    private Metering(Path socketPath, LoopResources loops) {
        this.socket = bind(new ListenAddress.Unix(socketPath, Optional.empty()), loops)
                .map(Optional::of)
                .onErrorResume(Exception.class, e -> {
                    LOG.warn("plugins that collect metrics have none: {}", e.getMessage());
                    return Mono.just(Optional.empty());
                })
                .cache();
    }

    /** Begins to listen where collecting plugins will look, before there is an engine. Waits for nothing. */
    static Metering begin(Path execRoot, LoopResources loops) {
        makeFolder(execRoot);
        var metering = new Metering(folder(execRoot).resolve("metrics.sock"), loops);
        metering.binding.update(metering.socket.subscribe());
        return metering;
    }

    /** What collecting plugins see of the host. */
    static Path folder(Path execRoot) {
        return execRoot.resolve("metrics");
    }

    /** Makes it, and in it where each of them has the folder of its own socket. The socket's own folder is made with that. */
    private static void makeFolder(Path execRoot) {
        try {
            Files.createDirectories(folder(execRoot).resolve("plugins"));
        } catch (IOException e) {
            LOG.warn("plugins that collect metrics cannot be started: {}", e.getMessage());
        }
    }

    /** A server of metrics alone. Fails if the address cannot be bound. */
    Mono<PluginServer> bind(ListenAddress address, LoopResources loops) {
        var usual = ServerConfig.Limits.DEFAULTS;
        var config = ServerConfig.of(List.of(address), server -> server.eventLoops(loops)
                .limits(new ServerConfig.Limits(1, usual.maxHeaderBytes(), MOST_CONNECTIONS, MOST_CONNECTIONS,
                        Duration.ofMinutes(2))));
        return Mono.defer(() -> PluginServer.bind(config, new RouteTable(List.of(page.route()))));
    }

    /** The page. */
    MetricsPage page() {
        return page;
    }

    /** Shows an engine's numbers from now on, and tells plugins that collect. */
    void show(Plugins plugins, EventHub hub, Scheduler timers) {
        page.show(plugins, hub);
        var collectors = new MetricsCollectors(plugins, timers);
        stopping = collectors.ending().onErrorComplete();
        telling.update(collectors.begun()
                .subscribe(_ -> {}, e -> LOG.error("collecting plugins are told nothing any more", e)));
    }

    /** Tells collecting plugins that there will be no more metrics. */
    Mono<Void> stop() {
        return Mono.defer(() -> stopping);
    }

    /** Releases all, after the engine has ended. */
    Mono<Void> close() {
        return socket.flatMap(server -> server.map(PluginServer::close).orElseGet(Mono::empty))
                .doFinally(_ -> {
                    telling.dispose();
                    binding.dispose();
                    page.close();
                });
    }
}
