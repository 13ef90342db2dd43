package dev.patchbay.authz;

import dev.patchbay.Plugins;
import dev.patchbay.client.ScriptedPlugin;
import dev.patchbay.client.ScriptedPlugin.Behaviour;
import dev.patchbay.engine.EngineConfig;
import dev.patchbay.engine.PluginEngine;
import dev.patchbay.executor.FakeBehaviour;
import dev.patchbay.executor.FakeRuntimeExecutor;
import dev.patchbay.legacy.LegacyFolders;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.registry.FakeRegistry;
import dev.patchbay.store.InMemoryStore;
import dev.patchbay.store.PluginContexts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A real engine, whose containers are fakes, and authorization plugins that do as they are told on the sockets where the engine
 * expects them. Must be closed.
 */
public final class AuthzWorld implements AutoCloseable {
    /** How long a test waits for what is to come. */
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    /** What is asked before a request is carried out. */
    public static final String REQUEST = "AuthZPlugin.AuthZReq";

    /** What is asked before its answer is given. */
    public static final String RESPONSE = "AuthZPlugin.AuthZRes";

    /** A yes. */
    public static final Behaviour ALLOW = Behaviour.json("{\"Allow\":true}");

    private final Path folder = folder();
    private final Scheduler machine = Schedulers.newSingle("fake-machine");
    private final FakeRuntimeExecutor executor = new FakeRuntimeExecutor(machine);
    private final Plugins plugins;
    private final List<ScriptedPlugin> scripted = new ArrayList<>();
    private final Map<String, PluginId> ids = new HashMap<>();

    /** Opens an engine without plugins. */
    public AuthzWorld() {
        plugins = some(
                PluginEngine.open(EngineConfig.of(config -> config.execRoot(folder)
                        .legacyFolders(new LegacyFolders(folder.resolve("legacy"), List.of()))),
                        new InMemoryStore(),
                        executor, new FakeRegistry(machine)));
    }

    /** The engine. */
    public Plugins plugins() {
        return plugins;
    }

    /** Whoever is enabled, those that are named first. */
    public AuthzChain chain(String... named) {
        return some(AuthzChain.open(plugins, AuthzOptions.naming(List.of(named))));
    }

    /** Installs and enables one that says yes to everything until it is told otherwise. */
    public ScriptedPlugin enabled(String name) {
        ScriptedPlugin plugin = installed(name, "docker.authz/1.0");
        enable(name);
        return plugin;
    }

    /** Installs one of some type. */
    public ScriptedPlugin installed(String name, String type) {
        String config = PluginContexts.CONFIG.replace("docker.volumedriver/1.0", type);
        PluginId id = some(plugins.create(name,
                PluginContexts.empty().file("config.json", config).folder("rootfs/").publisher()));
        ids.put(name, id);
        try {
            Path socket = Files.createDirectories(folder.resolve(id.hex())).resolve("sample.sock");
            ScriptedPlugin plugin = ScriptedPlugin.at(socket).on(REQUEST, ALLOW).on(RESPONSE, ALLOW);
            scripted.add(plugin);
            return plugin;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A legacy one, which nobody manages, and which says yes to everything until it is told otherwise. */
    public ScriptedPlugin legacy(String name) {
        try {
            Path folder = Files.createDirectories(this.folder.resolve("legacy"));
            ScriptedPlugin plugin = ScriptedPlugin.at(folder.resolve(name + ".sock"))
                    .on("Plugin.Activate", Behaviour.json("{\"Implements\":[\"authz\"]}"))
                    .on(REQUEST, ALLOW)
                    .on(RESPONSE, ALLOW);
            scripted.add(plugin);
            return plugin;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Enables one. */
    public void enable(String name) {
        plugins.enable(name, PATIENCE).block(PATIENCE);
    }

    /** The id of one. */
    public PluginId id(String name) {
        return Objects.requireNonNull(ids.get(name));
    }

    /** How the containers of one behave from the next start on. */
    public void script(String name, FakeBehaviour behaviour) {
        executor.script(id(name), behaviour);
    }

    /** The containers, so that they can be ended. */
    public FakeRuntimeExecutor executor() {
        return executor;
    }

    /** What comes. */
    public static <T> T some(Mono<T> mono) {
        return mono.blockOptional(PATIENCE).orElseThrow();
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory(Path.of("/tmp"), "pa"); // short: sockets go below it
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        plugins.close().block(PATIENCE);
        machine.dispose();
        try {
            for (ScriptedPlugin each : scripted) {
                each.close();
                Files.deleteIfExists(Objects.requireNonNull(each.socket().getParent()));
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
