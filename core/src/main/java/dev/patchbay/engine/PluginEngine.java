package dev.patchbay.engine;

import dev.patchbay.Consent;
import dev.patchbay.Force;
import dev.patchbay.Health;
import dev.patchbay.InstallRequest;
import dev.patchbay.InvalidRequestException;
import dev.patchbay.LegacyPlugin;
import dev.patchbay.PluginLogException;
import dev.patchbay.PluginPresence;
import dev.patchbay.PluginSnapshot;
import dev.patchbay.PluginUse;
import dev.patchbay.PluginView;
import dev.patchbay.Plugins;
import dev.patchbay.Provider;
import dev.patchbay.PullProgress;
import dev.patchbay.PushProgress;
import dev.patchbay.UpgradeRequest;
import dev.patchbay.engine.Command.Asked;
import dev.patchbay.engine.Decision.Outcome;
import dev.patchbay.engine.Limit.OverdueException;
import dev.patchbay.event.EventJournal;
import dev.patchbay.event.EventLog;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.EventType;
import dev.patchbay.event.RingJournal;
import dev.patchbay.event.Subscription;
import dev.patchbay.executor.ExecutorException;
import dev.patchbay.executor.LogLine;
import dev.patchbay.executor.LogQuery;
import dev.patchbay.executor.RuntimeExecutor;
import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.metrics.Reading;
import dev.patchbay.plugin.PluginFilter;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.Privilege;
import dev.patchbay.reference.Reference;
import dev.patchbay.registry.Registry;
import dev.patchbay.registry.RegistryAccess;
import dev.patchbay.store.GarbageReport;
import dev.patchbay.store.PluginStore;
import dev.patchbay.stream.TimeLimit;
import dev.patchbay.use.Holder;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The engine behind the façade: submits commands to the mailbox, answers reads from the snapshot.
 *
 * <pre>{@code
 * Mono<Plugins> plugins = PluginEngine.open(EngineConfig.of(c -> c.execRoot(execRoot)), store, executor,
 *         registry);
 * }</pre>
 */
public final class PluginEngine implements Plugins {
    private final Works works;
    private final Uses uses;
    private final Mono<Void> closing;

    private PluginEngine(Works works) {
        this.works = works;
        this.uses = new Uses(works);
        // Closing is not bound to who asked for it first: the cache outlives its subscribers.
        this.closing = works.close().cache();
    }

    /**
     * Opens an engine: reads what is on disk, and begins to take over what of the wanted plugins runs, and to start what
     * does not, at once or when the {@linkplain EngineConfig#restoreAfter configuration} says so. Does not wait for any
     * plugin: each is shown as restoring first, and {@link #health} tells when the first round is over.
     *
     * <p>The engine owns store and executor from the subscription on and closes them with itself, also if it cannot be
     * opened, or nobody waits for it any more. <b>Cold</b>; subscribe once.
     *
     * @param registry stays the caller's, who closes it after the engine
     * @return the open engine; fails with {@link dev.patchbay.PluginStorageException} if the plugin directory cannot be
     *     read at all, or if it, or the executor's exec root, is in use by another engine or cannot be made
     */
    public static Mono<Plugins> open(
            EngineConfig config,
            PluginStore store,
            RuntimeExecutor executor,
            Registry registry) {
        return Mono.defer(() -> {
            EngineThreads threads = EngineThreads.start();
            var journal = RingJournal.ofUsualSize(threads.chance(), threads.work());
            return open(config, new EngineParts(store, executor, registry, journal), threads);
        });
    }

    /**
     * Opens an engine whose events are kept in a journal, which it owns from here on. Otherwise as the other method, which
     * keeps the newest in memory.
     */
    public static Mono<Plugins> open(
            EngineConfig config,
            PluginStore store,
            RuntimeExecutor executor,
            Registry registry,
            EventJournal journal) {
        return Mono.defer(() -> open(config, new EngineParts(store, executor, registry, journal),
                EngineThreads.start()));
    }

    static Mono<Plugins> open(EngineConfig config, EngineParts parts, EngineThreads threads) {
        return Opening.of(config, parts, threads).map(PluginEngine::new);
    }

    @Override
    public Mono<PluginId> create(String name, Publisher<ByteBuffer> context) {
        return new Creation(works).of(name, context);
    }

    @Override
    public Mono<List<Privilege>> privileges(Reference remote, RegistryAccess access) {
        return new Pulls(works).privileges(remote, access);
    }

    @Override
    public Flux<PullProgress> install(InstallRequest request) {
        return new Pulls(works).install(request);
    }

    @Override
    public Flux<PullProgress> upgrade(String nameOrId, UpgradeRequest request) {
        return new Pulls(works).upgrade(nameOrId, request);
    }

    @Override
    public Mono<Void> rollBack(String nameOrId) {
        return command(nameOrId, Command.RollBack::new);
    }

    @Override
    public Flux<PushProgress> push(String nameOrId, RegistryAccess access) {
        return new Pushes(works).of(nameOrId, access);
    }

    @Override
    public Flux<ByteBuffer> export(String nameOrId) {
        return new Layouts(works).export(nameOrId);
    }

    @Override
    public Mono<PluginId> importLayout(String name, Consent consent, Publisher<ByteBuffer> layout) {
        return new Layouts(works).read(name, consent, layout);
    }

    @Override
    public Mono<GarbageReport> collectGarbage(boolean dryRun) {
        return works.collectGarbage(dryRun);
    }

    @Override
    public Mono<Void> set(String nameOrId, List<String> assignments) {
        return command(nameOrId, id -> new Command.ChangeSettings(id, List.copyOf(assignments)));
    }

    @Override
    public Mono<Void> limit(String nameOrId, LimitOverrides limits) {
        return command(nameOrId, id -> new Command.ChangeLimits(id, limits));
    }

    @Override
    public Mono<Void> enable(String nameOrId, Duration startTimeout) {
        if (startTimeout.toMillis() < 1 || startTimeout.compareTo(MAX_START_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "a start timeout is 1 ms to " + MAX_START_TIMEOUT.toSeconds() + " s long, not "
                            + startTimeout);
        }
        return command(nameOrId, id -> new Command.Enable(id, startTimeout));
    }

    @Override
    public Mono<List<Holder>> disable(String nameOrId, Force force) {
        return ending(nameOrId, id -> new Command.Disable(id, force));
    }

    @Override
    public Mono<List<Holder>> remove(String nameOrId, Force force) {
        return ending(nameOrId, id -> new Command.Remove(id, force));
    }

    private Mono<Void> command(String nameOrId, Function<PluginId, Asked> command) {
        return submit(nameOrId, command, _ -> null);
    }

    private Mono<List<Holder>> ending(String nameOrId, Function<PluginId, Asked> command) {
        return submit(nameOrId, command, done -> done.cutOff().stream().toList());
    }

    private <T> Mono<T> submit(String nameOrId, Function<PluginId, Asked> command,
            Function<Outcome.Done, @Nullable T> result) {
        return works.submit(() -> command.apply(works.snapshot().named(nameOrId).plugin().id()), result);
    }

    @Override
    public Mono<PluginView> inspect(String nameOrId) {
        return Mono.fromSupplier(() -> works.snapshot().named(nameOrId));
    }

    @Override
    public Flux<PluginView> list(PluginFilter filter) {
        return Flux.defer(() -> Flux.fromIterable(works.snapshot().list(filter)));
    }

    @Override
    public Flux<Provider> byCapability(String capability) {
        return uses.byCapability(capability);
    }

    @Override
    public Flux<LegacyPlugin> legacyPlugins() {
        return Flux.defer(() -> Flux.fromIterable(works.legacy().all()));
    }

    @Override
    public Flux<PluginPresence> arrivals(String capability) {
        return uses.arrivals(capability);
    }

    @Override
    public Mono<PluginUse> lookUp(String nameOrId, String capability) {
        return uses.lookUp(nameOrId, capability);
    }

    @Override
    public <T> Flux<T> use(String nameOrId, String capability, String label,
            Function<? super PluginUse, ? extends Publisher<? extends T>> work) {
        return uses.use(nameOrId, capability, label, work);
    }

    @Override
    public Mono<PluginUse> acquire(String nameOrId, String capability, Holder holder) {
        return uses.acquire(nameOrId, capability, holder);
    }

    @Override
    public Mono<Void> release(String nameOrId, String holder) {
        return uses.release(nameOrId, holder);
    }

    @Override
    public Mono<Path> onHost(String nameOrId, String inside) {
        return uses.onHost(nameOrId, inside);
    }

    @Override
    public Mono<PluginSnapshot> snapshot() {
        return works.place();
    }

    @Override
    public Flux<EventSignal> events(Subscription subscription) {
        return works.measurements().listening(() -> works.recorder().view(subscription));
    }

    @Override
    public EventLog eventLog() {
        return works.recorder().log();
    }

    @Override
    public Flux<LogLine> logs(String nameOrId, LogQuery query) {
        return Flux.defer(() -> limited(query,
                works.executor().logs(works.snapshot().named(nameOrId).plugin().id(), query)))
                .takeUntilOther(works.ended())
                .onErrorMap(e -> e instanceof ExecutorException || e instanceof OverdueException,
                        e -> new PluginLogException("the log of plugin " + nameOrId + " cannot be read: "
                                + e.getMessage(), e));
    }

    /** What is followed may stay silent for long; what is only read has an end, or a first line, soon. */
    private Flux<LogLine> limited(LogQuery query, Flux<LogLine> lines) {
        Duration limit = works.config().limits().look();
        return query.follow()
                ? lines
                : TimeLimit.onFirst(lines, limit, works.threads().timers(),
                        Flux.error(() -> new OverdueException("opening it", limit)));
    }

    @Override
    public Mono<Void> note(EventType type, Map<String, String> attributes) {
        if (!EventType.OF_HOSTS.contains(type)) {
            throw new IllegalArgumentException("the engine alone tells of events such as " + type.wireName());
        }
        return works.note(type, Map.copyOf(attributes));
    }

    @Override
    public List<Reading> metrics() {
        return works.measurements().read(works.snapshot());
    }

    @Override
    public Health health() {
        return works.health();
    }

    @Override
    public Mono<Void> close() {
        return closing;
    }

    /** The parts, for tests that send what no façade would. */
    Works works() {
        return works;
    }

    /** Turns an unreadable request into the façade's exception. */
    static InvalidRequestException invalid(RuntimeException cause) {
        return new InvalidRequestException(String.valueOf(cause.getMessage()), cause);
    }
}
