package dev.patchbay.store;

import static dev.patchbay.store.PluginStoreContract.PATIENCE;
import static dev.patchbay.store.PluginStoreContract.id;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.PluginJson;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.plugin.Settings;
import dev.patchbay.syscall.RequiresRoot;
import dev.patchbay.syscall.StuckMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
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
        assertThat(onHost("/data/v", List.of())).isEqualTo(rootfs.resolve("data/v"));
        assertThat(onHost("/var/lib/v", List.of(propagatedFrom("/var/lib/"))))
                .isEqualTo(propagated.resolve("v"));
        assertThat(onHost("/data/v", List.of(propagatedFrom("/")))).isEqualTo(rootfs.resolve("data/v"));
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

    @Test
    void findsAPropagatedMountThatIsReachedThroughALink() throws IOException {
        Files.createDirectories(rootfs.resolve("run"));
        Files.createDirectories(rootfs.resolve("var"));
        Files.createSymbolicLink(rootfs.resolve("var/run"), Path.of("/run"));
        var vols = List.of(propagatedFrom("/var/run/vols"));
        assertThat(onHost("/var/run/vols/db", vols)).isEqualTo(propagated.resolve("db"));
        assertThat(onHost("/run/vols/db", vols)).isEqualTo(propagated.resolve("db"));
        assertThat(onHost("/run/volsx/db", vols)).isEqualTo(rootfs.resolve("run/volsx/db"));
    }

    @Test
    void findsWhatIsMountedInsideWhereItComesFromAndRefusesWhatTheHostDoesNotSee() throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.createSymbolicLink(data.resolve("top"), Path.of("/data"));
        Files.createSymbolicLink(rootfs.resolve("mnt"), Path.of("/srv"));
        var mounts = List.of(propagatedFrom("/data"),
                new InsideMount("/mnt/host", Optional.of(data), "something of the host"),
                new InsideMount("/data/fast", Optional.empty(), "a tmpfs"));
        assertThat(onHost("/mnt/host/x", mounts)).isEqualTo(data.resolve("x"));
        assertThat(onHost("/srv/host/top/v", mounts)).isEqualTo(propagated.resolve("v"));
        assertThat(onHost("/data/v", mounts)).isEqualTo(propagated.resolve("v"));
        assertThatThrownBy(() -> onHost("/data/fast/v", mounts)).isInstanceOf(InvalidContentException.class)
                .hasMessage(
                        "the host does not see what the plugin has at /data/fast/v: at /data/fast there is a"
                                + " tmpfs");
    }

    @Test
    @RequiresRoot
    void looksNeitherAtWhatThePluginHasMountedNorBelowIt() throws Exception {
        Assumptions.assumeTrue(StuckMount.possible(), "skipped: there is no FUSE");
        Path hung = Files.createDirectories(propagated.resolve("hung"));
        Files.createDirectories(propagated.resolve("hung-not"));
        Files.createSymbolicLink(propagated.resolve("hung-not/v"), Path.of("/srv"));
        try (StuckMount stuck = StuckMount.on(hung)) {
            assertThat(stuck).isNotNull();
            assertThat(soon("/data/hung")).isEqualTo(hung);
            assertThat(soon("/data/hung/a/b")).isEqualTo(hung.resolve("a/b"));
            assertThat(soon("/data/hung-not/v")).as("beside it, as ever").isEqualTo(rootfs.resolve("srv"));
        }
    }

    /** Looked for on a thread that may hang until the file system is gone. */
    private Path soon(String inside) throws Exception {
        var look = new FutureTask<>(() -> onHost(inside));
        Thread.ofPlatform().daemon().name("inside-path").start(look);
        return look.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void knowsWhatIsMountedInAPlugin() {
        InstalledPlugin plugin = plugin("""
                [{"Name":"a","Destination":"/a","Source":"/srv/a","Type":"bind","Options":["rbind"]},
                {"Name":"b","Destination":"/b","Source":"srv/../b","Type":"bind","Options":[]},
                {"Name":"c","Destination":"/c","Source":"tmpfs","Type":"tmpfs","Options":[]}]""");
        assertThat(InsideMount.of(plugin, propagated))
                .filteredOn(mount -> mount.source().isPresent())
                .extracting(InsideMount::destination)
                .containsExactly("/data", "/a");
        assertThat(InsideMount.of(plugin, propagated)).extracting(InsideMount::destination)
                .contains("/proc", "/dev", "/sys", "/b", "/c", "/run/docker/plugins");
    }

    private static InstalledPlugin plugin(String mounts) {
        var config = PluginJson.config("""
                {"entrypoint":["/bin/p"],"interface":{"socket":"p.sock","types":[]},\
                "propagatedMount":"/data","mounts":%s}""".formatted(mounts).getBytes(UTF_8));
        var name = PluginName.parse("sample");
        return new InstalledPlugin(config, false, id('a'), name, name.familiar(), Settings.initial(config));
    }

    private InsideMount propagatedFrom(String inside) {
        return new InsideMount(inside, Optional.of(propagated), "its propagated mount");
    }

    private Path onHost(String inside) throws IOException {
        return onHost(inside, List.of(propagatedFrom("/data")));
    }

    private Path onHost(String inside, List<InsideMount> mounts) throws IOException {
        return new InsidePath(rootfs, propagated, mounts).onHost(inside);
    }
}
