package dev.patchbay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A path inside a plugin, found on the host. */
class InsidePathTest {
    @TempDir
    private Path folder;

    private Path rootfs;
    private Path propagated;

    @BeforeEach
    void makeFolders() throws IOException {
        rootfs = Files.createDirectories(folder.resolve("rootfs"));
        propagated = Files.createDirectories(folder.resolve("propagated-mount"));
    }

    @Test
    @DisplayName("D58: whole names are compared, so /database is not below /data")
    void comparesWholeNamesD58() throws IOException {
        assertThat(onHost("/data/v")).isEqualTo(propagated.resolve("v"));
        assertThat(onHost("/data")).isEqualTo(propagated);
        assertThat(onHost("/data/")).isEqualTo(propagated);
        assertThat(onHost("//data/./v//w")).isEqualTo(propagated.resolve("v/w"));
        assertThat(onHost("/database/v")).isEqualTo(rootfs.resolve("database/v"));
        assertThat(onHost("/mnt/data/v")).isEqualTo(rootfs.resolve("mnt/data/v"));
        assertThat(onHost("/")).isEqualTo(rootfs);
        assertThat(new InsidePath(rootfs, propagated, "").onHost("/data/v"))
                .isEqualTo(rootfs.resolve("data/v"));
        assertThat(new InsidePath(rootfs, propagated, "/var/lib/").onHost("/var/lib/v"))
                .isEqualTo(propagated.resolve("v"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/data/../../etc", "/..", "/data/..", "../x", "data", "", "/a/\0"})
    @DisplayName("D58: what is no path inside is refused")
    void refusesWhatLeadsOutD58(String path) {
        assertThatThrownBy(() -> onHost(path)).isInstanceOf(InvalidContentException.class);
    }

    @Test
    @DisplayName("D58: links lead where they lead inside, never out")
    void followsLinksInsideOnlyD58() throws IOException {
        Path outside = Files.createDirectories(folder.resolve("outside"));
        Files.createSymbolicLink(rootfs.resolve("host"), outside.toAbsolutePath());
        Files.createSymbolicLink(rootfs.resolve("up"), Path.of("../../../outside"));
        Files.createSymbolicLink(rootfs.resolve("mnt"), Path.of("/data"));
        Files.createSymbolicLink(propagated.resolve("etc"), Path.of("/etc"));
        Files.createSymbolicLink(propagated.resolve("back"), Path.of("../srv"));
        assertThat(onHost("/host/x"))
                .isEqualTo(rootfs.resolve(Path.of("/").relativize(outside.toAbsolutePath()))
                        .resolve("x"));
        assertThat(onHost("/up/x")).isEqualTo(rootfs.resolve("outside/x"));
        assertThat(onHost("/mnt/v")).isEqualTo(propagated.resolve("v"));
        assertThat(onHost("/data/etc/passwd")).isEqualTo(rootfs.resolve("etc/passwd"));
        assertThat(onHost("/data/back/v")).isEqualTo(rootfs.resolve("srv/v"));
    }

    @Test
    void givesUpOnLinksThatGoRoundInCircles() throws IOException {
        Files.createSymbolicLink(rootfs.resolve("a"), Path.of("b"));
        Files.createSymbolicLink(rootfs.resolve("b"), Path.of("a"));
        assertThatThrownBy(() -> onHost("/a/x")).isInstanceOf(InvalidContentException.class)
                .hasMessageContaining("too many links");
    }

    private Path onHost(String inside) throws IOException {
        return new InsidePath(rootfs, propagated, "/data").onHost(inside);
    }
}
