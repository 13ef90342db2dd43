package dev.patchbay.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadTestTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final LoadTest test = new LoadTest(new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8), new Stop());

    @Test
    void explainsItself() {
        assertThat(test.run(List.of("--help"))).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("usage: load-test");
        assertThat(err.size()).isZero();
    }

    @Test
    void saysWhichArgumentIsWrong() {
        assertThat(test.run(List.of("--rate", "fast"))).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo(
                "load-test: --rate is a number above 0, up to 1000000, not \"fast\"; --help says what there is\n");
    }

    @Test
    void saysThatNobodyAnswers() {
        assertThat(test.run(List.of("--target", "unix:///nobody/listens/here"))).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("load-test: nobody answers on unix:///nobody/listens/here: ");
    }

    @Test
    void saysThatThereIsNoSuchHost() {
        assertThat(test.run(List.of("--target", "http://no-such-host.invalid:1"))).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        "load-test: nobody answers on http://no-such-host.invalid:1: no-such-host.invalid:1\n");
    }

    @Test
    void looksWhetherItCanWriteAReportBeforeItMeasures() throws Exception {
        try (var server = StallingServer.start(Duration.ZERO, Duration.ZERO)) {
            assertThat(
                    test.run(List.of("--target", server.endpoint().toString(), "--report", "/proc/no.txt")))
                    .isEqualTo(1);
            assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("load-test: /proc/no.txt");
        }
    }

    @Test
    void saysThatThereIsNoDaemonOfItsOwnToStart() {
        assertThat(test.run(List.of())).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        "load-test: there is no distribution to start a daemon of its own from; give a --target\n");
    }
}
