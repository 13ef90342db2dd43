package dev.patchbay.executor.runc;

import dev.patchbay.executor.ContainerRequest;
import dev.patchbay.executor.RuntimeExecutor;
import dev.patchbay.executor.RuntimeExecutorContract;
import dev.patchbay.plugin.PluginId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A real executor in folders of its own, and the check that nothing of it stays after a test. */
abstract class RuncExecutorStage {
    static final Duration PATIENCE = RuntimeExecutorContract.PATIENCE;

    Path work = Path.of("/");
    Path execRoot = Path.of("/");
    private final List<RuncExecutor> opened = new ArrayList<>();

    /** Changes the configuration of {@link #open}. */
    void configure(RuncExecutorConfig.Builder builder) {}

    @BeforeEach
    final void makeFolders() throws IOException {
        work = Files.createTempDirectory(Path.of("/tmp"), "pb");
        execRoot = work.resolve("x");
    }

    final RuncExecutor open() {
        return open(_ -> {});
    }

    final RuncExecutor open(Consumer<RuncExecutorConfig.Builder> change) {
        RuncExecutor executor = RuncExecutor.open(RuncExecutorConfig.of(builder -> {
            builder.execRoot(execRoot).logRoot(work.resolve("logs")).pluginRoot(work);
            configure(builder);
            change.accept(builder);
        }));
        opened.add(executor);
        return executor;
    }

    /** Closes one before the end of the test. */
    final void close(RuncExecutor executor) {
        opened.remove(executor);
        executor.close().block(PATIENCE);
    }

    final SamplePlugin sample() {
        return SamplePlugin.in(work, execRoot);
    }

    final ContainerRequest request(SamplePlugin plugin, int generation) {
        return plugin.request(RuntimeExecutorContract.PLUGIN, generation);
    }

    final Layout layout() {
        return new Layout(execRoot, work.resolve("logs"));
    }

    /**
     * A monitor whose starter was killed before it knew of it, but that lives on, as conmon does from 2.1.8 on: what it has
     * to report goes to a file.
     */
    final Process abandonedMonitor(ContainerRequest request, RuntimeProgram runtime) throws IOException {
        PluginId plugin = request.plugin();
        Bundle.prepareRoots(layout(), List.of("runc"));
        Path bundle = layout().bundle(plugin);
        Bundle.prepare(request, layout(), "runc", new LogPlace(1, 0));
        Path log = Files.createDirectories(layout().logs(plugin)).resolve("log");
        List<String> line = CommandLines.monitor(RuntimeProgram.find("conmon").orElseThrow(), runtime,
                layout().runtimeState("runc"), plugin,
                new CommandLines.Monitored(bundle, layout().exits(), log));
        var builder = new ProcessBuilder(line).directory(bundle.toFile())
                .redirectOutput(report().toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("_OCI_SYNCPIPE", "3");
        return builder.start();
    }

    /** What an abandoned monitor has reported, once it has. */
    final Path report() {
        return work.resolve("report");
    }

    /** Processes, mounts, cgroups and folders. */
    final List<String> left() {
        var left = new ArrayList<>(Machine.leftovers(work));
        Path state = execRoot.resolve(Layout.STATE);
        try {
            left.addAll(Machine.children(state.resolve("c")));
            left.addAll(Machine.children(state.resolve("r/runc")));
            left.addAll(Machine.children(state.resolve("r/crun")));
            Machine.children(execRoot).stream().filter(it -> !it.endsWith(Layout.STATE)).forEach(left::add);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return left;
    }

    @AfterEach
    final void leaveNothing() throws IOException {
        List<String> left;
        try {
            for (RuntimeExecutor executor : opened) {
                executor.delete(RuntimeExecutorContract.PLUGIN).block(PATIENCE);
            }
        } finally {
            for (RuntimeExecutor executor : opened) {
                executor.close().block(PATIENCE);
            }
            left = left();
            Cgroups.ofThisMachine().removeIfEmpty(SamplePlugin.CGROUP);
            FileTree.remove(work);
        }
        if (!left.isEmpty()) {
            throw new AssertionError("left behind: " + left);
        }
    }
}
