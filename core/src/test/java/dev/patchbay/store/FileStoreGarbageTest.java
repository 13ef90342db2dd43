package dev.patchbay.store;

import static dev.patchbay.store.PluginStoreContract.NAME;
import static dev.patchbay.store.PluginStoreContract.id;
import static dev.patchbay.store.PluginStoreContract.run;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.plugin.Slice;
import dev.patchbay.reference.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** What is deleted from the content store, and above all what is not. */
final class FileStoreGarbageTest {
    @TempDir
    Path folder;

    private StoreOnDisk on;

    @BeforeEach
    void open() {
        on = StoreOnDisk.opened(folder.resolve("plugins"));
    }

    @AfterEach
    void close() {
        on.close();
    }

    @Test
    void freesTheBlobsOfARemovedPluginAndNoOthers() throws IOException {
        on.install(id('a'), "stays");
        var kept = on.blobs();
        PluginRecord removed = on.install(id('b'), "goes");
        long size = Files.size(on.layout.blob(removed.config().orElseThrow()))
                + Files.size(on.layout.blob(removed.manifest().orElseThrow()))
                + Files.size(on.layout.blob(removed.blobsums().items().getFirst()));
        run(on.store.remove(id('b')));

        assertThat(on.collectGarbage()).isEqualTo(size);
        assertThat(on.blobs()).isEqualTo(kept);
    }

    @Test
    @DisplayName("keeps manifests, and layers that only the manifest names (D19)")
    void keepsWhatOnlyTheManifestNamesD19() {
        PluginRecord plugin = on.install(id('a'), "one");
        run(on.store.save(
                new PluginRecord(plugin.plugin(), "", plugin.config(), Slice.none(), plugin.manifest(), "")));

        assertThat(on.collectGarbage()).isZero();
        assertThat(on.blobs()).hasSize(3);
    }

    @Test
    void deletesNothingWhileARecordCannotBeRead() throws IOException {
        on.install(id('a'), "damaged");
        on.install(id('b'), "removed");
        run(on.store.remove(id('b')));
        byte[] record = Files.readAllBytes(on.layout.record(id('a')));
        Files.writeString(on.layout.record(id('a')), "{");

        assertThat(on.collectGarbage()).isZero();
        assertThat(on.blobs()).hasSize(6);
        Files.write(on.layout.record(id('a')), record);
        assertThat(on.collectGarbage()).isPositive();
        assertThat(on.blobs()).hasSize(3);
    }

    @Test
    @DisplayName("is not held up by a create that waits for its sender (D44)")
    void runsBesideAStageD44() throws InterruptedException {
        on.install(id('a'), "goes");
        run(on.store.remove(id('a')));
        var asked = new CountDownLatch(1);
        Disposable stage = on.store
                .stage(NAME, Mono.<java.nio.ByteBuffer>never().doOnSubscribe(_ -> asked.countDown()))
                .subscribe(_ -> {}, _ -> {});
        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

        assertThat(on.collectGarbage()).isPositive();
        stage.dispose();
    }

    @Test
    @DisplayName("goes on after an error with one blob (D44)")
    void goesOnAfterAnErrorD44() {
        on.install(id('a'), "goes");
        run(on.store.remove(id('a')));
        on.disk.arm(DiskStep.DELETE, 1);

        assertThat(on.collectGarbage()).isPositive();
        assertThat(on.blobs()).hasSize(1);
        assertThat(on.collectGarbage()).isPositive();
        assertThat(on.blobs()).isEmpty();
    }

    @Test
    @DisplayName("lets unfinished content expire, but not what is being written (D44)")
    void expiresUnfinishedContentD44() throws IOException {
        Instant now = Instant.parse("2026-11-23T12:00:00Z");
        try (var later = new StoreOnDisk(StoreConfig.at(folder.resolve("later")),
                Clock.fixed(now, ZoneOffset.UTC))) {
            later.load();
            Path old = ingest(later, "1", now.minus(Duration.ofHours(25)));
            Path young = ingest(later, "2", now.minus(Duration.ofHours(23)));
            later.collectGarbage();

            assertThat(old).doesNotExist();
            assertThat(young).exists();
        }
    }

    @Test
    void protectsABlobFromItsStageUntilItsRecordIsSeen() {
        var leases = new BlobLeases();
        var blob = Digest.sha256(new byte[]{1});
        BlobLeases.Lease lease = leases.lease();
        lease.claim(blob);
        try (BlobLeases.Sweep sweep = leases.sweep()) {
            lease.release(); // installed meanwhile: the sweep may have read the records before
            assertThat(sweep.condemn(List.of(blob))).isEmpty();
        }
        try (BlobLeases.Sweep sweep = leases.sweep()) {
            assertThat(sweep.condemn(List.of(blob))).containsExactly(blob);
        }
    }

    @Test
    void protectsABlobUntilItsLastHolderIsGone() {
        var leases = new BlobLeases();
        var blob = Digest.sha256(new byte[]{1});
        BlobLeases.Lease first = leases.lease();
        BlobLeases.Lease second = leases.lease();
        first.claim(blob);
        first.claim(blob);
        second.claim(blob);
        first.release();
        first.release();
        try (BlobLeases.Sweep sweep = leases.sweep()) {
            assertThat(sweep.condemn(List.of(blob))).isEmpty();
        }
    }

    @Test
    void deletesManyBlobsInSlices() throws IOException {
        BlobHold hold = on.store.hold(List.of());
        Digest kept = PluginStoreContract.get(on.store.put(new byte[]{1}, hold));
        int many = Integer.getInteger("patchbay.test.blobs", 1000);
        for (int i = 0; i < many; i++) {
            Files.write(
                    on.layout.blobs()
                            .resolve("sha256")
                            .resolve(Digest.sha256(("b" + i).getBytes(UTF_8)).hex()),
                    new byte[]{7, 7});
        }
        GarbageReport dry = PluginStoreContract.get(on.store.collectGarbage(true));
        GarbageReport report = PluginStoreContract.get(on.store.collectGarbage(false));

        assertThat(dry).isEqualTo(new GarbageReport(true, many + 1, many, 0, 2L * many, 0, List.of()));
        assertThat(report).isEqualTo(new GarbageReport(false, many + 1, many, many, 2L * many, 0, List.of()));
        assertThat(on.blobs()).containsExactly(kept.hex());
    }

    @Test
    @DisplayName("tells what it could not delete, and deletes the rest (D44)")
    void tellsWhatItCouldNotDeleteD44() {
        on.install(id('a'), "goes");
        run(on.store.remove(id('a')));
        on.disk.arm(DiskStep.DELETE, 2);
        GarbageReport report = PluginStoreContract.get(on.store.collectGarbage(false));

        assertThat(report.unreferenced()).isEqualTo(3);
        assertThat(report.deleted()).isEqualTo(2);
        assertThat(report.problems()).singleElement()
                .asString()
                .contains("cannot delete", "Input/output error");
    }

    @Test
    void deletesNoUnfinishedContentInADryRun() throws IOException {
        Path old = ingest(on, "1", Instant.now().minus(Duration.ofDays(3)));

        assertThat(PluginStoreContract.get(on.store.collectGarbage(true)).unfinished()).isEqualTo(1);
        assertThat(old).exists();
        assertThat(PluginStoreContract.get(on.store.collectGarbage(false)).unfinished()).isEqualTo(1);
        assertThat(old).doesNotExist();
    }

    @Test
    void saysWhichRecordKeepsItFromDeleting() throws IOException {
        on.install(id('a'), "damaged");
        Files.writeString(on.layout.record(id('a')), "{");

        assertThat(PluginStoreContract.get(on.store.collectGarbage(false)).problems()).singleElement()
                .asString()
                .contains(on.layout.record(id('a')).toString());
    }

    @Test
    void leavesStrangersFilesAlone() throws IOException {
        Path strange = Files.writeString(on.layout.blobs().resolve("sha256/README"), "hello");
        on.collectGarbage();

        assertThat(strange).exists();
    }

    private static Path ingest(StoreOnDisk on, String digit, Instant touched) throws IOException {
        Path ingest = Files.createDirectory(on.layout.ingests().resolve(digit.repeat(64)));
        Path data = Files.writeString(ingest.resolve("data"), "half");
        Files.setLastModifiedTime(data, FileTime.from(touched));
        return ingest;
    }
}
