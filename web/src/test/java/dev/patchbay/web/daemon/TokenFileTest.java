package dev.patchbay.web.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.patchbay.syscall.HeldFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TokenFileTest {
    @TempDir
    private Path folder;

    private Path file(String content, String mode) throws IOException {
        Path file = Files.writeString(folder.resolve("tokens"), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    @Test
    void hasATokenALine() throws IOException {
        assertThat(TokenFile.read(file("# ours\n\n  0123456789abcdef \nsecret-of-somebody!\n", "rw-------")))
                .containsExactly("0123456789abcdef", "secret-of-somebody!");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "0123456789abcdef | rw-r----- | can be read by others than its owner; type: chmod 600 ",
            "0123456789abcdef | rwx------ | chmod 600",
            "# nothing        | rw------- | has no token",
            "short            | rw------- | must have tokens of 16 to 1024",
            "0123456789 abcde | r-------- | must have tokens of 16 to 1024"})
    void refusesWhatWouldNotBeSafe(String content, String mode, String message) throws IOException {
        Path file = file(content, mode);
        assertThatThrownBy(() -> TokenFile.read(file)).isInstanceOf(UsageException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining(content);
    }

    private void putAtItsPlace(String content, String mode) throws IOException {
        Path other = Files.writeString(folder.resolve("other"), content);
        Files.setPosixFilePermissions(other, PosixFilePermissions.fromString(mode));
        Files.move(other, folder.resolve("tokens"), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void takesNothingFromAFileThatIsPutAtItsPlaceMeanwhile() throws IOException {
        Path file = file("0123456789abcdef", "rw-------");
        try (HeldFile held = HeldFile.at(file)) {
            putAtItsPlace("of-somebody-else", "rw-r--r--");

            assertThat(TokenFile.read(file, held)).containsExactly("0123456789abcdef");
        }
    }

    @Test
    void isNotSatisfiedByAFileThatIsPutAtItsPlaceMeanwhile() throws IOException {
        Path file = file("of-somebody-else", "rw-r--r--");
        try (HeldFile held = HeldFile.at(file)) {
            putAtItsPlace("0123456789abcdef", "rw-------");

            assertThatThrownBy(() -> TokenFile.read(file, held)).hasMessageContaining("chmod 600");
        }
    }

    @Test
    void refusesAFileOfAnotherUser() throws IOException {
        Path file = file("0123456789abcdef", "rw-------");
        assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid")).as("only root gives files away")
                .isEqualTo(0);
        Files.setAttribute(file, "unix:uid", 12345);
        assertThatThrownBy(() -> TokenFile.read(file)).isInstanceOf(UsageException.class)
                .hasMessageContaining("belongs to the user 12345; type: chown 0");
    }

    @Test
    void refusesWhatIsTooLong() throws IOException {
        Path file = file("#".repeat(TokenFile.MAX_BYTES + 1), "rw-------");
        assertThatThrownBy(() -> TokenFile.read(file)).hasMessageContaining("is larger than");
    }

    @Test
    void refusesALinkAndWhatIsNotThere() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), file("0123456789abcdef", "rw-------"));
        assertThatThrownBy(() -> TokenFile.read(link)).hasMessageContaining("must be a file, and no link");
        assertThatThrownBy(() -> TokenFile.read(folder.resolve("none")))
                .hasMessageContaining("does not exist");
    }
}
