package dev.patchbay.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootfsTest {
    @TempDir
    Path work = Path.of("/");

    private Path rootfs = Path.of("/");
    private Path outside = Path.of("/");

    @BeforeEach
    void makeFolders() throws IOException {
        rootfs = Files.createDirectory(work.resolve("rootfs"));
        outside = Files.createDirectory(work.resolve("outside"));
    }

    @Test
    void makesMountPointsAndFiles() throws IOException {
        Rootfs.prepare(rootfs);
        Rootfs.prepare(rootfs);
        assertThat(rootfs.resolve("dev/pts")).isDirectory();
        assertThat(rootfs.resolve("dev/shm")).isDirectory();
        assertThat(rootfs.resolve("proc")).isDirectory();
        assertThat(rootfs.resolve("sys")).isDirectory();
        for (String file : new String[]{".dockerenv", "etc/resolv.conf", "etc/hosts", "etc/hostname",
                "dev/console"}) {
            assertThat(rootfs.resolve(file)).isEmptyFile();
        }
        assertThat(Files.readSymbolicLink(rootfs.resolve("etc/mtab"))).isEqualTo(Path.of("/proc/mounts"));
    }

    @Test
    void replacesFilesWithContentAndWrongLinks() throws IOException {
        Files.createDirectory(rootfs.resolve("etc"));
        Files.writeString(rootfs.resolve("etc/hosts"), "1.2.3.4 x");
        Files.createSymbolicLink(rootfs.resolve("etc/mtab"), outside);
        Rootfs.prepare(rootfs);
        assertThat(rootfs.resolve("etc/hosts")).isEmptyFile();
        assertThat(Files.readSymbolicLink(rootfs.resolve("etc/mtab"))).isEqualTo(Path.of("/proc/mounts"));
    }

    @Test
    void followsNoLinkOutOfTheRoot() throws IOException {
        Path secret = Files.writeString(outside.resolve("hosts"), "secret");
        Files.createSymbolicLink(rootfs.resolve("etc"), outside);
        Files.createSymbolicLink(rootfs.resolve("dev"), outside);
        Files.createSymbolicLink(rootfs.resolve("proc"), outside);
        Files.createSymbolicLink(rootfs.resolve(".dockerenv"), secret);
        Rootfs.prepare(rootfs);
        assertThat(outside).isDirectoryContaining("regex:.*/hosts").isNotEmptyDirectory();
        assertThat(secret).hasContent("secret");
        try (var files = Files.list(outside)) {
            assertThat(files).containsExactly(secret);
        }
        assertThat(Files.isDirectory(rootfs.resolve("etc"), LinkOption.NOFOLLOW_LINKS)).isTrue();
        assertThat(Files.isDirectory(rootfs.resolve("proc"), LinkOption.NOFOLLOW_LINKS)).isTrue();
    }

    @Test
    void refusesARootThatIsALink() throws IOException {
        Path link = Files.createSymbolicLink(work.resolve("link"), outside);
        assertThatIOException().isThrownBy(() -> Rootfs.prepare(link))
                .withMessageContaining("not a directory");
    }

    @Test
    void removalFollowsNoLink() throws IOException {
        Path kept = Files.writeString(outside.resolve("kept"), "x");
        Path tree = Files.createDirectories(work.resolve("tree/below"));
        Files.createSymbolicLink(tree.resolve("link"), outside);
        FileTree.remove(work.resolve("tree"));
        assertThat(work.resolve("tree")).doesNotExist();
        assertThat(kept).exists();
        FileTree.remove(work.resolve("tree"));
    }
}
