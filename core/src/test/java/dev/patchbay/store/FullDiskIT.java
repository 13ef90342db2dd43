package dev.patchbay.store;

import static dev.patchbay.store.PluginStoreContract.NAME;
import static dev.patchbay.store.PluginStoreContract.PATIENCE;
import static dev.patchbay.store.PluginStoreContract.id;
import static dev.patchbay.store.PluginStoreContract.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.syscall.Mounts;
import dev.patchbay.syscall.RequiresRoot;
import dev.patchbay.syscall.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** A store on a file system of 2 MiB that fills up, or is turned read-only. */
@RequiresRoot
final class FullDiskIT {
    private static final int DISK_BYTES = 2 << 20;

    @TempDir
    Path folder;

    private Path disk;
    private StoreOnDisk on;

    @BeforeEach
    void mount() throws IOException {
        disk = Files.createDirectory(folder.resolve("disk"));
        Syscalls.mount("tmpfs", disk, "tmpfs", 0, "size=" + DISK_BYTES);
        on = StoreOnDisk.opened(disk.resolve("plugins"));
    }

    @AfterEach
    void unmount() throws IOException {
        on.close();
        Mounts.detach(disk);
    }

    @Test
    void leavesNothingOfACreateThatFilledTheDiskAndWorksAgainAfterwards() {
        on.install(id('a'), "bystander");
        DiskSnapshot before = DiskSnapshot.of(on.layout.root());
        byte[] noise = new byte[DISK_BYTES];
        new Random(7).nextBytes(noise);
        Mono<StagedPlugin> tooBig = on.store.stage(NAME, PluginContexts.empty()
                .file("config.json", PluginContexts.CONFIG)
                .file("rootfs/noise", noise)
                .publisher());

        StepVerifier.create(tooBig).expectErrorSatisfies(this::saysThatTheDiskIsFull).verify(PATIENCE);
        assertThat(DiskSnapshot.of(on.layout.root())).isEqualTo(before);
        on.install(id('b'), "fits");
        assertThat(on.load()).hasSize(2);
    }

    @Test
    void leavesNothingOfAPullThatFilledTheDiskAndWorksAgainAfterwards() {
        on.install(id('a'), "bystander");
        DiskSnapshot before = DiskSnapshot.of(on.layout.root());
        byte[] noise = new byte[DISK_BYTES];
        new Random(7).nextBytes(noise);
        SampleImage tooBig = SampleImage.of(List.of(SampleImage.layer("small", "fits"),
                PluginContexts.empty().file("noise", noise).bytes()));

        StepVerifier.create(on.store.stage(tooBig.image(), tooBig.source(), _ -> {}))
                .expectErrorSatisfies(this::saysThatTheDiskIsFull)
                .verify(PATIENCE);
        assertThat(DiskSnapshot.of(on.layout.root())).isEqualTo(before);
        SampleImage fits = SampleImage.of("fits");
        assertThat(PluginStoreContract.get(on.store.stage(fits.image(), fits.source(), _ -> {})).layers())
                .hasSize(1);
    }

    @Test
    void leavesNothingOfAPullWhoseFilesFillTheDisk() {
        byte[] zeros = new byte[2 * DISK_BYTES]; // packs well, so that the layer itself fits
        SampleImage bomb = SampleImage.of(List.of(PluginContexts.empty().file("zeros", zeros).bytes()));
        DiskSnapshot before = DiskSnapshot.of(on.layout.root());

        StepVerifier.create(on.store.stage(bomb.image(), bomb.source(), _ -> {}))
                .expectErrorSatisfies(this::saysThatTheDiskIsFull)
                .verify(PATIENCE);
        assertThat(DiskSnapshot.of(on.layout.root()).entries().keySet())
                .filteredOn(path -> !before.entries().containsKey(path))
                .allMatch(path -> path.startsWith("storage"), "folders of the content store")
                .noneMatch(path -> path.startsWith("storage/ingest/"));
        assertThat(on.unfinished()).isEmpty();
    }

    @Test
    void keepsTheVersionInUseWhenTheDiskIsFullAndUpgradesAfterwards() throws IOException {
        PluginRecord old = on.install(id('a'), "one");
        StagedPlugin staged = on.stage("two");
        PluginRecord next = PluginStoreContract.record(id('a'), staged);
        Path filler = fill();
        DiskSnapshot before = DiskSnapshot.of(on.layout.root());

        StepVerifier.create(on.store.upgrade(staged, next))
                .expectErrorSatisfies(this::saysThatTheDiskIsFull)
                .verify(PATIENCE);
        assertThat(DiskSnapshot.of(on.layout.root())).isEqualTo(before);
        Files.delete(filler);
        run(on.store.upgrade(staged, next));
        assertThat(on.load()).singleElement()
                .isInstanceOfSatisfying(Loaded.Intact.class, loaded -> assertThat(
                        loaded.previous().flatMap(PluginRecord::config)).isEqualTo(old.config()));
    }

    @Test
    void keepsTheOldRecordWhenTheDiskIsFullAndSavesAgainAfterwards() throws IOException {
        PluginRecord old = on.install(id('a'), "one");
        PluginRecord changed = old.withPlugin(old.plugin().withEnabled(true));
        Path filler = fill();
        DiskSnapshot before = DiskSnapshot.of(on.layout.root());

        StepVerifier.create(on.store.save(changed))
                .expectErrorSatisfies(this::saysThatTheDiskIsFull)
                .verify(PATIENCE);
        StepVerifier.create(on.store.stage(NAME, PluginContexts.sample("two").publisher()))
                .expectErrorSatisfies(this::saysThatTheDiskIsFull)
                .verify(PATIENCE);
        assertThat(DiskSnapshot.of(on.layout.root())).isEqualTo(before);

        Files.delete(filler);
        run(on.store.save(changed));
        assertThat(on.load()).singleElement()
                .isInstanceOfSatisfying(Loaded.Intact.class,
                        loaded -> assertThat(loaded.record().plugin().enabled()).isTrue());
    }

    @Test
    void keepsAStagedPluginWhenItCannotBeInstalledAndInstallsItAfterwards() throws IOException {
        StagedPlugin staged = on.stage("one");
        refusesWhileFull(on.store.install(staged, PluginStoreContract.record(id('a'), staged)));

        run(on.store.install(staged, PluginStoreContract.record(id('a'), staged)));
        assertThat(on.load()).hasSize(1);
        assertThat(on.unfinished()).isEmpty();
    }

    @Test
    void keepsTheVersionInUseWhenItCannotBeRolledBackAndRollsBackAfterwards() throws IOException {
        PluginRecord old = on.install(id('a'), "one");
        StagedPlugin staged = on.stage("two");
        run(on.store.upgrade(staged, PluginStoreContract.record(id('a'), staged)));
        refusesWhileFull(on.store.rollBack(old));

        run(on.store.rollBack(old));
        assertThat(on.store.rootfs(id('a')).resolve("bin/sample")).hasContent("one");
    }

    @Test
    void keepsTheOldRuntimeRecordAndSavesAgainAfterwards() throws IOException {
        on.install(id('a'), "one");
        run(on.store.saveRuntime(id('a'), new RuntimeRecord(1, 0, Instant.EPOCH)));
        refusesWhileFull(on.store.saveRuntime(id('a'), new RuntimeRecord(2, 1, Instant.EPOCH)));

        run(on.store.saveRuntime(id('a'), new RuntimeRecord(2, 1, Instant.EPOCH)));
    }

    @Test
    void keepsNothingOfAManifestThatCannotBeStoredForAPush() throws IOException {
        BlobHold hold = on.store.hold(List.of());
        refusesWhileFull(on.store.put(new byte[4096], hold));

        run(on.store.put(new byte[4096], hold).then());
        on.store.release(hold);
    }

    @Test
    void keepsNothingOfAnImportThatCannotBeStored() throws IOException {
        byte[] layout = LayoutStoreContract.layout(SampleImage.of("one"));
        refusesWhileFull(on.store.readLayout(PluginContexts.chunked(layout)));

        on.store.release(
                PluginStoreContract.get(on.store.readLayout(PluginContexts.chunked(layout))).lease());
    }

    @Test
    void collectsGarbageOnAFullDisk() throws IOException {
        BlobHold hold = on.store.hold(List.of());
        run(on.store.put(new byte[4096], hold).then());
        on.store.release(hold);
        fill();

        assertThat(on.collectGarbage()).isEqualTo(4096);
    }

    @Test
    void opensAFullDirectoryAndFinishesWhatWasBegun() throws IOException {
        on.install(id('a'), "one");
        on.install(id('b'), "two");
        run(on.store.remove(id('b')));
        Path rootfs = on.store.rootfs(id('a'));
        Files.move(rootfs, rootfs.resolveSibling("rootfs-old"));
        on.close();
        fill();

        try (var again = new StoreOnDisk(on.layout.root())) {
            assertThat(again.load()).singleElement().isInstanceOf(Loaded.Intact.class);
            assertThat(rootfs.resolve("bin/sample")).hasContent("one");
        }
    }

    /** On a full disk that has room again afterwards. */
    private void refusesWhileFull(Publisher<?> operation) throws IOException {
        Path filler = fill();
        DiskSnapshot before = DiskSnapshot.of(on.layout.root());

        StepVerifier.create(operation).expectErrorSatisfies(this::saysThatTheDiskIsFull).verify(PATIENCE);
        assertThat(DiskSnapshot.of(on.layout.root())).isEqualTo(before);
        Files.delete(filler);
    }

    @Test
    void removesAPluginFromAFullDisk() throws IOException {
        on.install(id('a'), "one");
        fill();
        run(on.store.remove(id('a')));
        run(on.store.purge(id('a')));
        assertThat(on.collectGarbage()).isPositive();

        assertThat(on.load()).isEmpty();
    }

    @Test
    void saysThatTheDiskIsReadOnly() throws IOException {
        PluginRecord plugin = on.install(id('a'), "one");
        on.close(); // its lock is a file open for writing
        Syscalls.mount("", disk, "", Mounts.REMOUNT | Mounts.READ_ONLY, "");

        try (var again = new StoreOnDisk(on.layout.root())) {
            saysThatTheDiskIsReadOnly(again.store.save(plugin), again.layout.plugin(id('a')));
            saysThatTheDiskIsReadOnly(again.store.load(), again.layout.root());
        }
    }

    private static void saysThatTheDiskIsReadOnly(Publisher<?> operation, Path path) {
        StepVerifier.create(operation)
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(StoreException.class)
                        .hasMessageContainingAll(path.toString(), "Read-only", "remount"))
                .verify(PATIENCE);
    }

    private void saysThatTheDiskIsFull(Throwable e) {
        assertThat(e).isInstanceOf(StoreException.class);
        assertThat(e.getMessage()).containsIgnoringCase("no space left")
                .contains(on.layout.root().toString(), "free space");
    }

    private Path fill() throws IOException {
        Path filler = disk.resolve("filler");
        try (FileChannel channel = FileChannel.open(filler, StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE)) {
            while (true) {
                channel.write(ByteBuffer.allocate(4096));
            }
        } catch (IOException _) {
            return filler; // full, as it should be
        }
    }
}
