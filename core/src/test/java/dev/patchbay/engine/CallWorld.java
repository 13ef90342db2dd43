package dev.patchbay.engine;

import dev.patchbay.Plugins;
import dev.patchbay.Status.State;
import dev.patchbay.client.ScriptedPlugin;
import dev.patchbay.event.Subscription;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.executor.FakeBehaviour;
import dev.patchbay.executor.FakeRuntimeExecutor;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.registry.FakeRegistry;
import dev.patchbay.store.InMemoryStore;
import dev.patchbay.store.PluginContexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * An engine on real threads, whose plugins' containers are in memory and which answer on real sockets, from within this
 * process. Must be closed.
 */
final class CallWorld implements AutoCloseable {
    /** How long a test waits for what is to come. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Scheduler machine = Schedulers.newSingle("call-world-machine", true);
    private final Path execRoot = temporary();
    private final Map<PluginId, ScriptedPlugin> answering = new ConcurrentHashMap<>();
    final FakeRuntimeExecutor executor = new FakeRuntimeExecutor(machine);
    final Plugins plugins;

    CallWorld() {
        this(_ -> {});
    }

    CallWorld(Consumer<EngineConfig.Builder> config) {
        plugins = Objects.requireNonNull(PluginEngine.open(EngineConfig.of(c -> {
            c.execRoot(execRoot);
            config.accept(c);
        }), new InMemoryStore(), executor, new FakeRegistry(machine)).block(PATIENCE));
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("pbw");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Installs a plugin that is off. */
    PluginId create(String name) {
        return Objects.requireNonNull(
                plugins.create(name, PluginContexts.sample(name).publisher()).block(PATIENCE));
    }

    /** Installs a plugin that runs, and answers on its socket over all of its starts. */
    ScriptedPlugin enabled(String name) {
        PluginId id = create(name);
        ScriptedPlugin plugin = answer(id);
        plugins.enable(name, EngineWorld.TIMEOUT).block(PATIENCE);
        return plugin;
    }

    private ScriptedPlugin answer(PluginId id) {
        try {
            Path socket = socket(id);
            Files.createDirectories(socket.getParent());
            var plugin = ScriptedPlugin.at(socket);
            answering.put(id, plugin);
            return plugin;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where a plugin listens. */
    Path socket(String name) {
        return socket(id(name));
    }

    private Path socket(PluginId id) {
        return execRoot.resolve(id.hex()).resolve("sample.sock");
    }

    /** Sets how containers of a plugin behave that are started from now on. */
    void script(String name, FakeBehaviour behaviour) {
        executor.script(id(name), behaviour);
    }

    /** Lets a plugin crash, and waits until it runs again. */
    void crash(String name) {
        int generation = generation(name);
        executor.end(id(name), new ExitStatus.Exited(1));
        awaitRunning(name, generation + 1);
    }

    /** Waits until a start of this number, or a later one, runs. */
    void awaitRunning(String name, int generation) {
        running(name, generation).block(PATIENCE);
    }

    /** Completes when a start of this number, or a later one, runs. */
    Mono<Void> running(String name, int generation) {
        return plugins.events(Subscription.NOW) // tells first that it has begun
                .filter(_ -> state(name) == State.RUNNING && generation(name) >= generation)
                .next()
                .then();
    }

    PluginId id(String name) {
        return Objects.requireNonNull(plugins.inspect(name).block()).plugin().id();
    }

    int generation(String name) {
        return Objects.requireNonNull(plugins.inspect(name).block()).status().generation();
    }

    private State state(String name) {
        return Objects.requireNonNull(plugins.inspect(name).block()).status().state();
    }

    @Override
    public void close() throws IOException {
        plugins.close().block(PATIENCE);
        for (ScriptedPlugin plugin : answering.values()) {
            plugin.close();
            Files.delete(plugin.socket().getParent());
        }
        Files.delete(execRoot);
        machine.disposeGracefully().block(PATIENCE);
    }
}
