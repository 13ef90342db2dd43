package dev.patchbay.executor.runc;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.patchbay.PluginCall;
import dev.patchbay.Plugins;
import dev.patchbay.archive.TreeDeletion;
import dev.patchbay.engine.EngineConfig;
import dev.patchbay.engine.PluginEngine;
import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.limits.LimitsJson;
import dev.patchbay.limits.PluginLimits;
import dev.patchbay.oci.SpecOptions;
import dev.patchbay.registry.Registry;
import dev.patchbay.store.FileStore;
import dev.patchbay.store.StoreConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;

/** An engine whose plugins have limits, with everything that is real, over several processes' time. */
final class LimitedWorld implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What the sample plugin may do: error numbers, 0 for success. */
    record Probe(@JsonProperty("keyctl") int keyctl, @JsonProperty("unshare") int unshare,
            @JsonProperty("rootfs") int rootfs, @JsonProperty("socketFolder") int socketFolder,
            @JsonProperty("volumes") int volumes, @JsonProperty("noNewPrivileges") int noNewPrivileges,
            @JsonProperty("forks") int forks) {}

    final Path folder;
    private final Consumer<RuncExecutorConfig.Builder> runtime;
    Plugins plugins;

    LimitedWorld(Path folder, PluginLimits limits, Consumer<RuncExecutorConfig.Builder> runtime) {
        this.folder = folder;
        this.runtime = runtime;
        this.plugins = open(limits);
    }

    private Plugins open(PluginLimits limits) {
        Path execRoot = folder.resolve("x");
        var options = new SpecOptions(SpecOptions.DEFAULT.ociVersion(), SamplePlugin.CGROUP, Optional.empty(),
                limits);
        return PluginEngine
                .open(EngineConfig.of(c -> c.execRoot(execRoot).specOptions(options).liveRestore(true)),
                        FileStore.at(StoreConfig.at(folder.resolve("r"))),
                        RuncExecutor.open(RuncExecutorConfig.of(c -> {
                            c.execRoot(execRoot);
                            runtime.accept(c);
                        })), Registry.none())
                .blockOptional(PATIENCE)
                .orElseThrow();
    }

    /** The engine ends, its plugins run on; then comes another one. */
    void reopen(PluginLimits limits) {
        plugins.close().block(PATIENCE);
        plugins = open(limits);
    }

    static LimitOverrides limits(String json) {
        return LimitsJson.read(json.getBytes(StandardCharsets.UTF_8));
    }

    /** Installs the sample plugin. */
    void create(String name) throws IOException, InterruptedException {
        Path tar = Files.createTempFile(folder, "context", ".tar");
        Process packing = new ProcessBuilder(List.of("tar", "-C", SamplePlugin.built().toString(), "-cf",
                tar.toString(), "config.json", "rootfs")).inheritIO().start();
        if (packing.waitFor() != 0) {
            throw new IOException("tar failed");
        }
        plugins.create(name, Flux.just(ByteBuffer.wrap(Files.readAllBytes(tar)))).block(PATIENCE);
    }

    /** Gives it limits and starts it. */
    void enable(String name, String json) {
        plugins.limit(name, limits(json)).block(PATIENCE);
        plugins.enable(name, PATIENCE).block(PATIENCE);
    }

    Probe probe(String name) {
        return plugins.lookUp(name, "dummy")
                .flatMap(use -> use.client().call(PluginCall.of("Sample.Probe", Probe.class)))
                .blockOptional(PATIENCE)
                .orElseThrow();
    }

    /** What is in a file of its control group, in whatever hierarchy has it. */
    String group(String name, String... files) throws IOException {
        String group = SamplePlugin.CGROUP + "/"
                + plugins.inspect(name).blockOptional(PATIENCE).orElseThrow().plugin().id().hex();
        for (String place : Cgroups.ofThisMachine().places(group)) {
            for (String file : files) {
                if (Files.exists(Path.of(place, file))) {
                    return Files.readString(Path.of(place, file)).strip();
                }
            }
        }
        throw new IOException("no hierarchy has " + List.of(files));
    }

    @Override
    public void close() throws IOException {
        plugins.list(dev.patchbay.plugin.PluginFilter.ALL)
                .concatMap(view -> plugins.remove(view.plugin().id().hex(), dev.patchbay.Force.YES))
                .then(plugins.close())
                .block(PATIENCE);
        TreeDeletion.delete(folder);
    }
}
