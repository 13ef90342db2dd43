package dev.patchbay.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.patchbay.executor.ExitStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What conmon and runtimes say, read: sync line, complaints, exit files. */
class MonitorWordsTest {
    static Stream<Arguments> syncLines() {
        return Stream.of(
                arguments("{\"data\": 4711}", new SyncLine.Created(4711)),
                arguments("{\"pid\": 4711}", new SyncLine.Created(4711)),
                arguments("{\"data\": -1, \"message\": \"no\\n\"}", new SyncLine.Refused("no\n")),
                arguments("{\"data\": -1}", new SyncLine.Refused("")),
                arguments("", new SyncLine.Unreadable("")),
                arguments("[conmon:e]: x", new SyncLine.Unreadable("[conmon:e]: x")),
                arguments("{\"data\": \"x\"}", new SyncLine.Unreadable("{\"data\": \"x\"}")),
                arguments("{}", new SyncLine.Unreadable("{}")));
    }

    @ParameterizedTest
    @MethodSource("syncLines")
    void readsTheSyncLine(String line, SyncLine expected) {
        assertThat(SyncLine.parse(line)).isEqualTo(expected);
    }

    static Stream<Arguments> complaints() {
        String nope = "exec: \"/nope\": stat /nope: no such file or directory";
        return Stream.of(
                arguments("runc create failed: unable to start container process: " + nope, nope),
                arguments(
                        "time=\"2026-11-23T20:00:00Z\" level=error msg=\"runc create failed: unable to start"
                                + " container process: exec: \\\"/nope\\\": stat /nope: no such file or directory\"",
                        nope),
                arguments(
                        "{\"level\":\"error\",\"msg\":\"runc create failed: unable to start container process:"
                                + " exec: \\\"/nope\\\": stat /nope: no such file or directory\",\"time\":\"x\"}",
                        nope),
                arguments(
                        "{\"level\":\"warning\",\"msg\":\"old kernel\"}\n{\"level\":\"error\",\"msg\":\"bad\"}",
                        "bad"),
                arguments("{\"level\":\"error\",\"msg\":\"bad\"}\n{\"level\":\"warning\",\"msg\":\"later\"}",
                        "bad"),
                arguments(
                        "2026-11-23T20:03:57.133489Z: executable file `/nope` not found in $PATH: No such file",
                        "executable file `/nope` not found in $PATH: No such file"),
                arguments("[conmon:e]: Runtime path /nope is not valid", "Runtime path /nope is not valid"),
                arguments("a\tb\u001b[31mc\n\n", "a b [31mc"),
                arguments("{broken", "{broken"),
                arguments("error: ", "error:"));
    }

    @ParameterizedTest
    @MethodSource("complaints")
    void makesComplaintsReadable(String text, String expected) {
        assertThat(RuntimeWords.readable(text)).contains(expected);
    }

    @Test
    void findsNoComplaintWhereThereIsNone() {
        assertThat(RuntimeWords.readable("\n \n")).isEmpty();
        assertThat(RuntimeWords.readable("{\"level\":\"warning\",\"msg\":\"old kernel\"}")).isEmpty();
        assertThat(RuntimeWords.firstOf(List.of("", "words"))).contains("words");
        assertThat(RuntimeWords.readable("x".repeat(5000)).orElse("")).hasSize(1001);
    }

    static Stream<Arguments> exitFiles() {
        return Stream.of(
                arguments("0", new ExitStatus.Exited(0)),
                arguments("37", new ExitStatus.Exited(37)),
                arguments("128", new ExitStatus.Exited(128)),
                arguments("137", new ExitStatus.Signaled(9, true)),
                arguments("134", new ExitStatus.Signaled(6, true)),
                arguments("192", new ExitStatus.Signaled(64, true)),
                arguments("193", new ExitStatus.Exited(193)),
                arguments("255", new ExitStatus.Exited(255)),
                arguments("-1", new ExitStatus.Unknown("the monitor wrote '-1' for an exit code")),
                arguments("", new ExitStatus.Unknown("the monitor wrote '' for an exit code")));
    }

    @ParameterizedTest
    @MethodSource("exitFiles")
    void readsExitFiles(String text, ExitStatus expected) {
        assertThat(ExitFile.parse(text, true)).isEqualTo(expected);
    }

    @Test
    void aMissingExitFileIsNoStatus(@TempDir Path folder) throws IOException {
        assertThat(ExitFile.read(folder.resolve("none"), false)).isEqualTo(Optional.empty());
    }
}
