package dev.patchbay.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);

    @Test
    void writesOneLineAgainAndAgainOnATerminalAndClearsIt() {
        var progress = new Progress(stream, true);

        progress.at(1, "one");
        progress.at(2, "two");
        progress.end();

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("\r\u001b[Kone\r\u001b[Ktwo\r\u001b[K");
    }

    @Test
    void writesPlainLinesElsewhereNotEverySecond() {
        var progress = new Progress(stream, false);

        for (int second = 1; second <= 21; second++) {
            progress.at(second, "at " + second);
        }
        progress.end();

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("at 1\nat 11\nat 21\n");
    }
}
