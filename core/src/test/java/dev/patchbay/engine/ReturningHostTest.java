package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process ends with its {@code main}, whatever of an engine was open in it. */
@Timeout(120)
class ReturningHostTest {
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    private Path folder;

    @Test
    void noThreadOfAClosedEngineKeepsItsHostFromEnding() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process host = new ProcessBuilder(List.of(java.toString(), "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                ReturningHost.class.getName(), folder.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            var said = host.inputReader().lines().filter(line -> !line.isBlank()).toList();
            assertThat(said).containsExactly("returns");
            assertThat(host.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(host.exitValue()).isZero();
        } finally {
            host.destroyForcibly().onExit().join();
        }
    }
}
