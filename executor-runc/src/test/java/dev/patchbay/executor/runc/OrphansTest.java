package dev.patchbay.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrphansTest {
    private static final Path BUNDLE = Path.of("/x/.patchbay/c/1");
    private static final String LONG_NAME = "a-runtime-of-a-long-name";

    @TempDir
    Path folder = Path.of("/");

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endProcesses() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    /** One that waits, and by its arguments is at work for a bundle. */
    private long process(String name, Path bundle) throws IOException {
        Path program = folder.resolve(name);
        if (!Files.exists(program)) {
            Files.createSymbolicLink(program, Path.of("/bin/sh"));
        }
        Process process = new ProcessBuilder(
                program.toString(), "-c", "echo; read _", "sh", "-b", bundle.toString()).start();
        started.add(process);
        assertThat(process.getInputStream().read()).as("runs").isEqualTo('\n');
        return process.pid();
    }

    private List<Long> orphans() throws IOException {
        return Orphans.of(BUNDLE, List.of(folder.resolve("conmon"), folder.resolve(LONG_NAME)))
                .stream()
                .map(ProcessIdentity::pid)
                .toList();
    }

    @Test
    void areOurProgramsAtWorkForABundle() throws IOException {
        long monitor = process("conmon", BUNDLE);
        long runtime = process(LONG_NAME, BUNDLE);
        process("conmon", BUNDLE.resolveSibling("2"));
        assertThat(orphans()).containsExactlyInAnyOrder(monitor, runtime);
    }

    // Whose command line may never be answered.
    @Test
    void areNoProgramsOfOthers() throws IOException {
        process("another", BUNDLE);
        assertThat(orphans()).isEmpty();
    }
}
