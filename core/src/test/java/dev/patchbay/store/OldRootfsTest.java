package dev.patchbay.store;

import static dev.patchbay.store.PluginStoreContract.id;
import static dev.patchbay.store.PluginStoreContract.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.plugin.Slice;
import dev.patchbay.reference.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory whose dockerd was killed in the middle of an upgrade, at each of its steps (D18). */
final class OldRootfsTest {
    private static final PluginId ID = id('a');

    @TempDir
    Path folder;

    private StoreOnDisk on;
    private Path rootfs;
    private Path old;
    private PluginRecord oldRecord;
    private PluginRecord newRecord;

    /** Both versions' blobs are there, and the old version is in place. */
    @BeforeEach
    void installBoth() {
        on = StoreOnDisk.opened(folder.resolve("plugins"));
        oldRecord = on.install(ID, "old");
        StagedPlugin staged = on.stage("new");
        newRecord = PluginStoreContract.record(ID, staged);
        rootfs = on.store.rootfs(ID);
        old = rootfs.resolveSibling("rootfs-old");
        on.install(id('b'), "new"); // keeps the new version's blobs
    }

    @AfterEach
    void close() {
        on.close();
    }

    @Test
    @DisplayName("puts the old root file system back when only that is there (D18)")
    void putsBackWhatWasOnlyMovedAsideD18() throws IOException {
        Files.move(rootfs, old);

        assertThat(loaded().config()).isEqualTo(oldRecord.config());
        holdsOnly("old");
    }

    @Test
    @DisplayName("puts the old root file system back when the upgrade was not saved (D18)")
    void putsBackWhatWasNotSavedD18() throws IOException {
        swap();

        assertThat(loaded().config()).isEqualTo(oldRecord.config());
        holdsOnly("old");
    }

    @Test
    void putsBackWhatWasNotSavedAlsoAfterLaterStartsOfDockerdHaveSavedTheOldRecordAgain()
            throws IOException {
        swap();
        run(on.store.save(oldRecord));

        loaded();
        holdsOnly("old");
    }

    @Test
    @DisplayName("deletes the old root file system when the upgrade was saved, though with the old digests (D14, D18)")
    void deletesTheOldOneOfASavedUpgradeD14() throws IOException {
        swap();
        run(on.store.save(new PluginRecord(newRecord.plugin(), "", oldRecord.config(), oldRecord.blobsums(),
                newRecord.manifest(), "")));

        assertThat(loaded().config()).isEqualTo(newRecord.config());
        holdsOnly("new");
    }

    @Test
    void deletesWhatIsLeftOfAnOldOneThatWasBeingDeleted() throws IOException {
        swap();
        run(on.store.save(newRecord));
        Files.delete(old.resolve("bin/sample"));

        loaded();
        holdsOnly("new");
    }

    @Test
    void putsBackTheOldOneWhenTheNewOneWasBeingDeletedAfterAFailedSave() throws IOException {
        swap();
        Files.delete(rootfs.resolve("bin/sample"));

        loaded();
        holdsOnly("old");
    }

    @Test
    void keepsAndTellsBothIfTheLayersAreGone() throws IOException {
        swap();
        Files.delete(on.layout.blob(oldRecord.blobsums().items().getFirst()));

        tellsBoth();
    }

    @Test
    @DisplayName("keeps and tells both if Docker has collected the manifest (D19)")
    void keepsAndTellsBothWithoutAManifestD19() throws IOException {
        swap();
        Files.delete(on.layout.blob(oldRecord.manifest().orElseThrow()));

        tellsBoth();
    }

    @Test
    void tellsOnceWhatWasJudgedWhileItsFolderWasBeingRead() throws IOException {
        swap();
        Files.writeString(old.resolve("bin/sample"), "changed by the plugin");
        var listed = new AtomicBoolean();
        on.disk.delay((step, path) -> {
            if (step == DiskStep.LIST && path.equals(on.layout.plugin(ID)) && listed.getAndSet(true)) {
                on.rest();
            }
        });

        tellsBoth();
    }

    @Test
    void keepsAndTellsBothIfNeitherHoldsWhatTheRecordSays() throws IOException {
        swap();
        Files.writeString(old.resolve("bin/sample"), "changed by the plugin");

        tellsBoth();
    }

    @Test
    void keepsAndTellsBothIfBothHoldWhatTheRecordSays() throws IOException {
        swap();
        Files.writeString(rootfs.resolve("bin/sample"), "old");

        tellsBoth();
    }

    @Test
    void keepsAndTellsBothIfTheManifestSaysNothing() throws IOException {
        swap();
        BlobHold hold = on.store.hold(List.of());
        Digest empty = PluginStoreContract.get(on.store.put("{\"layers\":null}".getBytes(
                java.nio.charset.StandardCharsets.US_ASCII), hold));
        run(on.store.save(new PluginRecord(oldRecord.plugin(), "", Optional.empty(), Slice.none(),
                Optional.of(empty), "")));

        tellsBoth();
        on.store.release(hold);
    }

    @Test
    void triesAgainWhenItIsAskedForTheRootFileSystemIfTheDiskFailedOnce() throws IOException {
        swap();
        on.disk.arm(DiskStep.READ, oldRecord.blobsums().items().getFirst().hex());
        on.load();

        assertThatThrownBy(() -> on.store.rootfs(ID)).isInstanceOf(StoreException.class)
                .hasMessageContainingAll("sample", "Input/output error", "tried again");
        on.rest();
        assertThat(on.store.rootfs(ID)).isEqualTo(rootfs);
        holdsOnly("old");
    }

    @Test
    void triesAgainToPutBackWhatWasOnlyMovedAside() throws IOException {
        Files.move(rootfs, old);
        on.disk.arm(DiskStep.RENAME, "rootfs-old");
        on.load();

        assertThatThrownBy(() -> on.store.rootfs(ID)).isInstanceOf(StoreException.class)
                .hasMessageContaining("Input/output error");
        on.rest();
        assertThat(on.store.rootfs(ID)).isEqualTo(rootfs);
        holdsOnly("old");
    }

    @Test
    void leavesAFolderWithADamagedRecordAsItIs() throws IOException {
        swap();
        Files.writeString(on.layout.record(ID), "{");
        DiskSnapshot before = DiskSnapshot.of(on.layout.plugin(ID));

        assertThat(on.load()).hasAtLeastOneElementOfType(Loaded.Damaged.class);
        assertThat(DiskSnapshot.of(on.layout.plugin(ID))).isEqualTo(before);
    }

    /** For good: the next opening comes to no other end, whatever the plugin has written meanwhile. */
    private void tellsBoth() {
        DiskSnapshot current = DiskSnapshot.of(rootfs);
        DiskSnapshot other = DiskSnapshot.of(old);
        assertThat(on.load()).hasSize(2).allMatch(Loaded.Intact.class::isInstance);
        assertThat(on.store.notices()).singleElement().satisfies(this::tellsOf);
        Path kept = on.store.notices().getFirst().folder();
        for (int start = 0; start < 2; start++) {
            assertThat(old).doesNotExist();
            assertThat(DiskSnapshot.of(rootfs)).isEqualTo(current);
            assertThat(DiskSnapshot.of(kept)).isEqualTo(other);
            assertThat(on.load()).filteredOn(Loaded.Notice.class::isInstance)
                    .singleElement()
                    .isInstanceOfSatisfying(Loaded.Notice.class, notice -> {
                        assertThat(notice.folder()).isEqualTo(kept);
                        tellsOf(notice);
                    });
        }
    }

    private void tellsOf(Loaded.Notice notice) {
        assertThat(notice.problem()).contains("sample", rootfs + " and " + notice.folder(), "delete");
    }

    /** As dockerd does it: the old one aside, the new one in its place. */
    private void swap() throws IOException {
        Files.move(rootfs, old);
        Path staged = on.stage("new").rootfs();
        DiskSnapshot.copy(staged, rootfs);
        Files.setLastModifiedTime(rootfs, Files.getLastModifiedTime(old));
    }

    private PluginRecord loaded() {
        List<Loaded> found = on.load();
        assertThat(found).hasSize(2);
        return found.stream()
                .map(Loaded.Intact.class::cast)
                .map(Loaded.Intact::record)
                .filter(record -> record.plugin().id().equals(ID))
                .findFirst()
                .orElseThrow();
    }

    private void holdsOnly(String content) {
        assertThat(rootfs.resolve("bin/sample")).hasContent(content);
        assertThat(old).doesNotExist();
        assertThat(DiskSnapshot.names(on.layout.staging())).noneMatch(name -> name.startsWith(".plugin"));
    }
}
