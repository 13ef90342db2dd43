package dev.patchbay.legacy;

import dev.patchbay.LegacyPlugin;
import dev.patchbay.LegacyPlugin.State;
import dev.patchbay.PluginUse;
import dev.patchbay.client.CallLimits;
import dev.patchbay.client.CallRetries;
import dev.patchbay.client.CircuitLimits;
import dev.patchbay.client.ClientOptions;
import dev.patchbay.client.PluginClients;
import dev.patchbay.client.ScriptedPlugin;
import dev.patchbay.client.ScriptedPlugin.Behaviour;
import dev.patchbay.plugin.InterfaceType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Folders of its own, none of which exists at first, and who looks for plugins there. Must be closed. */
final class LegacyWorld implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final InterfaceType VOLUMES = InterfaceType.asked("volumedriver");

    private static final CallRetries QUICK = new CallRetries(Duration.ofMillis(200), Duration.ofMillis(5),
            Duration.ofMillis(50));

    private final Scheduler looks = Schedulers.fromExecutorService(Executors.newFixedThreadPool(8),
            "legacy-world-looks");
    private final Scheduler timers = Schedulers.newSingle("legacy-world-timers", true);
    private final Scheduler replies = Schedulers.newSingle("legacy-world-replies", true);
    private final PluginClients clients = PluginClients
            .open(new ClientOptions(Duration.ofSeconds(10), 1 << 20,
                    CallLimits.DEFAULT, QUICK, CircuitLimits.DEFAULT));
    private final List<ScriptedPlugin> plugins = new ArrayList<>();
    final Path root;
    final LegacyFolders folders;
    final LegacyPlugins legacy;

    LegacyWorld() throws IOException {
        root = Files.createTempDirectory("pbl").toRealPath();
        folders = new LegacyFolders(root.resolve("run/d/p"),
                List.of(root.resolve("etc/d/p"), root.resolve("lib/d/p")));
        legacy = new LegacyPlugins(Optional.of(folders), new LegacyPlugins.Outside(looks, timers, replies,
                endpoint -> Optional.of(clients.connect(endpoint))));
    }

    LegacyWorld begun() {
        legacy.begin();
        return this;
    }

    Path etc() {
        return folders.descriptions().getFirst();
    }

    Path lib() {
        return folders.descriptions().getLast();
    }

    /** Makes the folders of a file, and the file. */
    static Path write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    /** A plugin that implements something; its folder comes to be if need be. */
    ScriptedPlugin plugin(Path socket, String subsystem) throws IOException {
        Files.createDirectories(socket.getParent());
        var plugin = ScriptedPlugin.at(socket)
                .on("Plugin.Activate", Behaviour.json("{\"Implements\":[\"" + subsystem + "\"]}"));
        plugins.add(plugin);
        return plugin;
    }

    /** Waits for what is to come. */
    void await(BooleanSupplier condition) {
        Flux.merge(legacy.changes(), Mono.just(true))
                .filter(_ -> condition.getAsBoolean())
                .blockFirst(PATIENCE);
    }

    /** Waits until there is such a plugin. */
    LegacyPlugin await(String name, Predicate<LegacyPlugin> condition) {
        await(() -> find(name).filter(condition).isPresent());
        return find(name).orElseThrow();
    }

    LegacyPlugin awaitActive(String name) {
        return await(name, plugin -> plugin.state() instanceof State.Active);
    }

    Optional<LegacyPlugin> find(String name) {
        return legacy.all().stream().filter(plugin -> plugin.name().equals(name)).findFirst();
    }

    PluginUse lookUp(String name) {
        return legacy.lookUp(name, VOLUMES).blockOptional(PATIENCE).orElseThrow();
    }

    @Override
    public void close() throws IOException {
        legacy.close().block(PATIENCE);
        clients.close().block(PATIENCE);
        for (ScriptedPlugin plugin : plugins) {
            plugin.close();
        }
        looks.disposeGracefully().block(PATIENCE);
        timers.disposeGracefully().block(PATIENCE);
        replies.disposeGracefully().block(PATIENCE);
        try (var all = Files.walk(root)) {
            for (Path each : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
