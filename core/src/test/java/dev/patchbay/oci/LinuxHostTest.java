package dev.patchbay.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxHostTest {

    private final LinuxHost host = new LinuxHost();

    @Test
    void readsADevice() {
        DeviceNode zero = host.devices("/dev/zero").getFirst();
        assertThat(zero.type()).isEqualTo(DeviceNode.Type.CHARACTER);
        assertThat(List.of(zero.major(), zero.minor())).containsExactly(1L, 5L);
        assertThat(zero.path()).isEqualTo("/dev/zero");
    }

    @Test
    void followsALinkAndKeepsItsPath(@TempDir Path dir) throws IOException {
        Path link = Files.createSymbolicLink(dir.resolve("link"), Path.of("/dev/null"));
        DeviceNode found = host.devices(link.toString()).getFirst();
        assertThat(found.path()).isEqualTo(link.toString());
        assertThat(found.minor()).isEqualTo(3);
    }

    @Test
    void findsTheDevicesBelowAFolderAndNothingElse(@TempDir Path dir)
            throws IOException, InterruptedException {
        Files.createDirectory(dir.resolve("sub"));
        Files.createFile(dir.resolve("sub/file"));
        Path pipe = dir.resolve("sub/pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        assertThat(host.devices(dir + "/")).map(DeviceNode::path).containsExactly(pipe.toString());
    }

    @Test
    void saysWhatIsWrongWithAPath(@TempDir Path dir) throws IOException {
        String prefix = "error gathering device information while adding custom device \"";
        Path file = Files.createFile(dir.resolve("file"));
        assertThatThrownBy(() -> host.devices("/dev/none-such"))
                .hasMessage(prefix + "/dev/none-such\": no such file, or not readable");
        assertThatThrownBy(() -> host.devices(file.toString()))
                .hasMessage(prefix + file + "\": not a device node, and no folder with one");
    }

    @Test
    void takesDeviceNumbersApartAsTheKernelPutsThemTogether() {
        long device = 0x12345L << 44 | 0x678L << 8 | 0x9aL | 0xbcdefL << 20;
        assertThat(LinuxHost.major(device)).isEqualTo(0x12345000L | 0x678);
        assertThat(LinuxHost.minor(device)).isEqualTo(0xbcdef00L | 0x9a);
    }

    @Test
    void listsWhateverTemperatureFilesThereAre() {
        assertThat(host.thermalThrottlePaths()).allMatch(path -> path.endsWith("/thermal_throttle"));
    }
}
