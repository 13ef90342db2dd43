package dev.patchbay.benchmarks.enable;

import dev.patchbay.benchmarks.measure.EngineHere;

import dev.patchbay.executor.ContainerRequest;
import dev.patchbay.executor.runc.RuncExecutor;
import dev.patchbay.plugin.PluginId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;

/** The sample plugin through the executor's port alone: no engine, no store, no HTTP. */
final class PortContainer implements Startable, AutoCloseable {
    private final RuncExecutor executor;
    private final PluginId id = PluginId.random(new SecureRandom());
    private final Path folder;
    private final Path exec;
    private final String spec;
    private int generation;

    private PortContainer(Template template, Path execRoot) {
        this.executor = EngineHere.executor(execRoot);
        this.folder = execRoot.resolve("plugin");
        this.exec = execRoot.resolve(id.hex());
        this.spec = template.specFor(id, folder, exec);
    }

    static PortContainer like(Template template, Path execRoot) throws IOException {
        Files.createDirectories(execRoot);
        var container = new PortContainer(template, execRoot);
        template.copyTo(container.folder);
        return container;
    }

    @Override
    public void start() {
        generation++;
        var request = new ContainerRequest(id, generation, spec, folder.resolve("rootfs"), exec,
                Optional.of(folder.resolve("propagated-mount")));
        executor.start(request)
                .then(executor.awaitListening(id, exec.resolve("sample.sock")))
                .block(EngineHere.PATIENCE);
    }

    @Override
    public void stop() {
        executor.delete(id).block(EngineHere.PATIENCE);
    }

    @Override
    public void close() {
        executor.close().block(EngineHere.PATIENCE);
    }
}
