package dev.patchbay.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.executor.RuntimeExecutorContract;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandLinesTest {
    private static final String ID = RuntimeExecutorContract.PLUGIN.hex();
    private static final RuntimeProgram RUNC = RuntimeProgram.at(Path.of("/usr/sbin/runc"));
    private static final Path STATE = Path.of("/x/.patchbay/r/runc");
    private static final Path BUNDLE = Path.of("/x/.patchbay/c/1");

    private static List<String> monitor(RuntimeProgram runtime, Path log) {
        var files = new CommandLines.Monitored(BUNDLE, Path.of("/x/.patchbay/exits"), log);
        return CommandLines.monitor(
                Path.of("/usr/bin/conmon"), runtime, STATE, RuntimeExecutorContract.PLUGIN, files);
    }

    @Test
    void theMonitorReplacesTheShellAndReportsOnDescriptor3() {
        assertThat(monitor(RUNC, Path.of("/logs/1/log")))
                .containsExactly(
                        "/bin/sh", "-c", "exec \"$@\" 3>&1 >/dev/null", "sh", "/usr/bin/conmon",
                        "--api-version", "1", "--sync",
                        "-c", ID, "-u", ID, "-n", ID,
                        "-r", "/usr/sbin/runc", "-b", "/x/.patchbay/c/1",
                        "--runtime-arg", "--root", "--runtime-arg", "/x/.patchbay/r/runc",
                        "--runtime-arg", "--log", "--runtime-arg", "/x/.patchbay/c/1/runtime.log",
                        "--runtime-arg", "--log-format", "--runtime-arg", "json",
                        "-p", "/x/.patchbay/c/1/container.pid",
                        "--exit-dir", "/x/.patchbay/exits", "--persist-dir", "/x/.patchbay/c/1",
                        "--full-attach", "-l", "k8s-file:/logs/1/log", "--log-level", "warning",
                        "--no-new-keyring");
    }

    @Test
    void fixedArgumentsComeFirstAndOneByOne() {
        var runtime = new RuntimeProgram(Path.of("/opt/r"), List.of("--systemd-cgroup", "a b"));
        assertThat(monitor(runtime, Path.of("/l"))).containsSubsequence(
                "--runtime-arg", "--systemd-cgroup", "--runtime-arg", "a b", "--runtime-arg", "--root");
        assertThat(CommandLines.start(runtime, STATE, BUNDLE, RuntimeExecutorContract.PLUGIN))
                .containsExactly(
                        "/opt/r", "--systemd-cgroup", "a b", "--root", STATE.toString(),
                        "--log", BUNDLE + "/runtime.log", "--log-format", "json", "start", ID);
    }

    @Test
    void nothingBecomesPartOfTheShellsScript() {
        Path evil = Path.of("/l/$(touch x)\"; rm -rf '");
        List<String> line = monitor(RUNC, evil);
        assertThat(line.get(2)).isEqualTo("exec \"$@\" 3>&1 >/dev/null");
        assertThat(line).contains("k8s-file:" + evil);
    }

    @Test
    void deleteForcesSoThatNothingToDeleteIsNoFailure() {
        assertThat(CommandLines.delete(RUNC, STATE, BUNDLE, RuntimeExecutorContract.PLUGIN))
                .endsWith("delete", "--force", ID);
    }
}
