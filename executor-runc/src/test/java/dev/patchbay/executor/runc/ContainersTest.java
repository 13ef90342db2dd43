package dev.patchbay.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.executor.Signal;
import dev.patchbay.plugin.PluginId;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainersTest {
    private static final PluginId PLUGIN = new PluginId("ab".repeat(32));

    @TempDir
    Path work;

    @Test
    void aForgottenPluginIsNotKeptInMemoryD30() throws Exception {
        var config = RuncExecutorConfig.of(it -> it.execRoot(Path.of("/t")));
        var layout = new Layout(work.resolve("exec"), work.resolve("logs"));
        try (var folders = FolderWatch.open();
                var logs = new Logs(config, layout, folders);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var exitWatch = new ExitWatch(layout, folders, threads);
            var containers = new Containers(config, layout, logs, exitWatch, _ -> {});
            containers.signal(PLUGIN, 1, Signal.TERM);
            assertThat(containers.remembered()).isZero();

            containers.delete(PLUGIN);
            assertThat(containers.remembered()).isOne();
            containers.forget(PLUGIN);

            assertThat(containers.remembered()).isZero();
        }
    }
}
