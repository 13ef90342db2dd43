package dev.patchbay.executor.runc;

import dev.patchbay.PluginUse;
import dev.patchbay.Plugins;
import dev.patchbay.Status.State;
import dev.patchbay.archive.TreeDeletion;
import dev.patchbay.client.ClientOptions;
import dev.patchbay.engine.EngineConfig;
import dev.patchbay.engine.PluginEngine;
import dev.patchbay.event.Subscription;
import dev.patchbay.limits.PluginLimits;
import dev.patchbay.oci.SpecOptions;
import dev.patchbay.registry.Registry;
import dev.patchbay.store.FileStore;
import dev.patchbay.store.StoreConfig;
import dev.patchbay.syscall.MountTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** An engine with everything that is real: store on disk, containers, sockets. Must be closed, and leaves no mount. */
final class TrialWorld implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
    private static final Path TRIAL = Path
            .of(System.getProperty("patchbay.trialPlugin", "target/trial-plugin"));

    private final Path folder;
    final Plugins plugins;

    TrialWorld(ClientOptions client) throws IOException {
        folder = Files.createTempDirectory(Path.of("/tmp"), "pbt");
        var options = new SpecOptions(SpecOptions.DEFAULT.ociVersion(), SamplePlugin.CGROUP, Optional.empty(),
                PluginLimits.NONE);
        Path execRoot = folder.resolve("x");
        plugins = PluginEngine
                .open(EngineConfig.of(c -> c.execRoot(execRoot).specOptions(options).client(client)),
                        FileStore.at(StoreConfig.at(folder.resolve("r"))),
                        RuncExecutor.open(RuncExecutorConfig.of(c -> c.execRoot(execRoot))), Registry.none())
                .blockOptional(PATIENCE)
                .orElseThrow();
    }

    /** Installs the plugin for trials and starts it. */
    void enable(String name) throws IOException, InterruptedException {
        plugins.create(name, Flux.just(ByteBuffer.wrap(context()))).block(PATIENCE);
        plugins.enable(name, START_TIMEOUT).block(PATIENCE);
    }

    private byte[] context() throws IOException, InterruptedException {
        Path tar = Files.createTempFile(folder, "context", ".tar");
        Process packing = new ProcessBuilder(
                List.of("tar", "-C", TRIAL.toString(), "-cf", tar.toString(), "config.json", "rootfs"))
                .inheritIO()
                .start();
        if (packing.waitFor() != 0) {
            throw new IOException("tar failed");
        }
        return Files.readAllBytes(tar);
    }

    /** The plugin as it runs now. */
    PluginUse lookUp(String name) {
        return plugins.lookUp(name, "volumedriver").blockOptional(PATIENCE).orElseThrow();
    }

    /** Completes when a start of this number, or a later one, runs. */
    Mono<Void> running(String name, int generation) {
        return plugins.events(Subscription.NOW) // tells first that it has begun
                .concatMap(_ -> plugins.inspect(name))
                .filter(view -> view.status().state() == State.RUNNING
                        && view.status().generation() >= generation)
                .next()
                .then();
    }

    @Override
    public void close() throws IOException {
        plugins.close().block(PATIENCE);
        try {
            var mounts = MountTable.read().atOrBelow(folder);
            if (!mounts.isEmpty()) {
                throw new AssertionError("mounts are left: " + mounts);
            }
        } finally {
            TreeDeletion.delete(folder);
        }
    }
}
