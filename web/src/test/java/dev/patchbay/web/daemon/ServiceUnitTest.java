package dev.patchbay.web.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.oci.SpecOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The unit for systemd that comes with the distribution. */
final class ServiceUnitTest {
    private static final Path UNIT = Path.of("src/main/dist/systemd/patchbay.service");

    @Test
    void signalsTheDaemonAlone() throws IOException {
        assertThat(settings()).contains("KillMode=process", "Type=exec");
    }

    @Test
    void claimsNoControlGroupsForTheServiceThatPluginsAreNotIn() throws IOException {
        assertThat(settings()).noneMatch(line -> line.startsWith("Delegate"));
        assertThat(SpecOptions.DEFAULT.cgroupParent()).isEqualTo("/patchbay");
        assertThat(Files.readString(UNIT)).contains("/patchbay/ID");
    }

    @Test
    void givesACleanStopItsTime() throws IOException {
        String seconds = value("TimeoutStopSec=");

        assertThat(Long.parseLong(seconds)).isGreaterThan(Configuration.DEFAULT_SHUTDOWN_TIMEOUT.toSeconds());
    }

    @Test
    void runsACommandThatTheProgramTakes() throws IOException {
        List<String> command = List.of(value("ExecStart=").split(" "));

        assertThat(command.subList(0, 2)).containsExactly("/opt/patchbay/bin/patchbay", "serve");
        assertThat(Configuration.of(
                CommandLineFixture.given(command.subList(2, command.size()).toArray(String[]::new))))
                .isNotNull();
    }

    @Test
    void leavesTheDaemonInTheMachinesMountNamespaceAndItsRunFolderInPlace() throws IOException {
        assertThat(settings()).noneMatch(line -> line.matches(
                "(Private|Protect|MountFlags|RuntimeDirectory|ReadOnlyPaths|InaccessiblePaths|BindPaths|RootDirectory).*"));
    }

    private static String value(String key) throws IOException {
        return settings().stream()
                .filter(line -> line.startsWith(key))
                .findFirst()
                .orElseThrow()
                .substring(key.length());
    }

    private static List<String> settings() throws IOException {
        return Files.readAllLines(UNIT).stream().filter(line -> line.matches("[A-Z].*")).toList();
    }
}
