package dev.patchbay.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ProcessesTest {
    @TempDir
    private Path folder;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endAll() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void areThoseWhoseCommandLineNamesTheFolder() throws IOException {
        Process own = started("echo ready; exec -a " + folder + "/daemon sleep 600");
        Process neighbour = started("echo ready; exec -a " + folder + "2/daemon sleep 600");

        assertThat(Processes.of(folder)).extracting(ProcessHandle::pid)
                .contains(own.pid())
                .doesNotContain(neighbour.pid(), ProcessHandle.current().pid());
    }

    @Test
    void haveEndedWhenTheyWereToldToAndOthersHaveNot() throws IOException {
        Process own = started("echo ready; exec -a " + folder + "/daemon sleep 600");
        Process neighbour = started("echo ready; exec -a " + folder + "2/daemon sleep 600");

        Processes.end(folder);

        assertThat(own.isAlive()).isFalse();
        assertThat(neighbour.isAlive()).isTrue();
    }

    @Test
    void haveEndedEvenIfTheyIgnoreIt() throws Exception {
        Process deaf = started("trap '' TERM; : " + folder + "/deaf; echo ready; while :; do sleep 1; done");

        Processes.end(folder);

        assertThat(deaf.waitFor(0, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void haveANameAndTheirShareOfMemory() throws IOException {
        Process process = started("echo ready; exec sleep 600");
        while (!Processes.program(process.pid()).equals("sleep")) {
            Thread.onSpinWait();
        }

        assertThat(Processes.proportionalBytes(process.pid())).isBetween(4096L,
                Machine.residentBytes(process.pid()));
    }

    private Process started(String script) throws IOException {
        Process process = new ProcessBuilder("bash", "-c", script).start();
        started.add(process);
        assertThat(process.inputReader().readLine()).isEqualTo("ready");
        return process;
    }
}
