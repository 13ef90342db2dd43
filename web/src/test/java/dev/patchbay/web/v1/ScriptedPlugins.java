package dev.patchbay.web.v1;

import dev.patchbay.Consent;
import dev.patchbay.Force;
import dev.patchbay.Health;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.PluginSnapshot;
import dev.patchbay.PluginUse;
import dev.patchbay.PluginView;
import dev.patchbay.UnaskedPlugins;
import dev.patchbay.event.EventLog;
import dev.patchbay.event.EventRecorder;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.EventType;
import dev.patchbay.event.Happening;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.event.Recorders;
import dev.patchbay.event.Subscription;
import dev.patchbay.executor.LogLine;
import dev.patchbay.executor.LogQuery;
import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.limits.LimitsJson;
import dev.patchbay.plugin.PluginFilter;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.store.GarbageReport;
import dev.patchbay.use.Holder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A façade that does what a test told it and remembers what it was asked. Commands succeed unless a failure was set.
 * Events are those of a real recorder, which does everything on the thread that publishes.
 */
class ScriptedPlugins extends UnaskedPlugins {
    /** The same for each: the journal's chance is none. */
    static final String EPOCH = Recorders.immediate().log().bounds().epoch();

    final Map<String, PluginView> installed = new ConcurrentHashMap<>();
    final Queue<String> calls = new ConcurrentLinkedQueue<>();
    final AtomicReference<Health> health = new AtomicReference<>(new Health(true, true, List.of()));
    final AtomicReference<BiFunction<String, LogQuery, Flux<LogLine>>> logs = new AtomicReference<>(
            (_, _) -> Flux.empty());
    final AtomicReference<Flux<ByteBuffer>> exported = new AtomicReference<>(Flux.empty());
    /** What snapshots wait for, or fail with. */
    final AtomicReference<Mono<Void>> snapshots = new AtomicReference<>(Mono.empty());
    private final AtomicReference<Mono<Void>> outcome = new AtomicReference<>(Mono.empty());
    private final EventRecorder events;
    private final AtomicLong facts = new AtomicLong();

    /** What every command ends in from now on. */
    void fail(RuntimeException failure) {
        outcome.set(Mono.error(failure));
    }

    /** Every command succeeds from now on. */
    void succeed() {
        outcome.set(Mono.empty());
    }

    /** An engine whose journal keeps as much as an embedded one's. */
    ScriptedPlugins() {
        this(Recorders.immediate());
    }

    /** An engine with events of its own. */
    ScriptedPlugins(EventRecorder events) {
        this.events = events;
    }

    /** Tells subscribers; like the engine, one thread at a time. */
    void publish(PluginEvent event) {
        if (event.seq() != facts.incrementAndGet()) {
            throw new IllegalArgumentException("event " + event.seq() + " is number " + facts);
        }
        events.tell(
                List.of(new Happening(event.time(), event.type(), event.plugin(), event.name(), event.types(),
                        event.generation(), event.actor(), event.attributes())),
                _ -> {});
    }

    /** Ends the events, as closing the engine does. */
    void endEvents() {
        events.close().subscribe();
    }

    @Override
    public Mono<PluginId> create(String name, Publisher<ByteBuffer> context) {
        return Flux.from(context)
                .map(ByteBuffer::remaining)
                .reduce(0, Integer::sum)
                .flatMap(bytes -> asked("create " + name + " " + bytes))
                .then(outcome.get())
                .thenReturn(Samples.ID);
    }

    @Override
    public Mono<Void> rollBack(String nameOrId) {
        return asked("rollBack " + nameOrId).then(outcome.get());
    }

    @Override
    public Mono<PluginUse> acquire(String nameOrId, String capability, Holder holder) {
        return asked("acquire " + nameOrId + " " + capability + " " + holder.id() + " \"" + holder.label()
                + "\" " + holder.durable()).then(outcome.get()).thenReturn(Samples.use());
    }

    @Override
    public Mono<Void> release(String nameOrId, String holder) {
        return asked("release " + nameOrId + " " + holder).then(outcome.get());
    }

    @Override
    public Mono<Void> note(EventType type, Map<String, String> attributes) {
        return asked("note " + type + " " + attributes).then(outcome.get());
    }

    @Override
    public Mono<GarbageReport> collectGarbage(boolean dryRun) {
        return asked("collectGarbage " + dryRun).then(outcome.get())
                .thenReturn(
                        new GarbageReport(dryRun, 9, 4, 3, 1L << 40, 1, List.of("one could not be deleted")));
    }

    @Override
    public Flux<ByteBuffer> export(String nameOrId) {
        return asked("export " + nameOrId).thenMany(exported.get());
    }

    @Override
    public Mono<PluginId> importLayout(String name, Consent consent, Publisher<ByteBuffer> layout) {
        return Flux.from(layout)
                .map(ByteBuffer::remaining)
                .reduce(0, Integer::sum)
                .flatMap(bytes -> asked("import " + name + " " + consent + " " + bytes))
                .then(outcome.get())
                .thenReturn(Samples.ID);
    }

    @Override
    public Mono<Void> set(String nameOrId, List<String> assignments) {
        return asked("set " + nameOrId + " " + assignments).then(outcome.get());
    }

    @Override
    public Mono<Void> limit(String nameOrId, LimitOverrides limits) {
        return asked("limit " + nameOrId + " " + LimitsJson.tree(limits)).then(outcome.get());
    }

    @Override
    public Mono<Void> enable(String nameOrId, Duration startTimeout) {
        return asked("enable " + nameOrId + " " + startTimeout).then(outcome.get());
    }

    @Override
    public Mono<List<Holder>> disable(String nameOrId, Force force) {
        return asked("disable " + nameOrId + " " + force).then(outcome.get()).thenReturn(cutOff(force));
    }

    @Override
    public Mono<List<Holder>> remove(String nameOrId, Force force) {
        return asked("remove " + nameOrId + " " + force).then(outcome.get()).thenReturn(cutOff(force));
    }

    private static List<Holder> cutOff(Force force) {
        return force == Force.YES ? List.of(Holder.durable("volume-db", "volume \"db\"")) : List.of();
    }

    @Override
    public Mono<PluginView> inspect(String nameOrId) {
        return Mono.justOrEmpty(find(nameOrId))
                .switchIfEmpty(Mono.error(() -> new PluginNotFoundException(nameOrId)));
    }

    private Optional<PluginView> find(String nameOrId) {
        return installed.values()
                .stream()
                .filter(view -> view.plugin().id().hex().equals(nameOrId)
                        || view.plugin().name().familiar().equals(nameOrId)
                        || view.plugin().name().familiarName().equals(nameOrId))
                .findFirst();
    }

    @Override
    public Flux<PluginView> list(PluginFilter filter) {
        return Flux.fromIterable(installed.values()).filter(view -> filter.test(view.plugin()));
    }

    @Override
    public Mono<PluginSnapshot> snapshot() {
        return Mono.defer(snapshots::get)
                .then(Mono.fromSupplier(() -> new PluginSnapshot(events.log().bounds().newest(),
                        installed.values()
                                .stream()
                                .sorted(Comparator.comparing(view -> view.plugin().name().familiar()))
                                .toList())));
    }

    @Override
    public Flux<EventSignal> events(Subscription subscription) {
        return events.view(subscription);
    }

    @Override
    public EventLog eventLog() {
        return events.log();
    }

    @Override
    public Flux<LogLine> logs(String nameOrId, LogQuery query) {
        return logs.get().apply(nameOrId, query);
    }

    @Override
    public Health health() {
        return health.get();
    }

    @Override
    public Mono<Void> close() {
        return Mono.fromRunnable(this::endEvents);
    }

    private Mono<Boolean> asked(String call) {
        return Mono.fromCallable(() -> calls.add(call));
    }
}
