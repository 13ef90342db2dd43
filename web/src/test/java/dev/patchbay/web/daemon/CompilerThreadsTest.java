package dev.patchbay.web.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompilerThreadsTest {
    /** proc_pid_stat(5), the 19th field, counted from the one after the name. */
    private static final int NICENESS = 16;

    @Test
    void letsTheOptimizingCompilerGiveWay() throws IOException {
        CompilerThreads.giveWay();

        List<Integer> found = CompilerThreads.found();
        assertThat(found).isNotEmpty();
        for (int thread : found) {
            String stat = Files.readString(Path.of("/proc/self/task/" + thread + "/stat"));
            assertThat(List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)).get(NICENESS))
                    .isEqualTo("10");
        }
    }
}
