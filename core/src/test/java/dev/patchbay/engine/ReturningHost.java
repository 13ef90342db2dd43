package dev.patchbay.engine;

import dev.patchbay.Plugins;
import dev.patchbay.event.Durability;
import dev.patchbay.event.Retention;
import dev.patchbay.event.SqliteJournal;
import dev.patchbay.executor.FakeRuntimeExecutor;
import dev.patchbay.registry.Registry;
import dev.patchbay.store.FileStore;
import dev.patchbay.store.PluginContexts;
import dev.patchbay.store.StoreConfig;
import dev.patchbay.volume.Volumes;
import dev.patchbay.volume.VolumesConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * A host whose {@code main} returns when it has closed what it had open: store and journal on disk, volumes, an engine. Before
 * that it prints which threads would keep the process from ending.
 */
final class ReturningHost {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private ReturningHost() {}

    /** {@code ReturningHost FOLDER}. */
    @SuppressWarnings("SystemOut") // what the test reads
    public static void main(String[] arguments) throws Exception {
        Path root = Files.createDirectories(Path.of(arguments[0], "r"));
        var settings = new SqliteJournal.Settings(root.resolve("events.db"), Durability.BATCH,
                Retention.USUAL);
        Plugins plugins = PluginEngine.open(
                EngineConfig.of(it -> it.execRoot(Path.of(arguments[0], "x"))),
                FileStore.at(StoreConfig.at(root)), new FakeRuntimeExecutor(Schedulers.immediate()),
                Registry.none(), new SqliteJournal(settings, new Random(), Clock.systemUTC()))
                .blockOptional(PATIENCE)
                .orElseThrow();
        Volumes volumes = Volumes.open(plugins, VolumesConfig.at(root));
        plugins.create("sample", PluginContexts.empty()
                .file("config.json", PluginContexts.CONFIG)
                .folder("rootfs/")
                .publisher()).block(PATIENCE);
        Flux.concat(volumes.close(), plugins.close()).then().block(PATIENCE);
        Thread.getAllStackTraces()
                .keySet()
                .stream()
                .filter(thread -> !thread.isDaemon() && thread != Thread.currentThread())
                .forEach(thread -> System.out.println("still there: " + thread.getName()));
        System.out.println("returns");
    }
}
