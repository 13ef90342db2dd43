package dev.patchbay.benchmarks.load;

import dev.patchbay.Plugins;
import dev.patchbay.benchmarks.measure.EngineHere;
import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.benchmarks.measure.Target;
import dev.patchbay.engine.EngineConfig;
import dev.patchbay.engine.PluginEngine;
import dev.patchbay.executor.FakeRuntimeExecutor;
import dev.patchbay.registry.Registry;
import dev.patchbay.store.FileStore;
import dev.patchbay.store.StoreConfig;
import dev.patchbay.volume.Volumes;
import dev.patchbay.web.ListenAddress;
import dev.patchbay.web.PluginServer;
import dev.patchbay.web.Route;
import dev.patchbay.web.RouteTable;
import dev.patchbay.web.ServerConfig;
import dev.patchbay.web.TlsFiles;
import dev.patchbay.web.Tokens;
import dev.patchbay.web.docker.DockerApi;
import dev.patchbay.web.docker.DockerConfig;
import dev.patchbay.web.docker.EngineInfo;
import dev.patchbay.web.docker.HostFacts;
import dev.patchbay.web.feed.EventHub;
import dev.patchbay.web.v1.NativeApi;
import dev.patchbay.web.v1.NativeConfig;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A server with both APIs on a unix socket, in this JVM, with containers in memory: for what needs no more, and no root.
 *
 * @param place where it keeps its files
 * @param plugins its engine
 * @param server itself
 * @param containers the thread of the containers
 */
record ServerHere(Place place, Plugins plugins, PluginServer server,
        Scheduler containers) implements AutoCloseable {
    static ServerHere start() throws IOException {
        return start(place -> new ListenAddress.Unix(place.socket(), Optional.empty()), _ -> {});
    }

    /** Starts one on a port that lets in who has a certificate and a token. */
    static ServerHere guarded(TlsFiles files, String token) throws IOException {
        return start(_ -> new ListenAddress.Tcp("127.0.0.1", 0, Optional.of(files)),
                config -> config.tokens(new Tokens(List.of(token))));
    }

    private static ServerHere start(Function<Place, ListenAddress> address,
            Consumer<ServerConfig.Builder> changes) throws IOException {
        Place place = Place.make();
        Scheduler containers = Schedulers.newSingle("test-containers", true);
        Plugins plugins = PluginEngine
                .open(EngineConfig.of(it -> it.execRoot(place.execRoot())),
                        FileStore.at(StoreConfig.at(place.root())), new FakeRuntimeExecutor(containers),
                        Registry.none())
                .blockOptional(EngineHere.PATIENCE)
                .orElseThrow();
        var hub = new EventHub(plugins);
        List<Route> routes = Stream.concat(
                NativeApi.routes(plugins, Volumes.none(), hub, NativeConfig.of("test", "test", containers))
                        .stream(),
                DockerApi.routes(plugins, Volumes.none(), hub, Registry.none(), docker(place)).stream())
                .toList();
        var config = ServerConfig.of(List.of(address.apply(place)), changes);
        PluginServer server = PluginServer.bind(config, new RouteTable(routes))
                .blockOptional(EngineHere.PATIENCE)
                .orElseThrow();
        return new ServerHere(place, plugins, server, containers);
    }

    private static DockerConfig docker(Place place) {
        var info = new EngineInfo("test", new EngineInfo.Build("", ""),
                new EngineInfo.Setup(place.root(), new EngineInfo.Runtimes("runc", List.of("runc")),
                        new EngineInfo.Registries(List.of(), List.of()), false),
                HostFacts.ofThisMachine());
        return new DockerConfig(info, Duration.ofSeconds(30), Clock.systemUTC(), Schedulers.parallel());
    }

    Target target() {
        return switch (server.addresses().getFirst()) {
            case ListenAddress.Unix unix -> new Target.Unix(unix.path());
            case ListenAddress.Tcp tcp -> new Target.Tls("localhost", tcp.port());
        };
    }

    @Override
    public void close() throws IOException {
        server.close().block(EngineHere.PATIENCE);
        plugins.close().block(EngineHere.PATIENCE);
        containers.dispose();
        place.close();
    }
}
