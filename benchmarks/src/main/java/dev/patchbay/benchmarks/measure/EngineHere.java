package dev.patchbay.benchmarks.measure;

import dev.patchbay.Plugins;
import dev.patchbay.engine.EngineConfig;
import dev.patchbay.engine.PluginEngine;
import dev.patchbay.executor.runc.RuncExecutor;
import dev.patchbay.executor.runc.RuncExecutorConfig;
import dev.patchbay.limits.PluginLimits;
import dev.patchbay.oci.SpecOptions;
import dev.patchbay.registry.Registry;
import dev.patchbay.store.FileStore;
import dev.patchbay.store.StoreConfig;
import dev.patchbay.volume.Volumes;
import dev.patchbay.web.ListenAddress;
import dev.patchbay.web.PluginServer;
import dev.patchbay.web.Route;
import dev.patchbay.web.RouteTable;
import dev.patchbay.web.ServerConfig;
import dev.patchbay.web.docker.DockerApi;
import dev.patchbay.web.docker.DockerConfig;
import dev.patchbay.web.docker.EngineInfo;
import dev.patchbay.web.docker.HostFacts;
import dev.patchbay.web.feed.EventHub;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import reactor.core.scheduler.Schedulers;

/** The daemon's parts in this JVM, on a private place: engine, store on disk, real executor, HTTP server. */
public final class EngineHere implements AutoCloseable {
    /** Above the cgroups of everything that runs here. */
    public static final String CGROUP = "/patchbay-bench";

    /** How long a plugin may take to start. */
    public static final Duration START_TIMEOUT = Duration.ofSeconds(30);

    /** How long anything may take: longer than what has a timeout of its own. */
    public static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Plugins plugins;
    private final Optional<PluginServer> server;

    private EngineHere(Plugins plugins, Optional<PluginServer> server) {
        this.plugins = plugins;
        this.server = server;
    }

    /** Opens an engine without a server. */
    public static EngineHere open(Place place) {
        return new EngineHere(engine(place, _ -> {}), Optional.empty());
    }

    /** The same, configured otherwise. */
    public static EngineHere open(Place place, Consumer<EngineConfig.Builder> changes) {
        return new EngineHere(engine(place, changes), Optional.empty());
    }

    /** Opens an engine and serves Docker's API on the place's socket, with more routes before it. */
    public static EngineHere serve(Place place, List<Route> more) {
        Plugins plugins = engine(place, _ -> {});
        List<Route> docker = DockerApi.routes(plugins, Volumes.none(), new EventHub(plugins), Registry.none(),
                new DockerConfig(info(place), Duration.ofSeconds(30), Clock.systemUTC(),
                        Schedulers.parallel()));
        var config = ServerConfig.of(List.of(new ListenAddress.Unix(place.socket(), Optional.empty())),
                _ -> {});
        var routes = new RouteTable(Stream.concat(more.stream(), docker.stream()).toList());
        return new EngineHere(plugins, PluginServer.bind(config, routes).blockOptional(PATIENCE));
    }

    /** An executor of its own on another exec root. */
    public static RuncExecutor executor(Path execRoot) {
        return RuncExecutor.open(RuncExecutorConfig.of(config -> config.execRoot(execRoot)));
    }

    private static Plugins engine(Place place, Consumer<EngineConfig.Builder> changes) {
        var options = new SpecOptions(SpecOptions.DEFAULT.ociVersion(), CGROUP, Optional.empty(),
                PluginLimits.NONE);
        var config = EngineConfig
                .of(it -> changes.accept(it.execRoot(place.execRoot()).specOptions(options)));
        var store = FileStore.at(StoreConfig.at(place.root()));
        return PluginEngine.open(config, store, executor(place.execRoot()), Registry.none())
                .blockOptional(PATIENCE)
                .orElseThrow();
    }

    private static EngineInfo info(Place place) {
        return new EngineInfo("benchmark", new EngineInfo.Build("", ""),
                new EngineInfo.Setup(place.root(), new EngineInfo.Runtimes("runc", List.of("runc")),
                        new EngineInfo.Registries(List.of(), List.of()), false),
                HostFacts.ofThisMachine());
    }

    /** The engine. */
    public Plugins plugins() {
        return plugins;
    }

    @Override
    public void close() {
        server.ifPresent(it -> it.close().block(PATIENCE));
        plugins.close().block(PATIENCE);
    }
}
