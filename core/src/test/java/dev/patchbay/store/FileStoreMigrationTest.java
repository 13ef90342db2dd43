package dev.patchbay.store;

import static dev.patchbay.store.PluginStoreContract.get;
import static dev.patchbay.store.PluginStoreContract.id;
import static dev.patchbay.store.PluginStoreContract.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Propagated mounts that old engines kept inside the root file system. */
final class FileStoreMigrationTest {
    private static final PluginId ID = id('a');

    @TempDir
    Path folder;

    private Path root;
    private StoreOnDisk on;

    @BeforeEach
    void open() {
        root = folder.resolve("plugins");
        on = StoreOnDisk.opened(root);
    }

    @AfterEach
    void close() {
        on.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"docker.volumedriver/1.0", "docker.graphdriver/1.0", "docker.csinode/1.0",
            "docker.csicontroller/1.5"})
    void movesTheDataOfAnOldEngineOut(String type) throws IOException {
        dockers(type, "/data/volumes", rootfs().toString());
        data(rootfs().resolve("data/volumes"));

        assertThat(on.load()).singleElement().isInstanceOf(Loaded.Intact.class);
        assertThat(place().resolve("volume")).hasContent("precious");
        assertThat(rootfs().resolve("data/volumes")).doesNotExist();
        assertThat(on.load()).singleElement().isInstanceOf(Loaded.Intact.class);
        assertThat(place().resolve("volume")).hasContent("precious");
    }

    @ParameterizedTest
    @ValueSource(strings = {"docker.networkdriver/1.0", "docker.volumedriver/2.0", "acme.volumedriver/1.0"})
    void leavesOtherTypesAlone(String type) throws IOException {
        dockers(type, "/data", rootfs().toString());
        data(rootfs().resolve("data"));
        DiskSnapshot before = DiskSnapshot.of(root.resolve(ID.hex()));

        assertThat(on.load()).singleElement().isInstanceOf(Loaded.Intact.class);
        assertThat(DiskSnapshot.of(root.resolve(ID.hex()))).isEqualTo(before);
    }

    @Test
    void movesNothingOverWhatIsAlreadyThere() throws IOException {
        dockers("docker.volumedriver/1.0", "/data", rootfs().toString());
        data(rootfs().resolve("data"));
        Files.createDirectory(place());

        assertThat(on.load()).hasSize(1);
        assertThat(place()).isEmptyDirectory();
        assertThat(rootfs().resolve("data/volume")).hasContent("precious");
    }

    @Test
    void makesTheFolderThatIsMissing() throws IOException {
        dockers("docker.volumedriver/1.0", "/data", rootfs().toString());

        assertThat(on.load()).hasSize(1);
        assertThat(place()).isEmptyDirectory();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place())))
                .isEqualTo("rwxr-xr-x");
    }

    @Test
    @DisplayName("touches nothing outside for a plugin that was never enabled, whose record has no Rootfs (D38)")
    void touchesNothingOutsideForAPluginThatWasNeverEnabledD38() throws IOException {
        Path outside = data(folder.resolve("host"));
        dockers("docker.volumedriver/1.0", outside.toString(), "");
        data(rootfs().resolve("data"));
        DiskSnapshot before = DiskSnapshot.of(rootfs());
        boolean stray = Files.exists(Path.of("propagated-mount"));

        assertThat(on.load()).singleElement().isInstanceOf(Loaded.Intact.class);
        assertThat(outside.resolve("volume")).hasContent("precious");
        assertThat(DiskSnapshot.of(rootfs())).isEqualTo(before);
        assertThat(place()).isEmptyDirectory();
        assertThat(Files.exists(Path.of("propagated-mount"))).isEqualTo(stray);
    }

    @Test
    @DisplayName("leaves the root file system of a plugin alone that was never enabled (D38)")
    void leavesTheRootfsOfAPluginThatWasNeverEnabledD38() throws IOException {
        dockers("docker.volumedriver/1.0", "/data", "");
        data(rootfs().resolve("data")); // what its author shipped
        DiskSnapshot before = DiskSnapshot.of(rootfs());

        assertThat(on.load()).singleElement().isInstanceOf(Loaded.Intact.class);
        assertThat(DiskSnapshot.of(rootfs())).isEqualTo(before);
        assertThat(place()).isEmptyDirectory();
    }

    @Test
    @DisplayName("is not led out of the root file system by dots (D39)")
    void isNotLedOutByDotsD39() throws IOException {
        Path outside = data(folder.resolve("host"));
        dockers("docker.volumedriver/1.0", "/../../../host", rootfs().toString());

        assertThat(on.load()).singleElement().isInstanceOf(Loaded.Intact.class);
        assertThat(outside.resolve("volume")).hasContent("precious");
        assertThat(place()).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/link", "/link/deeper", "/relative", "/loop"})
    @DisplayName("is not led out of the root file system by links (D39)")
    void isNotLedOutByLinksD39(String mount) throws IOException {
        Path outside = data(folder.resolve("host"));
        data(outside.resolve("deeper"));
        dockers("docker.volumedriver/1.0", mount, rootfs().toString());
        Files.createSymbolicLink(rootfs().resolve("link"), outside);
        Files.createSymbolicLink(rootfs().resolve("relative"), Path.of("../../../host"));
        Files.createSymbolicLink(rootfs().resolve("loop"), Path.of("loop"));
        DiskSnapshot before = DiskSnapshot.of(outside);

        assertThat(on.load()).singleElement().isInstanceOf(Loaded.Intact.class);
        assertThat(DiskSnapshot.of(outside)).isEqualTo(before);
        assertThat(place()).isEmptyDirectory();
    }

    @Test
    void followsLinksInsideTheRootFileSystemAsThePluginDoes() throws IOException {
        dockers("docker.volumedriver/1.0", "/var/data/../data", rootfs().toString());
        data(rootfs().resolve("srv/data"));
        Files.createSymbolicLink(rootfs().resolve("var"), Path.of("/srv"));

        assertThat(on.load()).hasSize(1);
        assertThat(place().resolve("volume")).hasContent("precious");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "..", "/missing", "/file", "\\u0000", "."})
    void movesNothingIfThereIsNoSuchFolder(String mount) throws IOException {
        dockers("docker.volumedriver/1.0", mount, rootfs().toString());
        Files.writeString(rootfs().resolve("file"), "no folder");
        DiskSnapshot before = DiskSnapshot.of(rootfs());

        assertThat(on.load()).hasSize(1);
        assertThat(DiskSnapshot.of(rootfs())).isEqualTo(before);
        assertThat(place()).isEmptyDirectory();
    }

    @Test
    void saysWhereTheDataStayIfTheyCannotBeMovedAndTriesAgain() throws IOException {
        dockers("docker.volumedriver/1.0", "/data", rootfs().toString());
        data(rootfs().resolve("data"));
        on.disk.arm(DiskStep.RENAME, 1);

        List<Loaded> found = on.load();
        assertThat(found).hasSize(2).anyMatch(Loaded.Intact.class::isInstance);
        assertThat(found).filteredOn(Loaded.Notice.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(Loaded.Notice.class, notice -> assertThat(notice.problem())
                        .contains("/data", rootfs().toString(), place().toString(), "Input/output error"));
        assertThat(rootfs().resolve("data/volume")).hasContent("precious");
        assertThat(place()).doesNotExist();

        on.disk.arm(FaultyDisk.Fault.NONE, 0);
        assertThat(on.load()).hasSize(1);
        assertThat(place().resolve("volume")).hasContent("precious");
    }

    @Test
    void leavesWhatItsAuthorShippedInTheRootFileSystem() throws IOException {
        StagedPlugin staged = get(on.store.stage(PluginStoreContract.NAME, PluginContexts.empty()
                .file("config.json", config("docker.volumedriver/1.0", "/data"))
                .file("rootfs/data/shipped", "by the author")
                .publisher()));
        PluginRecord plugin = PluginStoreContract.record(ID, staged);
        run(on.store.install(staged, plugin));
        run(on.store.save(plugin)); // with a Rootfs, as all our records

        assertThat(on.load()).hasSize(1);
        assertThat(rootfs().resolve("data/shipped")).hasContent("by the author");
        assertThat(place()).isEmptyDirectory();
    }

    @Test
    void leavesWhatTheAuthorOfANewVersionShippedInTheRootFileSystem() throws IOException {
        on.install(ID, "without a mount");
        StagedPlugin staged = get(on.store.stage(PluginStoreContract.NAME, PluginContexts.empty()
                .file("config.json", config("docker.volumedriver/1.0", "/data"))
                .file("rootfs/data/shipped", "by the author")
                .publisher()));
        run(on.store.upgrade(staged, PluginStoreContract.record(ID, staged)));

        assertThat(on.load()).hasSize(1);
        assertThat(rootfs().resolve("data/shipped")).hasContent("by the author");
        assertThat(place()).isEmptyDirectory();
    }

    @Test
    void leavesWhatTheAuthorOfANewVersionShippedAlsoIfTheUpgradeIsCutOff() throws IOException {
        on.install(ID, "without a mount");
        on.close();
        int act = 1;
        boolean struck = true;
        for (; struck; act++) {
            Path copy = folder.resolve("act" + act);
            DiskSnapshot.copy(root, copy);
            struck = upgradeCutOff(copy, act);
            try (var again = StoreOnDisk.opened(copy)) {
                Path upgraded = again.layout.plugin(ID);
                boolean isNew = Files.exists(upgraded.resolve("previous"));
                assertThat(upgraded.resolve("rootfs/data/shipped").toFile().exists()).as("act " + act)
                        .isEqualTo(isNew);
                assertThat(DiskSnapshot.names(upgraded.resolve("propagated-mount"))).as("act " + act)
                        .isEmpty();
            }
        }
        assertThat(act).isGreaterThan(10);
    }

    /** @return whether there was such an act */
    private static boolean upgradeCutOff(Path root, int act) {
        try (var cut = StoreOnDisk.opened(root)) {
            StagedPlugin staged = get(cut.store.stage(PluginStoreContract.NAME, PluginContexts.empty()
                    .file("config.json", config("docker.volumedriver/1.0", "/data"))
                    .file("rootfs/data/shipped", "by the author")
                    .publisher()));
            cut.disk.arm(FaultyDisk.Fault.POWER_LOSS, act);
            get(cut.store.upgrade(staged, PluginStoreContract.record(ID, staged)).materialize());
            cut.rest();
            return cut.disk.acts() >= act;
        }
    }

    private void dockers(String type, String mount, String recorded) throws IOException {
        Files.createDirectories(rootfs());
        Files.writeString(root.resolve(ID.hex()).resolve("config.json"), """
                {"plugin":{"Config":%s,"Enabled":false,"Id":"%s","Name":"old/driver:latest",\
                "Settings":{"Args":[],"Devices":[],"Env":[],"Mounts":[]}},"Rootfs":"%s",\
                "Config":"","Blobsums":null,"Manifest":"","SwarmServiceID":""}"""
                .formatted(config(type, mount), ID.hex(), recorded));
    }

    private static String config(String type, String mount) {
        return "{\"Entrypoint\":[\"/p\"],\"Interface\":{\"Socket\":\"p.sock\",\"Types\":[\"" + type
                + "\"]},\"PropagatedMount\":\"" + mount + "\"}";
    }

    private static Path data(Path at) throws IOException {
        Files.createDirectories(at);
        Files.writeString(at.resolve("volume"), "precious");
        return at;
    }

    private Path rootfs() {
        return on.store.rootfs(ID);
    }

    private Path place() {
        return on.store.propagatedMount(ID);
    }
}
