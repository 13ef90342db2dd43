package dev.patchbay.engine;

import dev.patchbay.PluginView;
import dev.patchbay.Plugins;
import dev.patchbay.Status.State;
import dev.patchbay.event.EventJournal;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.event.RingJournal;
import dev.patchbay.executor.FakeBehaviour;
import dev.patchbay.executor.FakeMachine;
import dev.patchbay.executor.FakeRuntimeExecutor;
import dev.patchbay.plugin.CheckedConfig;
import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.plugin.Settings;
import dev.patchbay.plugin.Slice;
import dev.patchbay.registry.FakeRegistry;
import dev.patchbay.store.InMemoryStore;
import dev.patchbay.store.PluginContexts;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/** An engine on virtual time, with a fake executor and a store in memory: nothing happens unless time is advanced. */
final class EngineWorld implements AutoCloseable {
    static final Duration TIMEOUT = Duration.ofSeconds(30);

    final VirtualTimeScheduler time;
    final FakeRuntimeExecutor executor;
    final InMemoryStore store;
    final FakeRegistry registry;
    final HangingScheduler looks;
    /** Of plugins. */
    final List<PluginEvent> events = new ArrayList<>();
    /** Of the engine, and of plugins that never came to be. */
    final List<PluginEvent> otherEvents = new ArrayList<>();
    final Plugins plugins;

    EngineWorld() {
        this(_ -> {}, _ -> {});
    }

    EngineWorld(Consumer<EngineConfig.Builder> config, Consumer<EngineWorld> before) {
        this(VirtualTimeScheduler.create(), FakeMachine::new, new InMemoryStore(), memory(), config, before);
    }

    EngineWorld(EventJournal journal) {
        this(VirtualTimeScheduler.create(), FakeMachine::new, new InMemoryStore(), journal, _ -> {}, _ -> {});
    }

    private static EventJournal memory() {
        return RingJournal.ofUsualSize(new Random(1));
    }

    private EngineWorld(
            VirtualTimeScheduler time,
            Function<Scheduler, FakeMachine> machine,
            InMemoryStore store,
            EventJournal journal,
            Consumer<EngineConfig.Builder> config,
            Consumer<EngineWorld> before) {
        this.time = time;
        this.executor = new FakeRuntimeExecutor(machine.apply(time));
        this.store = store;
        this.registry = new FakeRegistry(time);
        var thread = new SharedScheduler(time);
        this.looks = new HangingScheduler(thread);
        before.accept(this);
        var engine = new Asked<Plugins>(PluginEngine.open(
                EngineConfig.of(c -> {
                    c.execRoot(Path.of("/run/patchbay-test"));
                    config.accept(c);
                }),
                new EngineParts(store, executor, registry, journal),
                new EngineThreads(thread, thread, thread, thread, looks, thread, new VirtualClock(time)))
                .doOnNext(open -> open.events().subscribe(this::hear, this::lost))
                // From within the scheduler: nothing is restored before the events have their subscriber.
                .subscribeOn(time));
        settle();
        plugins = engine.value();
    }

    private void hear(PluginEvent event) {
        (event.plugin().isPresent() ? events : otherEvents).add(event);
    }

    private void lost(Throwable e) {
        throw new AssertionError("the events ended", e);
    }

    /** The process is killed; only the machine, the disk and time go on, for the next one. */
    EngineWorld killed(Consumer<EngineConfig.Builder> config, Consumer<EngineWorld> before) {
        executor.vanish();
        return new EngineWorld(time, _ -> executor.machine(), store.copy(), memory(), config, before);
    }

    /** The process ends well, as far as its time allows; then the next one begins. */
    EngineWorld reopened(Consumer<EngineConfig.Builder> config, Consumer<EngineWorld> before) {
        ask(plugins.close());
        return killed(config, before);
    }

    /** The parts behind the façade, for commands that no façade would send. */
    Works works() {
        return ((PluginEngine) plugins).works();
    }

    /** Lets everything happen that needs no time. */
    void settle() {
        time.advanceTime();
    }

    void pass(Duration duration) {
        time.advanceTimeBy(duration);
    }

    PluginId create(String name) {
        return ask(plugins.create(name, PluginContexts.sample(name).publisher())).value();
    }

    PluginId enabled(String name) {
        PluginId id = create(name);
        ask(plugins.enable(name, TIMEOUT)).done();
        return id;
    }

    void script(PluginId plugin, FakeBehaviour behaviour) {
        executor.script(plugin, behaviour);
    }

    /** Subscribes and lets happen what needs no time. */
    <T> Asked<T> ask(Mono<T> mono) {
        var asked = new Asked<T>(mono);
        settle();
        return asked;
    }

    PluginView view(String name) {
        return ask(plugins.inspect(name)).value();
    }

    State state(String name) {
        return view(name).status().state();
    }

    boolean storedAsEnabled(PluginId id) {
        return store.kept(id).orElseThrow().record().plugin().enabled();
    }

    List<String> eventTypes() {
        return events.stream().map(event -> event.type().wireName()).toList();
    }

    /** A plugin as an earlier process left it on disk. */
    static PluginRecord record(String name, boolean enabled) {
        var id = new PluginId("a".repeat(56) + "%08x".formatted(name.hashCode()));
        var config = CheckedConfig
                .parse(PluginContexts.CONFIG.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .config();
        var plugin = new InstalledPlugin(config, enabled, id, PluginName.parse(name), name,
                Settings.initial(config));
        return new PluginRecord(plugin, "", Optional.empty(), Slice.none(), Optional.empty(), "");
    }

    /** The same plugin, wanted or not. */
    static PluginRecord withEnabled(PluginRecord record, boolean enabled) {
        return record.withPlugin(record.plugin().withEnabled(enabled));
    }

    @Override
    public void close() {
        ask(plugins.close());
        pass(Duration.ofMinutes(2));
        time.dispose();
    }

    /** What became of a subscription. */
    static final class Asked<T> {
        private @Nullable T value;
        private @Nullable Throwable error;
        private boolean done;
        private final reactor.core.Disposable subscription;

        Asked(Mono<T> mono) {
            subscription = mono.subscribe(v -> value = v, e -> error = e, () -> done = true);
        }

        void cancel() {
            subscription.dispose();
        }

        boolean isOver() {
            return done || error != null;
        }

        T value() {
            done();
            return Objects.requireNonNull(value);
        }

        void done() {
            if (!done) {
                throw new AssertionError("not done", error);
            }
        }

        Throwable error() {
            return Objects.requireNonNull(error, "no error");
        }
    }

    private static final class VirtualClock extends Clock {
        private final VirtualTimeScheduler time;

        VirtualClock(VirtualTimeScheduler time) {
            this.time = time;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(time.now(TimeUnit.MILLISECONDS));
        }
    }
}
