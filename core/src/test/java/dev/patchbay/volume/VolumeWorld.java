package dev.patchbay.volume;

import dev.patchbay.PluginView;
import dev.patchbay.Plugins;
import dev.patchbay.Status.State;
import dev.patchbay.archive.TreeDeletion;
import dev.patchbay.client.ScriptedPlugin;
import dev.patchbay.engine.EngineConfig;
import dev.patchbay.engine.PluginEngine;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.event.Subscription;
import dev.patchbay.executor.ExecutorException.Step;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.executor.FakeBehaviour;
import dev.patchbay.executor.FakeRuntimeExecutor;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.registry.FakeRegistry;
import dev.patchbay.store.FileStore;
import dev.patchbay.store.PluginContexts;
import dev.patchbay.store.StoreConfig;
import dev.patchbay.use.Holder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Volumes over an engine with a store on disk, whose containers are in memory, and drivers that answer on real sockets, from
 * within this process. Must be closed.
 */
final class VolumeWorld implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** So that what hangs in a test is soon over. */
    static final VolumesConfig.Times SHORT = new VolumesConfig.Times(Duration.ofSeconds(3),
            Duration.ofSeconds(3), Duration.ofSeconds(3), Duration.ofSeconds(20), Duration.ofSeconds(1));

    private static final VolumesConfig.Times PATIENT = new VolumesConfig.Times(PATIENCE, PATIENCE, PATIENCE,
            PATIENCE, PATIENCE);

    final Path folder = temporary();
    private final Scheduler machine = Schedulers.newSingle("volume-world-machine", true);
    private final VolumesConfig.Times times;
    private final List<ScriptedPlugin> answering = new ArrayList<>();
    final List<PluginEvent> events = new CopyOnWriteArrayList<>();
    private FakeRuntimeExecutor executor = new FakeRuntimeExecutor(machine);
    private Disposable listening;
    Plugins plugins;
    Volumes volumes;

    VolumeWorld() {
        this(PATIENT);
    }

    VolumeWorld(VolumesConfig.Times times) {
        this.times = times;
        plugins = openEngine();
        listening = plugins.events().subscribe(events::add);
        volumes = openVolumes();
    }

    private Plugins openEngine() {
        return some(PluginEngine.open(
                EngineConfig.of(c -> c.execRoot(folder).liveRestore(true)),
                FileStore.at(StoreConfig.at(folder.resolve("r"))), executor, new FakeRegistry(machine)));
    }

    private Volumes openVolumes() {
        return Volumes.open(plugins, config());
    }

    VolumesConfig config() {
        return VolumesConfig.at(folder.resolve("r")).withTimes(times);
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory(Path.of("/tmp"), "pv"); // short: sockets go below it
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static <T> T some(Mono<T> mono) {
        return mono.blockOptional(PATIENCE).orElseThrow();
    }

    static void done(Mono<Void> mono) {
        mono.block(PATIENCE);
    }

    /** Why something fails. */
    static Throwable failure(Mono<?> mono) {
        return some(mono.then(Mono.<Throwable>empty()).onErrorResume(Throwable.class, Mono::just));
    }

    /** A driver whose plugin runs. */
    ScriptedDriver driver(String name) {
        return driver(name, PluginContexts.CONFIG.replace("\"network\":",
                "\"propagatedMount\":\"" + ScriptedDriver.MOUNTS + "\",\"network\":"));
    }

    ScriptedDriver driver(String name, String config) {
        PluginId id = some(plugins.create(name,
                PluginContexts.empty().file("config.json", config).folder("rootfs/").publisher()));
        try {
            Path exec = Files.createDirectories(folder.resolve(id.hex()));
            var scripted = ScriptedPlugin.at(exec.resolve("sample.sock"));
            answering.add(scripted);
            done(plugins.enable(name, PATIENCE));
            return new ScriptedDriver(scripted,
                    folder.resolve("r").resolve(id.hex()).resolve("propagated-mount"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    VolumeView create(String name, String driver) {
        return some(volumes.create(new VolumeRequest(name, driver, Map.of(), Map.of())));
    }

    MountedVolume mount(String name, String id) {
        return some(volumes.mount(name, Optional.of(id)));
    }

    PluginView plugin(String name) {
        return some(plugins.inspect(name));
    }

    /** What a plugin is held for. */
    List<String> labels(String name) {
        return plugin(name).inUseBy().stream().map(Holder::label).sorted().toList();
    }

    /** The process of a plugin ends, and it is started again. */
    void crash(String name) {
        int generation = plugin(name).status().generation();
        executor.end(plugin(name).plugin().id(), new ExitStatus.Exited(1));
        await(() -> plugin(name).status().state() == State.RUNNING
                && plugin(name).status().generation() > generation);
    }

    /** The process of a plugin ends, and each start of it fails from now on. */
    void crashForGood(String name) {
        PluginId id = plugin(name).plugin().id();
        executor.script(id, FakeBehaviour.LISTENS.failingAt(Step.START));
        executor.end(id, new ExitStatus.Exited(1));
    }

    /** This process ends, and another one takes over what runs. */
    void restart() {
        close(volumes.close());
        listening.dispose();
        close(plugins.close());
        var outlives = executor.machine();
        executor.vanish();
        executor = new FakeRuntimeExecutor(outlives);
        plugins = openEngine();
        listening = plugins.events().subscribe(events::add);
        volumes = openVolumes();
    }

    /** The same, and something is done to the disk in between. */
    void restart(DiskWork between) throws IOException {
        close(volumes.close());
        between.run(folder.resolve("r").resolve(VolumesConfig.FILE));
        volumes = openVolumes();
    }

    /** What a test does to {@code volumes.json}. */
    interface DiskWork {
        void run(Path file) throws IOException;
    }

    /** Waits until something is so. */
    static void await(BooleanSupplier condition) {
        var _ = Flux.interval(Duration.ofMillis(20))
                .onBackpressureDrop()
                .publishOn(Schedulers.boundedElastic())
                .filter(_ -> condition.getAsBoolean())
                .blockFirst(PATIENCE);
    }

    /** Events of volumes, as {@code type volume mount cause}. */
    List<String> told() {
        return events.stream()
                .filter(event -> event.type().wireName().startsWith("volume_"))
                .map(event -> (event.type().wireName() + " " + event.attributes().getOrDefault("volume", "")
                        + " " + event.attributes().getOrDefault("mount", "") + " "
                        + event.attributes().getOrDefault("cause", "")).strip())
                .toList();
    }

    String json() {
        try {
            return Files.readString(folder.resolve("r").resolve(VolumesConfig.FILE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Predicate<VolumeMount> is(VolumeMount.State state) {
        return mount -> mount.state() == state;
    }

    private static void close(Mono<Void> closing) {
        done(closing);
    }

    @Override
    public void close() {
        close(volumes.close());
        listening.dispose();
        close(plugins.close());
        try {
            for (ScriptedPlugin plugin : answering) {
                plugin.close();
            }
            TreeDeletion.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        machine.disposeGracefully().block(PATIENCE);
    }
}
