package dev.patchbay;

import dev.patchbay.archive.ArchiveLimits;
import dev.patchbay.archive.LayerUnpacker;
import dev.patchbay.archive.Ownership;
import dev.patchbay.authz.AuthzChain;
import dev.patchbay.authz.AuthzOptions;
import dev.patchbay.client.CallLimits;
import dev.patchbay.client.ClientOptions;
import dev.patchbay.engine.EngineConfig;
import dev.patchbay.engine.PluginEngine;
import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.EventType;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.event.Subscription;
import dev.patchbay.event.client.PatchbayEvents;
import dev.patchbay.event.client.StreamOptions;
import dev.patchbay.executor.ContainerRequest;
import dev.patchbay.executor.RunningContainer;
import dev.patchbay.executor.RuntimeExecutor;
import dev.patchbay.image.Descriptor;
import dev.patchbay.image.ImageIndex;
import dev.patchbay.image.ImageManifest;
import dev.patchbay.image.Manifest;
import dev.patchbay.image.RawManifest;
import dev.patchbay.legacy.LegacyFolders;
import dev.patchbay.oci.LinuxHost;
import dev.patchbay.oci.PluginPaths;
import dev.patchbay.oci.RuntimeSpec;
import dev.patchbay.oci.SpecOptions;
import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.PluginFilter;
import dev.patchbay.reference.Reference;
import dev.patchbay.registry.HttpRegistry;
import dev.patchbay.registry.Registry;
import dev.patchbay.registry.RegistryAccess;
import dev.patchbay.registry.RegistryConfig;
import dev.patchbay.store.FileStore;
import dev.patchbay.store.StoreConfig;
import dev.patchbay.use.Holder;
import dev.patchbay.volume.MountedVolume;
import dev.patchbay.volume.VolumeRequest;
import dev.patchbay.volume.Volumes;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The examples of the packages' Javadoc. That they compile is their test; {@code SnippetsTest} sees to it that each is found. */
final class Snippets {
    private Snippets() {}

    // @start region="use"
    record Volume(String name) {}

    static Mono<Void> makeVolume(Plugins plugins, String name) {
        var create = PluginCall.of("VolumeDriver.Create").body(new Volume(name));
        return plugins.enable("sshfs", Duration.ofSeconds(30))
                .onErrorComplete(PluginConflictException.class) // it is enabled already
                .thenMany(plugins.use("sshfs", "volumedriver", "volume " + name,
                        use -> use.client().call(create)))
                .then();
    }
    // @end

    // @start region="engine"
    static Mono<Plugins> open(Path root, Path execRoot, RuntimeExecutor executor, Registry registry) {
        var config = EngineConfig.of(it -> it.execRoot(execRoot).liveRestore(true));
        return PluginEngine.open(config, FileStore.at(StoreConfig.at(root)), executor, registry);
    }
    // @end

    // @start region="events"
    static Flux<PluginEvent> crashes(Plugins plugins) {
        return plugins.events(Subscription.NOW.only(EventFilter.types(EventType.CRASH, EventType.RECOVER)))
                .ofType(EventSignal.Happened.class)
                .map(EventSignal.Happened::event);
    }
    // @end

    // @start region="events-of-a-daemon"
    static Flux<PluginEvent> eventsOfTheDaemon() {
        return PatchbayEvents.events(URI.create("unix:///run/patchbay/patchbay.sock"), StreamOptions.DEFAULT);
    }
    // @end

    // @start region="registry"
    static Flux<PullProgress> install(Plugins plugins, String name) {
        var remote = Reference.parse(name);
        return plugins.privileges(remote, RegistryAccess.ANONYMOUS)
                .flatMapMany(asked -> plugins.install( // when the user has consented to them
                        new InstallRequest(remote, Optional.empty(), asked, RegistryAccess.ANONYMOUS)));
    }

    static HttpRegistry registry() {
        return HttpRegistry
                .open(RegistryConfig.of(it -> it.mirrors(List.of(URI.create("https://mirror.example")))));
    }
    // @end

    // @start region="store"
    static FileStore store() {
        return FileStore.at(StoreConfig.at(Path.of("/var/lib/product/plugins")).withDownloads(6));
    }
    // @end

    // @start region="client"
    static EngineConfig strictWithPlugins() {
        ClientOptions usual = ClientOptions.DEFAULT;
        var strict = new ClientOptions(Duration.ofSeconds(5), 64 << 10, CallLimits.DEFAULT, usual.retries(),
                usual.circuit());
        return EngineConfig.of(it -> it.client(strict));
    }
    // @end

    // @start region="plugin"
    static Flux<String> enabledVolumeDrivers(Plugins plugins) {
        return plugins.list(new PluginFilter(Optional.of(true), List.of("volumedriver")))
                .map(view -> view.name() + " " + view.plugin().id().shortHex());
    }
    // @end

    // @start region="holder"
    static Mono<PluginUse> hold(Plugins plugins) {
        return plugins.acquire("sshfs", "volumedriver", Holder.durable("db-1", "the database"));
    }
    // @end

    // @start region="authz"
    static Mono<AuthzChain> authorization(Plugins plugins) {
        return AuthzChain.open(plugins, AuthzOptions.naming(List.of("opa")));
    }
    // @end

    // @start region="legacy"
    static EngineConfig withLegacyPlugins() {
        return EngineConfig.of(it -> it.legacyFolders(LegacyFolders.docker(System.getenv())));
    }
    // @end

    // @start region="executor"
    static Mono<RunningContainer> startAndWait(RuntimeExecutor executor, ContainerRequest request,
            Path socket) {
        return executor.start(request)
                .delayUntil(_ -> executor.awaitListening(request.plugin(), socket)
                        .timeout(Duration.ofSeconds(30)));
    }
    // @end

    // @start region="oci"
    static String specOf(InstalledPlugin plugin, Path folder, Path execRoot) {
        var paths = new PluginPaths(folder.resolve("rootfs"), execRoot.resolve(plugin.id().hex()),
                folder.resolve("propagated-mount"));
        return RuntimeSpec.of(plugin, paths, SpecOptions.DEFAULT, new LinuxHost()).json();
    }
    // @end

    // @start region="archive"
    static void unpack(List<Path> layers, Path rootfs, Executor decompression) throws IOException {
        var unpacker = new LayerUnpacker(ArchiveLimits.DEFAULT, Ownership.ofThisProcess(), decompression);
        for (Path layer : layers) { // the lowest first
            try (InputStream bytes = Files.newInputStream(layer)) {
                unpacker.unpack(bytes, rootfs);
            }
        }
    }
    // @end

    // @start region="image"
    static long bytesOfLayers(RawManifest raw) {
        return switch (Manifest.parse(raw)) {
            case ImageManifest image -> image.layers().stream().mapToLong(Descriptor::size).sum();
            case ImageIndex _ -> throw new IllegalArgumentException("choose a platform of it first");
        };
    }
    // @end

    // @start region="volume"
    static Mono<Path> mountedVolume(Volumes volumes, String holder) {
        return volumes.create(new VolumeRequest("db", "sshfs", Map.of("sshcmd", "me@host:/db"), Map.of()))
                .then(volumes.mount("db", Optional.of(holder)))
                .map(MountedVolume::path);
    }
    // @end
}
