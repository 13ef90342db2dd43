package dev.patchbay.store;

import static dev.patchbay.store.PluginStoreContract.id;
import static dev.patchbay.store.PluginStoreContract.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.PluginConfig;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginJson;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.plugin.Settings;
import dev.patchbay.reference.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

/** Opening a directory that others left in disorder. */
final class FileStoreLoadTest {
    private static final PluginId GOOD = id('a');
    private static final PluginId BAD = id('b');

    @TempDir
    Path folder;

    private Path root;
    private StoreOnDisk on;
    private PluginRecord good;

    @BeforeEach
    void open() {
        root = folder.resolve("plugins");
        on = StoreOnDisk.opened(root);
        good = on.install(GOOD, "good");
    }

    @AfterEach
    void close() {
        on.close();
    }

    @Test
    void tellsADamagedRecordAndLoadsTheOthers() throws IOException {
        on.install(BAD, "bad");
        Files.writeString(on.layout.record(BAD), "{\"plugin\":");

        assertThat(damaged()).singleElement()
                .satisfies(found -> {
                    assertThat(found.id()).isEqualTo(BAD);
                    assertThat(found.reason()).contains(BAD.hex(), "damaged");
                });
        assertThat(root.resolve(BAD.hex())).isDirectoryContaining(path -> path.endsWith("rootfs"));
    }

    @Test
    void readsADamagedFolderAgainAndThePluginWhenItIsMended() throws IOException {
        PluginRecord bad = on.install(BAD, "bad");
        byte[] record = Files.readAllBytes(on.layout.record(BAD));
        Files.writeString(on.layout.record(BAD), "{\"plugin\":");
        Loaded.Damaged found = damaged().getFirst();

        assertThat(PluginStoreContract.get(on.store.reload(BAD))).isEqualTo(found);
        Files.write(on.layout.record(BAD), record);
        assertThat(PluginStoreContract.get(on.store.reload(BAD))).isInstanceOfSatisfying(Loaded.Intact.class,
                loaded -> assertThat(loaded.record().plugin()).isEqualTo(bad.plugin()));
    }

    @Test
    @DisplayName("keeps a folder without a record, says so, and collects garbage beside it (D43)")
    void keepsAFolderWithoutARecordAndSaysSoD43() throws IOException {
        Files.createDirectories(root.resolve(BAD.hex()).resolve("rootfs"));

        assertThat(damaged()).singleElement()
                .satisfies(found -> assertThat(found.reason()).contains("no config.json"));
        assertThat(root.resolve(BAD.hex()).resolve("rootfs")).isDirectory();
        run(on.store.remove(GOOD));
        assertThat(on.collectGarbage()).isPositive();
    }

    @Test
    @DisplayName("does not let a copied folder shadow the plugin it was copied from (D47)")
    void tellsACopiedFolderD47() throws IOException {
        Files.createDirectory(root.resolve(BAD.hex()));
        Files.copy(on.layout.record(GOOD), on.layout.record(BAD));

        assertThat(damaged()).singleElement()
                .satisfies(found -> assertThat(found.reason()).contains("another plugin", GOOD.hex()));
    }

    @Test
    @DisplayName("loads all plugins that share a name (D7)")
    void loadsAllPluginsThatShareANameD7() {
        StagedPlugin staged = on.stage("has the same name");
        run(on.store.install(staged, PluginStoreContract.record(BAD, good.plugin().name(), staged)));

        assertThat(on.load()).hasSize(2).hasOnlyElementsOfType(Loaded.Intact.class);
    }

    @Test
    @DisplayName("finishes a removal by the full path, not in the working directory (D37)")
    void finishesARemovalByFullPathD37() throws IOException {
        on.install(BAD, "bad");
        run(on.store.remove(BAD));
        Path decoy = Path.of(BAD.hex() + "-removing");
        Files.createDirectory(decoy);
        try {
            assertThat(on.load()).hasSize(1);
            assertThat(root.resolve(BAD.hex() + "-removing")).doesNotExist();
            assertThat(decoy).isDirectory();
        } finally {
            Files.delete(decoy);
        }
    }

    @Test
    @DisplayName("cleans what earlier processes staged and left unfinished (D43, D44)")
    void cleansLeftoversD43() throws IOException {
        Files.createDirectories(root.resolve("tmp/.rootfs123/bin"));
        Files.createDirectories(root.resolve("tmp/.pluginabc/rootfs"));
        Files.writeString(root.resolve("tmp/somebody-elses"), "kept");
        Path ingest = Files.createDirectories(root.resolve("storage/ingest").resolve("0".repeat(64)));
        Files.writeString(ingest.resolve("data"), "half");
        Files.writeString(root.resolve(GOOD.hex()).resolve(".tmp-config.json42"), "half");

        assertThat(on.load()).hasSize(1);
        assertThat(on.unfinished()).containsExactly("somebody-elses");
        assertThat(DiskSnapshot.names(root.resolve(GOOD.hex()))).containsExactly("config.json", "rootfs");
    }

    @Test
    void leavesAloneWhatThisProcessIsStaging() {
        StagedPlugin staged = on.stage("staged");
        on.load();

        assertThat(staged.rootfs().resolve("bin/sample")).hasContent("staged");
        run(on.store.install(staged, PluginStoreContract.record(BAD, staged)));
        assertThat(on.load()).hasSize(2);
    }

    @Test
    @DisplayName("puts the root file system back that an interrupted upgrade moved aside (D18)")
    void finishesAnUpgradeD18() throws IOException {
        Path rootfs = on.store.rootfs(GOOD);
        Files.move(rootfs, rootfs.resolveSibling("rootfs-old"));

        assertThat(on.load()).hasSize(1);
        assertThat(rootfs.resolve("bin/sample")).hasContent("good");
    }

    @Test
    void setsADamagedPreviousVersionAsideSoThatGarbageCanBeCollected() throws IOException {
        StagedPlugin staged = on.stage("newer");
        run(on.store.upgrade(staged, PluginStoreContract.record(GOOD, staged)));
        Path previous = root.resolve(GOOD.hex()).resolve("previous");
        Files.writeString(previous.resolve("config.json"), "{");
        assertThat(on.collectGarbage()).isZero();

        for (int start = 0; start < 2; start++) {
            List<Loaded> found = on.load();
            assertThat(found).hasSize(2);
            assertThat(found.getFirst()).isInstanceOfSatisfying(Loaded.Intact.class,
                    loaded -> assertThat(loaded.previous()).isEmpty());
            assertThat(found.getLast()).isInstanceOfSatisfying(Loaded.Notice.class,
                    notice -> assertThat(notice.problem()).contains(notice.folder().toString(),
                            previous.toString(), "rolled back"));
            assertThat(previous).doesNotExist();
        }
        assertThat(on.collectGarbage()).isPositive();
        assertThat(on.blobs()).hasSize(3);
        assertThat(on.store.rootfs(GOOD).resolve("bin/sample")).hasContent("newer");
    }

    @Test
    void leavesAPreviousVersionThatTheDiskDoesNotGiveOutInItsPlace() throws IOException {
        StagedPlugin staged = on.stage("newer");
        run(on.store.upgrade(staged, PluginStoreContract.record(GOOD, staged)));
        Path record = root.resolve(GOOD.hex()).resolve("previous/config.json");
        Path moved = Files.move(record, folder.resolve("moved"));
        Files.createDirectory(record);

        assertThat(on.load()).hasSize(2)
                .last()
                .isInstanceOfSatisfying(Loaded.Notice.class, notice -> assertThat(notice.problem())
                        .contains(record.toString(), "not a regular file"));
        Files.delete(record);
        Files.move(moved, record);
        assertThat(on.load()).singleElement()
                .isInstanceOfSatisfying(Loaded.Intact.class,
                        loaded -> assertThat(loaded.previous()).isPresent());
    }

    @Test
    void tellsWhatCouldNotBeCleanedAndCleansItTheNextTime() {
        on.install(BAD, "bad");
        run(on.store.remove(BAD));
        on.disk.arm(DiskStep.DELETE, "/tmp/.plugin");

        assertThat(on.load()).hasSize(1);
        assertThat(on.store.notices()).singleElement()
                .satisfies(notice -> assertThat(notice.problem()).contains("removal", BAD.shortHex(),
                        "Input/output error"));
        on.disk.arm(FaultyDisk.Fault.NONE, 0);
        assertThat(on.load()).hasSize(1);
        assertThat(on.unfinished()).isEmpty();
        assertThat(root.resolve(BAD.hex() + "-removing")).doesNotExist();
    }

    @Test
    @DisplayName("reads a record right that Docker saved in the middle of an upgrade (D14)")
    void readsAMixedRecordRightD14() {
        StagedPlugin newer = on.stage("newer");
        run(on.store.install(newer, PluginStoreContract.record(BAD, newer)));
        PluginRecord mixed = new PluginRecord(good.plugin(), "", good.config(), good.blobsums(),
                Optional.of(newer.manifestDigest()), "");
        run(on.store.save(mixed));
        run(on.store.remove(BAD));

        assertThat(on.load()).singleElement().isInstanceOfSatisfying(Loaded.Intact.class, loaded -> {
            assertThat(loaded.record().config()).contains(newer.configDigest());
            assertThat(loaded.record().blobsums().items()).isEqualTo(newer.layers());
            assertThat(loaded.record().manifest()).contains(newer.manifestDigest());
        });
    }

    @Test
    @DisplayName("reads what Docker's set wrote into the configuration as the user's setting (D56)")
    void tellsWhatWasSetFromWhatWasPublishedD56() {
        PluginConfig published = mounting("/published");
        BlobHold hold = on.store.hold(List.of());
        Digest blob = PluginStoreContract.get(on.store.put(PluginJson.blob(published), hold));
        InstalledPlugin set = new InstalledPlugin(mounting("/mine"), false, GOOD, good.plugin().name(),
                "x:latest",
                Settings.initial(published));
        run(on.store
                .save(new PluginRecord(set, "", Optional.of(blob), good.blobsums(), Optional.empty(), "")));
        on.store.release(hold);

        assertThat(on.load()).singleElement().isInstanceOfSatisfying(Loaded.Intact.class, loaded -> {
            assertThat(loaded.record().plugin().config()).isEqualTo(published);
            assertThat(loaded.record().plugin().settings()).isEqualTo(Settings.initial(mounting("/mine")));
        });
    }

    private static PluginConfig mounting(String source) {
        return PluginJson.config(("{\"mounts\":[{\"name\":\"m\",\"source\":\"" + source
                + "\",\"settable\":[\"source\"]}]}").getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"generation\":3}", "", "[",
            "{\"generation\":-1,\"restarts\":0,\"changedSeconds\":0,\"changedNanos\":0}",
            "{\"generation\":1,\"restarts\":0,\"changedSeconds\":9223372036854775807,\"changedNanos\":1000000000}",
            "{\"generation\":1,\"restarts\":0,\"changedSeconds\":0,\"changedNanos\":\"0\"}"})
    void loadsAPluginWhoseRuntimeFileIsDamaged(String text) throws IOException {
        run(on.store.saveRuntime(GOOD, new RuntimeRecord(3, 0, Instant.EPOCH)));
        Files.writeString(on.layout.runtime(GOOD), text);

        assertThat(on.load()).containsExactly(
                new Loaded.Intact(placed(), java.util.Optional.empty(), java.util.Optional.empty(),
                        java.util.List.of(), LimitOverrides.NONE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{}", "{\"version\":2,\"limits\":{}}", "{\"version\":1,\"limits\":{\"pids\":-1}}",
                    "{\"version\":1,\"limits\":{\"later\":1}}", "{\"version\":1}"})
    void aPluginWhoseLimitsCannotBeReadIsNotRunWithoutThem(String text) throws IOException {
        on.install(BAD, "bad");
        run(on.store.saveLimits(BAD, new LimitOverrides(OptionalLong.empty(), OptionalLong.empty(),
                OptionalLong.of(7), Optional.empty(), Optional.empty(), Optional.empty())));
        Files.writeString(on.layout.limits(BAD), text);

        assertThat(damaged()).singleElement()
                .satisfies(found -> assertThat(found.reason()).contains("limits.json",
                        "delete it to run the plugin"));
        Files.delete(on.layout.limits(BAD));
        assertThat(PluginStoreContract.get(on.store.reload(BAD))).isInstanceOf(Loaded.Intact.class);
    }

    @Test
    void ignoresWhatIsNotAPlugin() throws IOException {
        Files.createDirectory(root.resolve("lost+found"));
        Files.writeString(root.resolve(BAD.hex()), "a file, not a folder");
        Files.createSymbolicLink(root.resolve(id('c').hex()), root.resolve(GOOD.hex()));

        assertThat(on.load()).hasSize(1);
    }

    @Test
    void saysWhichPathItCouldNotReadIfTheRootIsAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        try (var other = new StoreOnDisk(file)) {
            StepVerifier.create(other.store.load())
                    .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(StoreException.class)
                            .hasMessageContaining(file.toString()))
                    .verify(PluginStoreContract.PATIENCE);
        }
    }

    @Test
    void refusesADirectoryThatAnotherStoreHas() {
        try (var second = new StoreOnDisk(root)) {
            StepVerifier.create(second.store.load())
                    .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(StoreException.class)
                            .hasMessageContainingAll(root.toString(), "in use", "in this process"))
                    .verify(PluginStoreContract.PATIENCE);
            on.close();
            assertThat(second.load()).hasSize(1);
        }
    }

    @Test
    void loadsManyPlugins() {
        StagedPlugin model = on.stage("many");
        IntStream.range(0, 50).forEach(i -> {
            StagedPlugin staged = on.stage("many");
            run(on.store.install(staged,
                    PluginStoreContract.record(new PluginId("%064x".formatted(i)), staged)));
        });
        run(on.store.discard(model));

        assertThat(on.load()).hasSize(51)
                .map(Loaded.Intact.class::cast)
                .extracting(loaded -> loaded.record().plugin().id())
                .isSorted()
                .doesNotHaveDuplicates();
    }

    private PluginRecord placed() {
        return new PluginRecord(good.plugin(), on.store.rootfs(GOOD).toString(), good.config(),
                good.blobsums(),
                good.manifest(), good.swarmServiceId());
    }

    /** The damaged ones, after checking that the good one is loaded and stays. */
    private List<Loaded.Damaged> damaged() {
        List<Loaded> found = on.load();
        assertThat(found).hasSize(2).anyMatch(Loaded.Intact.class::isInstance);
        assertThat(on.load()).hasSameElementsAs(found);
        return found.stream()
                .filter(Loaded.Damaged.class::isInstance)
                .map(Loaded.Damaged.class::cast)
                .toList();
    }
}
