package dev.patchbay.store;

import static dev.patchbay.store.PluginStoreContract.PATIENCE;
import static dev.patchbay.store.PluginStoreContract.get;
import static dev.patchbay.store.PluginStoreContract.id;
import static dev.patchbay.store.PluginStoreContract.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.plugin.PluginId;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Opening a directory in which folders hang. */
final class HangingFolderTest {
    private static final PluginId GOOD = id('f'); // after all others

    @TempDir
    Path folder;

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final CountDownLatch mended = new CountDownLatch(1);
    private final BlockingQueue<Path> hanging = new LinkedBlockingQueue<>();
    private final CountDownLatch readToTheLast = new CountDownLatch(1);
    private Set<PluginId> bad = Set.of();
    private PluginId last = GOOD;
    private FileStore store;

    @BeforeEach
    void open() {
        Path root = folder.resolve("plugins");
        var layout = new Layout(root);
        try (StoreOnDisk on = StoreOnDisk.opened(root)) {
            List.of('a', 'b', 'c', 'f').forEach(digit -> on.install(id(digit), "one"));
        }
        var config = new StoreConfig(root, StoreConfig.at(root).limits(), 1, 1, 1, 100,
                StoreConfig.DEFAULT_INGEST_EXPIRY);
        store = FileStore.timed(config, (step, path) -> {
            if (step == DiskStep.READ && bad.stream().map(layout::record).anyMatch(path::equals)) {
                hang(path);
            }
            if (step == DiskStep.READ && path.equals(layout.record(last))) {
                readToTheLast.countDown();
            }
        }, time);
    }

    private void hang(Path path) throws IOException {
        hanging.add(path);
        try {
            mended.await();
        } catch (InterruptedException e) {
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }

    @AfterEach
    void close() {
        mended.countDown();
        run(store.close());
    }

    @Test
    void tellsWhichFoldersHangAndReadsTheOthersThoughItHasOneThreadForThem() throws Exception {
        bad = Set.of(id('a'), id('b'), id('c'));
        var found = store.load().collectList().toFuture();
        awaitOneThatHangs();
        time.advanceTimeBy(FolderReads.PATIENCE);
        for (int i = 0; i < 2; i++) {
            awaitOneThatHangs();
            assertThat(found).isNotDone();
            time.advanceTimeBy(FolderReads.LIMIT);
        }

        List<Loaded> loaded = found.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(loaded).hasSize(4).last().isInstanceOf(Loaded.Intact.class);
        assertThat(loaded).filteredOn(Loaded.Damaged.class::isInstance)
                .map(Loaded.Damaged.class::cast)
                .allSatisfy(hung -> assertThat(hung.reason()).contains("5s", hung.folder().toString()))
                .extracting(Loaded.Damaged::id)
                .containsExactly(id('a'), id('b'), id('c'));
    }

    @Test
    void keepsTheOrderAndWhatWasReadBeforeTheOneThatHangs() throws Exception {
        List<PluginId> many = IntStream.range(0, 40)
                .mapToObj(i -> new PluginId("%064x".formatted(i)))
                .toList();
        try (StoreOnDisk on = StoreOnDisk.opened(folder.resolve("plugins"))) {
            many.forEach(plugin -> on.install(plugin, "one"));
        }
        bad = Set.of(many.get(20));
        last = many.get(31); // of the second turn
        var found = store.load().collectList().toFuture();
        awaitOneThatHangs();
        passTheTurn();
        time.advanceTimeBy(FolderReads.LIMIT.minus(FolderReads.PATIENCE));

        List<Loaded> loaded = found.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        assertThat(loaded.stream().map(HangingFolderTest::idOf).limit(many.size())).isEqualTo(many);
        assertThat(loaded).hasSize(44)
                .filteredOn(Loaded.Damaged.class::isInstance)
                .singleElement()
                .isEqualTo(loaded.get(20));
    }

    private static PluginId idOf(Loaded loaded) {
        return switch (loaded) {
            case Loaded.Intact intact -> intact.record().plugin().id();
            case Loaded.Damaged damaged -> damaged.id();
            case Loaded.Notice notice -> throw new AssertionError(notice);
        };
    }

    /** Lets the time pass in which folders are read in turn, until those behind the one that hangs are read. */
    private void passTheTurn() throws InterruptedException {
        time.advanceTimeBy(FolderReads.PATIENCE);
        assertThat(readToTheLast.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void waitsForAReadThatIsUnderWayAndReadsTheOthersMeanwhile() throws Exception {
        bad = Set.of(id('a'));
        var earlier = store.reload(id('a')).toFuture();
        awaitOneThatHangs();

        var found = store.load().collectList().toFuture();
        assertThat(readToTheLast.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(found).isNotDone();
        mended.countDown();

        assertThat(found.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).hasSize(4)
                .allMatch(Loaded.Intact.class::isInstance);
        assertThat(earlier.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(Loaded.Intact.class);
        assertThat(hanging).isEmpty(); // nor was it read again
    }

    @Test
    void readsAFolderAgainOnlyWhenTheReadThatHungHasEnded() throws Exception {
        bad = Set.of(id('a'));
        var found = store.load().collectList().toFuture();
        awaitOneThatHangs();
        passTheTurn();
        time.advanceTimeBy(FolderReads.LIMIT);
        found.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        StepVerifier.create(store.reload(id('a'))).expectSubscription().thenCancel().verify();
        var again = store.reload(id('a')).toFuture();
        assertThat(get(store.reload(GOOD))).isInstanceOf(Loaded.Intact.class);
        assertThat(hanging).isEmpty();
        assertThat(again).isNotDone();
        mended.countDown();

        assertThat(again.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(Loaded.Intact.class);
        assertThat(get(store.reload(id('a')))).isInstanceOf(Loaded.Intact.class);
        assertThat(hanging).hasSize(1); // the last one only
    }

    private void awaitOneThatHangs() throws InterruptedException {
        assertThat(hanging.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotNull();
    }
}
