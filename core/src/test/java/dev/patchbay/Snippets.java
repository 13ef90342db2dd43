package dev.patchbay;

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
import dev.patchbay.executor.RuntimeExecutor;
import dev.patchbay.legacy.LegacyFolders;
import dev.patchbay.plugin.PluginFilter;
import dev.patchbay.reference.Reference;
import dev.patchbay.registry.HttpRegistry;
import dev.patchbay.registry.Registry;
import dev.patchbay.registry.RegistryAccess;
import dev.patchbay.registry.RegistryConfig;
import dev.patchbay.store.FileStore;
import dev.patchbay.store.StoreConfig;
import dev.patchbay.use.Holder;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
}
