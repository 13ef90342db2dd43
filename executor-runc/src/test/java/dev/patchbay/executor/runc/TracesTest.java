package dev.patchbay.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.executor.ExitStatus;
import dev.patchbay.executor.RuntimeExecutorContract;
import dev.patchbay.plugin.PluginId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a container ended, as its monitor's files and its control group tell. */
class TracesTest {
    private static final PluginId PLUGIN = RuntimeExecutorContract.PLUGIN;
    private static final String GROUP = "/patchbay/one";
    private static final ProcessIdentity GONE = new ProcessIdentity(Integer.MAX_VALUE, 1);

    @TempDir
    Path folder = Path.of("/");

    private Layout layout = new Layout(folder, folder);

    @BeforeEach
    void make() throws IOException {
        layout = new Layout(folder.resolve("x"), folder.resolve("l"));
        Files.createDirectories(layout.bundle(PLUGIN));
        Files.createDirectories(layout.exits());
    }

    private ExitStatus ending(String code, boolean killedHere) throws IOException, InterruptedException {
        Files.writeString(layout.exitFile(PLUGIN), code);
        var config = RuncExecutorConfig.of(it -> it.execRoot(folder.resolve("x")));
        var usage = new GroupUsage(new Cgroups(List.of(folder.resolve("memory"))));
        return new Traces(config, layout, usage).ending(PLUGIN, GONE, "", killedHere);
    }

    private void kernelHasKilled(int times) throws IOException {
        new ContainerRecord(PLUGIN, 1,
                new ContainerRecord.Making("", "runc", Path.of("/r"),
                        new ContainerRecord.Places(Optional.empty(), Optional.of(GROUP)), new LogPlace(0, 0)),
                Optional.empty()).write(layout.bundle(PLUGIN));
        Path group = Files.createDirectories(folder.resolve("memory" + GROUP));
        Files.writeString(group.resolve("memory.oom_control"), "under_oom 0\noom_kill " + times + "\n");
    }

    @Test
    void whoeverEndedByKillRanOutOfMemoryIfTheMonitorOrTheKernelSaysSo() throws Exception {
        assertThat(ending("137", false)).as("nobody says so").isEqualTo(new ExitStatus.Signaled(9, false));
        kernelHasKilled(0);
        assertThat(ending("137", false)).as("none was killed").isEqualTo(new ExitStatus.Signaled(9, false));
        kernelHasKilled(1);
        assertThat(ending("137", false)).as("the kernel").isEqualTo(new ExitStatus.Signaled(9, true));
        kernelHasKilled(0);
        Files.createFile(Layout.outOfMemory(layout.bundle(PLUGIN)));
        assertThat(ending("137", false)).as("the monitor").isEqualTo(new ExitStatus.Signaled(9, true));
    }

    @Test
    void whoeverLostAChildToTheKernelAndEndsOtherwiseDidNotRunOutOfMemory() throws Exception {
        kernelHasKilled(1);
        Files.createFile(Layout.outOfMemory(layout.bundle(PLUGIN)));
        assertThat(ending("143", false)).isEqualTo(new ExitStatus.Signaled(15, false));
        assertThat(ending("134", false)).isEqualTo(new ExitStatus.Signaled(6, false));
        assertThat(ending("1", false)).isEqualTo(new ExitStatus.Exited(1));
        assertThat(ending("137", true)).as("killed here").isEqualTo(new ExitStatus.Signaled(9, false));
    }

    @Test
    void aRecordThatCannotBeReadKeepsNobodyFromHearingHowItEnded() throws Exception {
        Files.createDirectory(Layout.record(layout.bundle(PLUGIN)));
        assertThat(ending("137", false)).isEqualTo(new ExitStatus.Signaled(9, false));
    }
}
