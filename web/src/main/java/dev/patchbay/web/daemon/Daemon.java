package dev.patchbay.web.daemon;

import dev.patchbay.Plugins;
import dev.patchbay.authz.AuthzChain;
import dev.patchbay.authz.AuthzOptions;
import dev.patchbay.client.CallLimits;
import dev.patchbay.client.ClientOptions;
import dev.patchbay.engine.EngineConfig;
import dev.patchbay.engine.PluginEngine;
import dev.patchbay.event.EventType;
import dev.patchbay.executor.runc.RuncExecutor;
import dev.patchbay.executor.runc.RuncExecutorConfig;
import dev.patchbay.executor.runc.RuntimeProgram;
import dev.patchbay.limits.PluginLimits;
import dev.patchbay.oci.SpecOptions;
import dev.patchbay.registry.HttpRegistry;
import dev.patchbay.registry.Registry;
import dev.patchbay.registry.RegistryConfig;
import dev.patchbay.store.FileStore;
import dev.patchbay.store.StoreConfig;
import dev.patchbay.volume.Volumes;
import dev.patchbay.volume.VolumesConfig;
import dev.patchbay.web.Authorization;
import dev.patchbay.web.ListenAddress;
import dev.patchbay.web.PluginServer;
import dev.patchbay.web.Route;
import dev.patchbay.web.RouteTable;
import dev.patchbay.web.ServerConfig;
import dev.patchbay.web.ServerConfig.PlainTcp;
import dev.patchbay.web.Tokens;
import dev.patchbay.web.docker.DockerApi;
import dev.patchbay.web.docker.DockerConfig;
import dev.patchbay.web.docker.EngineInfo;
import dev.patchbay.web.docker.HostFacts;
import dev.patchbay.web.feed.EventHub;
import dev.patchbay.web.v1.NativeApi;
import dev.patchbay.web.v1.NativeConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/** The parts of the daemon at work: executor, registry client, store, engine and server. */
final class Daemon {
    private static final Duration END_OF_LOOPS = Duration.ofSeconds(2);

    private final Engine engine;
    private final PluginServer server;
    private final Optional<PluginServer> metrics;
    private final Optional<Tokens> tokens;
    private final Around around;

    private Daemon(Engine engine, PluginServer server, Optional<PluginServer> metrics,
            Optional<Tokens> tokens,
            Around around) {
        this.engine = engine;
        this.server = server;
        this.metrics = metrics;
        this.tokens = tokens;
        this.around = around;
    }

    /** The engine with its volumes, which are kept as long as its plugins run. */
    private record Engine(Plugins plugins, Volumes volumes) {
        Mono<Void> close() {
            return Flux.concatDelayError(volumes.close(), plugins.close()).then();
        }
    }

    /**
     * Opens all parts. Waits neither for a plugin nor for the check of the runtime, whose outcome the
     * engine logs and its health tells. <b>Cold.</b>
     *
     * @param tokens what clients on TCP must know; nothing if it is empty
     * @return the daemon, once it accepts requests; fails if the plugin directory cannot be read or an address cannot be
     *     bound, and the process should end then
     */
    static Mono<Daemon> open(Configuration configuration, Optional<Tokens> tokens) {
        return Mono.defer(() -> {
            PluginLimits limits = configuration.pluginLimits().read();
            var executor = RuncExecutor.open(executorConfig(configuration));
            var registry = HttpRegistry.open(registryConfig(configuration));
            // Authorization plugins are asked where requests are served.
            var loops = PluginServer.eventLoops();
            var metering = Metering.begin(configuration.folders().execRoot(), loops);
            Sinks.Empty<Void> serving = Sinks.empty();
            return PluginEngine
                    .open(engineConfig(configuration, limits, loops, serving.asMono()), store(configuration),
                            executor, registry,
                            configuration.events().journal(configuration.folders().root()))
                    .flatMap(plugins -> serve(configuration, tokens, plugins,
                            new Around(registry, loops, metering, serving)))
                    .onErrorResume(Throwable.class,
                            failure -> closing(
                                    Flux.concatDelayError(registry.close(), metering.close(), end(loops))
                                            .then(),
                                    failure));
        });
    }

    /**
     * What lives before and after the engine.
     *
     * @param serving ends once requests are served
     */
    private record Around(Registry registry, LoopResources loops, Metering metering,
            Sinks.Empty<Void> serving) {}

    private static Mono<Daemon> serve(Configuration configuration, Optional<Tokens> tokens, Plugins plugins,
            Around around) {
        EngineInfo info = engineInfo(configuration);
        Volumes volumes = Volumes.open(plugins, VolumesConfig.at(configuration.folders().root()));
        var hub = new EventHub(plugins);
        var routes = new ArrayList<Route>(
                NativeApi.routes(plugins, volumes, hub,
                        nativeConfig(configuration.events(), info.host().name())));
        routes.addAll(DockerApi.routes(plugins, volumes, hub, around.registry(), new DockerConfig(info,
                configuration.events().slowTimeout(), Clock.systemUTC(), Schedulers.parallel())));
        routes.add(around.metering().page().route());
        around.metering().show(plugins, hub, Schedulers.parallel());
        return authorization(configuration.authorizing(), plugins)
                .flatMap(authorization -> PluginServer.bind(
                        serverConfig(configuration.listening(), tokens, authorization, around.loops()),
                        new RouteTable(routes)))
                .flatMap(server -> metrics(configuration.listening(), around)
                        .onErrorResume(failure -> closing(server.close(), failure))
                        .map(more -> begun(
                                new Daemon(new Engine(plugins, volumes), server, more, tokens, around))))
                .onErrorResume(failure -> closing(new Engine(plugins, volumes).close(), failure));
    }

    /** It serves: now plugins may have the processors. */
    private static Daemon begun(Daemon daemon) {
        boolean _ = daemon.around.serving().tryEmitEmpty().isSuccess(); // once
        return daemon;
    }

    /** A server of metrics besides, if one is wanted. */
    private static Mono<Optional<PluginServer>> metrics(Configuration.Listening listening, Around around) {
        return listening.metrics()
                .map(address -> around.metering().bind(address, around.loops()).map(Optional::of))
                .orElseGet(() -> Mono.just(Optional.empty()));
    }

    private static Mono<Authorization> authorization(Configuration.Authorizing authorizing, Plugins plugins) {
        Optional<Authorization.Audit> wayOut = authorizing.rootRecovery()
                ? Optional.of(details -> plugins.note(EventType.AUTHZ_BYPASSED, details))
                : Optional.empty();
        return AuthzChain.open(plugins, AuthzOptions.naming(authorizing.plugins()))
                .map(chain -> new Authorization(chain, wayOut));
    }

    /** A failure that also ends what was open before; that it cannot be closed does not hide why. */
    private static <T> Mono<T> closing(Mono<Void> close, Throwable failure) {
        return close.onErrorResume(left -> {
            failure.addSuppressed(left);
            return Mono.empty();
        }).then(Mono.error(failure));
    }

    private static NativeConfig nativeConfig(Events events, String node) {
        return NativeConfig.of(ProgramVersion.patchbay(), node, Schedulers.parallel())
                .withTimes(NativeConfig.Times.USUAL.withHeartbeat(events.heartbeat())
                        .withSlowTimeout(events.slowTimeout()));
    }

    private static RegistryConfig registryConfig(Configuration configuration) {
        return RegistryConfig.of(registry -> registry.insecure(configuration.registries().insecure())
                .mirrors(configuration.registries().mirrors())
                .environment(System.getenv()));
    }

    private static FileStore store(Configuration configuration) {
        return FileStore.at(
                StoreConfig.at(configuration.folders().root())
                        .withLimits(configuration.limits().contexts())
                        .withDownloads(configuration.limits().downloads()));
    }

    private static EngineConfig engineConfig(Configuration configuration, PluginLimits limits,
            LoopResources loops, Mono<Void> serving) {
        return EngineConfig.of(
                engine -> {
                    engine.execRoot(configuration.folders().execRoot())
                            .liveRestore(configuration.stopping().liveRestore())
                            .specOptions(specOptions(configuration, limits))
                            .client(clientOptions().on(loops))
                            .restoreAfter(serving)
                            // Whoever waits for the stop ends it, by a timeout that HUP may change meanwhile.
                            .shutdownTimeout(Configuration.MAX_SHUTDOWN_TIMEOUT);
                    configuration.legacy().folders(System.getenv()).ifPresent(engine::legacyFolders);
                });
    }

    private static SpecOptions specOptions(Configuration configuration, PluginLimits limits) {
        SpecOptions usual = SpecOptions.DEFAULT;
        return new SpecOptions(usual.ociVersion(), usual.cgroupParent(),
                Optional.of(Metering.folder(configuration.folders().execRoot())), limits);
    }

    /** As many calls may wait for a plugin as requests may be under way: each of them may have to be authorized. */
    private static ClientOptions clientOptions() {
        ClientOptions usual = ClientOptions.DEFAULT;
        var limits = new CallLimits(usual.limits().connections(), ServerConfig.Limits.DEFAULTS.maxRequests(),
                usual.limits().streams());
        return new ClientOptions(usual.timeout(), usual.maxAnswerBytes(), limits, usual.retries(),
                usual.circuit());
    }

    private static RuncExecutorConfig executorConfig(Configuration configuration) {
        return RuncExecutorConfig.of(executor -> {
            configuration.runtimes()
                    .byName()
                    .forEach((name, runtime) -> executor.runtime(name, program(runtime)));
            configuration.runtimes().conmon().ifPresent(executor::conmon);
            executor.defaultRuntime(configuration.runtimes().used())
                    .execRoot(configuration.folders().execRoot())
                    .pluginRoot(configuration.folders().root())
                    .startParallelism(configuration.limits().concurrentStarts());
        });
    }

    private static RuntimeProgram program(OciRuntime runtime) {
        Path path = runtime.path().startsWith("/")
                ? Path.of(runtime.path())
                // A program that is not there yet may be installed while we serve: the usual place for it is tried then.
                : RuntimeProgram.find(runtime.path()).orElseGet(() -> Path.of("/usr/bin", runtime.path()));
        return new RuntimeProgram(path, runtime.arguments());
    }

    private static EngineInfo engineInfo(Configuration configuration) {
        return new EngineInfo(
                ProgramVersion.patchbay(),
                new EngineInfo.Build("", ""),
                new EngineInfo.Setup(
                        configuration.folders().root(),
                        new EngineInfo.Runtimes(
                                configuration.runtimes().used(),
                                configuration.runtimes().byName().keySet().stream().sorted().toList()),
                        new EngineInfo.Registries(
                                configuration.registries().insecure(),
                                configuration.registries().mirrors().stream().map(URI::toString).toList()),
                        configuration.stopping().liveRestore()),
                HostFacts.ofThisMachine());
    }

    private static ServerConfig serverConfig(Configuration.Listening listening, Optional<Tokens> tokens,
            Authorization authorization, LoopResources loops) {
        return ServerConfig.of(listening.addresses(), server -> {
            server.plainTcp(
                    listening.unauthenticatedTcp()
                            ? PlainTcp.EVERYWHERE_AT_OWN_RISK
                            : PlainTcp.LOOPBACK_ONLY);
            tokens.ifPresent(server::tokens);
            server.authorization(authorization).eventLoops(loops);
        });
    }

    /** Has clients on TCP know other tokens from now on, if they must know any. */
    void replaceTokens(List<String> now) {
        tokens.ifPresent(known -> known.replace(now));
    }

    /** Where it accepts requests. */
    List<ListenAddress> addresses() {
        return Stream.concat(server.addresses().stream(),
                metrics.stream().flatMap(server -> server.addresses().stream())).toList();
    }

    /**
     * Stops listening, ends streams and stops all plugins, side by side: a slow client costs no plugin its time to stop.
     * Then releases everything, the registry client late: the engine talks through it until it is closed.
     */
    Mono<Void> close() {
        Mono<Void> beside = metrics.map(PluginServer::close).orElseGet(Mono::empty);
        return Flux.concatDelayError(
                Mono.whenDelayError(server.close(), beside, around.metering().stop().then(engine.close())),
                around.registry().close(), around.metering().close(), end(around.loops())).then();
    }

    private static Mono<Void> end(LoopResources loops) {
        return loops.disposeLater(Duration.ZERO, END_OF_LOOPS);
    }
}
