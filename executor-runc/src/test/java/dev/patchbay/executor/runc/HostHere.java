package dev.patchbay.executor.runc;

import dev.patchbay.Plugins;
import dev.patchbay.archive.TreeDeletion;
import dev.patchbay.engine.EngineConfig;
import dev.patchbay.engine.PluginEngine;
import dev.patchbay.limits.PluginLimits;
import dev.patchbay.oci.SpecOptions;
import dev.patchbay.registry.Registry;
import dev.patchbay.store.FileStore;
import dev.patchbay.store.StoreConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A host that embeds engines, each with a name, below one folder. Closing fails if one of them has left something. */
record HostHere(Path folder) implements AutoCloseable {
    static HostHere make() throws IOException {
        return new HostHere(
                Files.createDirectory(
                        Path.of("/tmp", "pbh" + Integer.toHexString(new SecureRandom().nextInt()))));
    }

    Path root(String name) {
        return folder.resolve("r" + name);
    }

    Path execRoot(String name) {
        return folder.resolve("x" + name);
    }

    Plugins open(String name) {
        return openWith(name, _ -> {});
    }

    Plugins openWith(String name, Consumer<EngineConfig.Builder> changes) {
        return opening(root(name), execRoot(name), changes, _ -> {}).blockOptional(TrialWorld.PATIENCE)
                .orElseThrow();
    }

    Plugins openOn(String name, Consumer<RuncExecutorConfig.Builder> changes) {
        return opening(root(name), execRoot(name), _ -> {}, changes).blockOptional(TrialWorld.PATIENCE)
                .orElseThrow();
    }

    Mono<Plugins> opening(Path root, Path execRoot) {
        return opening(root, execRoot, _ -> {}, _ -> {});
    }

    private static Mono<Plugins> opening(Path root, Path execRoot, Consumer<EngineConfig.Builder> engine,
            Consumer<RuncExecutorConfig.Builder> executor) {
        var options = new SpecOptions(SpecOptions.DEFAULT.ociVersion(), SamplePlugin.CGROUP, Optional.empty(),
                PluginLimits.NONE);
        return RuncExecutor
                .opening(RuncExecutorConfig.of(it -> executor.accept(it.execRoot(execRoot).pluginRoot(root))))
                .flatMap(runc -> PluginEngine.open(
                        EngineConfig.of(it -> engine.accept(it.execRoot(execRoot).specOptions(options))),
                        FileStore.at(StoreConfig.at(root)), runc, Registry.none()));
    }

    /** Installs the bundled plugin, disabled. */
    void install(Plugins plugins, String name) throws IOException, InterruptedException {
        Path tar = folder.resolve("sample.tar");
        Process packing = new ProcessBuilder(List.of("tar", "-C", SamplePlugin.built().toString(), "-cf",
                tar.toString(), "config.json", "rootfs")).inheritIO().start();
        if (packing.waitFor() != 0) {
            throw new IOException("tar failed");
        }
        plugins.create(name, Flux.just(ByteBuffer.wrap(Files.readAllBytes(tar)))).block(TrialWorld.PATIENCE);
    }

    @Override
    public void close() throws IOException {
        var left = Machine.leftovers(folder);
        if (!left.isEmpty()) {
            throw new AssertionError("left: " + left);
        }
        TreeDeletion.delete(folder);
    }
}
