package dev.patchbay.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.patchbay.executor.RunningContainer;
import dev.patchbay.executor.RuntimeExecutorContract;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A process that may open no more files can look at no other process. That must not count as the end of one. */
@Tag("runtime")
class OutOfDescriptorsIT extends RuncExecutorStage {
    @BeforeAll
    static void needsRunc() {
        Optional<String> missing = Machine.missing("runc");
        assumeTrue(missing.isEmpty(), () -> "skipped: " + missing.orElse(""));
    }

    @Test
    void whatCannotBeLookedAtHasNotEnded() throws Exception {
        List<String> words = wordsOfOneThatRunsOut();
        String running = words.getFirst();
        assertThat(running).startsWith(RunningContainer.class.getSimpleName());
        String pid = running.replaceFirst(".*pid=(\\d+).*", "$1");
        assertThat(words.get(1)).as("before").isEqualTo("[" + running + "]");
        assertThat(words.get(2)).as("what runs")
                .matches(
                        "failed: process " + pid + " cannot be looked at: /proc/" + pid + "/stat: .+");
        assertThat(words.get(3)).as("a start")
                .startsWith("failed: what an earlier start left cannot be removed: ");
        assertThat(words.get(4)).as("ends that were told").isEqualTo("[]");
        assertThat(words.get(5)).as("afterwards").isEqualTo("[" + running + "]");
    }

    private List<String> wordsOfOneThatRunsOut() throws Exception {
        var request = request(sample(), 1);
        Path spec = Files.writeString(work.resolve("spec.json"), request.spec());
        Path errors = work.resolve("errors");
        Process child = new ProcessBuilder("/bin/sh", "-c", "ulimit -n 256; exec \"$@\"", "sh",
                ProcessHandle.current().info().command().orElseThrow(), "-cp",
                System.getProperty("java.class.path"), "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1", RunsOutOfDescriptors.class.getName(), execRoot.toString(),
                work.toString(), spec.toString())
                .redirectError(errors.toFile())
                .start();
        try {
            String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(child.waitFor(RuntimeExecutorContract.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(child.exitValue()).as(Files.readString(errors)).isZero();
            return output.lines().toList();
        } finally {
            child.destroyForcibly();
            open(); // deletes what it has left
        }
    }
}
