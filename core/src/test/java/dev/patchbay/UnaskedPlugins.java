package dev.patchbay;

import dev.patchbay.event.EventLog;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.EventType;
import dev.patchbay.event.Subscription;
import dev.patchbay.executor.LogLine;
import dev.patchbay.executor.LogQuery;
import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.metrics.Reading;
import dev.patchbay.plugin.PluginFilter;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.Privilege;
import dev.patchbay.reference.Reference;
import dev.patchbay.registry.RegistryAccess;
import dev.patchbay.store.GarbageReport;
import dev.patchbay.use.Holder;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A façade that is asked for nothing: whatever a test does not give an answer to fails. Nobody has left a legacy plugin. */
public abstract class UnaskedPlugins implements Plugins {
    private static UnsupportedOperationException unasked() {
        return new UnsupportedOperationException("no test asks this engine for it");
    }

    @Override
    public Mono<PluginId> create(String name, Publisher<ByteBuffer> context) {
        return Mono.error(UnaskedPlugins::unasked);
    }

    @Override
    public Mono<List<Privilege>> privileges(Reference remote, RegistryAccess access) {
        return Mono.error(UnaskedPlugins::unasked);
    }

    @Override
    public Flux<PullProgress> install(InstallRequest request) {
        return Flux.error(UnaskedPlugins::unasked);
    }

    @Override
    public Flux<PullProgress> upgrade(String nameOrId, UpgradeRequest request) {
        return Flux.error(UnaskedPlugins::unasked);
    }

    @Override
    public Mono<Void> rollBack(String nameOrId) {
        return Mono.error(UnaskedPlugins::unasked);
    }

    @Override
    public Flux<PushProgress> push(String nameOrId, RegistryAccess access) {
        return Flux.error(UnaskedPlugins::unasked);
    }

    @Override
    public Flux<ByteBuffer> export(String nameOrId) {
        return Flux.error(UnaskedPlugins::unasked);
    }

    @Override
    public Mono<PluginId> importLayout(String name, Consent consent, Publisher<ByteBuffer> layout) {
        return Mono.error(UnaskedPlugins::unasked);
    }

    @Override
    public Mono<GarbageReport> collectGarbage(boolean dryRun) {
        return Mono.error(UnaskedPlugins::unasked);
    }

    @Override
    public List<Reading> metrics() {
        return List.of();
    }

    @Override
    public Mono<Void> limit(String nameOrId, LimitOverrides limits) {
        return Mono.error(UnaskedPlugins::unasked);
    }

    @Override
    public Mono<Void> set(String nameOrId, List<String> assignments) {
        return Mono.error(UnaskedPlugins::unasked);
    }

    @Override
    public Mono<Void> enable(String nameOrId, Duration startTimeout) {
        return Mono.error(UnaskedPlugins::unasked);
    }

    @Override
    public Mono<List<Holder>> disable(String nameOrId, Force force) {
        return Mono.error(UnaskedPlugins::unasked);
    }

    @Override
    public Mono<List<Holder>> remove(String nameOrId, Force force) {
        return Mono.error(UnaskedPlugins::unasked);
    }

    @Override
    public Mono<PluginView> inspect(String nameOrId) {
        return Mono.error(UnaskedPlugins::unasked);
    }

    @Override
    public Flux<PluginView> list(PluginFilter filter) {
        return Flux.error(UnaskedPlugins::unasked);
    }

    @Override
    public Flux<Provider> byCapability(String capability) {
        return Flux.error(UnaskedPlugins::unasked);
    }

    @Override
    public Flux<PluginPresence> arrivals(String capability) {
        return Flux.error(UnaskedPlugins::unasked);
    }

    @Override
    public Flux<LegacyPlugin> legacyPlugins() {
        return Flux.empty();
    }

    @Override
    public Mono<PluginUse> lookUp(String nameOrId, String capability) {
        return Mono.error(UnaskedPlugins::unasked);
    }

    @Override
    public <T> Flux<T> use(String nameOrId, String capability, String label,
            Function<? super PluginUse, ? extends Publisher<? extends T>> work) {
        return Flux.error(UnaskedPlugins::unasked);
    }

    @Override
    public Mono<PluginUse> acquire(String nameOrId, String capability, Holder holder) {
        return Mono.error(UnaskedPlugins::unasked);
    }

    @Override
    public Mono<Void> release(String nameOrId, String holder) {
        return Mono.error(UnaskedPlugins::unasked);
    }

    @Override
    public Mono<Path> onHost(String nameOrId, String inside) {
        return Mono.error(UnaskedPlugins::unasked);
    }

    @Override
    public Mono<PluginSnapshot> snapshot() {
        return Mono.error(UnaskedPlugins::unasked);
    }

    @Override
    public Flux<EventSignal> events(Subscription subscription) {
        return Flux.error(UnaskedPlugins::unasked);
    }

    @Override
    public EventLog eventLog() {
        throw unasked();
    }

    @Override
    public Flux<LogLine> logs(String nameOrId, LogQuery query) {
        return Flux.error(UnaskedPlugins::unasked);
    }

    @Override
    public Mono<Void> note(EventType type, Map<String, String> attributes) {
        return Mono.error(UnaskedPlugins::unasked);
    }

    @Override
    public Health health() {
        throw unasked();
    }

    @Override
    public Mono<Void> close() {
        return Mono.error(UnaskedPlugins::unasked);
    }
}
