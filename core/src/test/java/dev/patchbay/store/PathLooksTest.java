package dev.patchbay.store;

import static dev.patchbay.store.PluginStoreContract.PATIENCE;
import static dev.patchbay.store.PluginStoreContract.id;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Looks at what plugins have mounted, some of which hang. */
class PathLooksTest {
    private static final Path FOUND = Path.of("/found");

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final CountDownLatch mended = new CountDownLatch(1);
    private final CountDownLatch hangs = new CountDownLatch(1);
    private final AtomicInteger looks = new AtomicInteger();
    private final PathLooks paths = new PathLooks(
            new StoreConfig(Path.of("/nowhere"), StoreConfig.at(Path.of("/nowhere")).limits(), 1, 1, 1, 100,
                    StoreConfig.DEFAULT_INGEST_EXPIRY),
            time);

    @AfterEach
    void close() {
        mended.countDown();
        paths.close();
        time.dispose();
    }

    private Path hang() {
        looks.incrementAndGet();
        hangs.countDown();
        try {
            mended.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return FOUND;
    }

    @Test
    void givesUpOnALookThatHangsAndKeepsNoOtherPluginFromOne() throws Exception {
        var hung = paths.find(id('a'), "/x", this::hang).toFuture();
        hangs.await();
        assertThat(
                paths.find(id('b'), "/x", () -> FOUND).toFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo(FOUND);
        var behind = paths.find(id('a'), "/x", this::hang).toFuture();
        time.advanceTimeBy(PathLooks.LIMIT);
        for (var each : List.of(hung, behind)) {
            assertThat(each).failsWithin(PATIENCE)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(StoreException.class)
                    .withMessageContaining("takes longer than 5s");
        }
        assertThat(looks).hasValue(1);
        mended.countDown();
        assertThat(
                paths.find(id('a'), "/x", () -> FOUND).toFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo(FOUND);
    }

    @Test
    void refusesMoreThanMayWaitBehindALookThatHangs() throws Exception {
        var all = new ArrayList<>(List.of(paths.find(id('a'), "/x", this::hang).toFuture()));
        hangs.await();
        for (int waiting = 0; waiting < PathLooks.MOST_WAITING; waiting++) {
            all.add(paths.find(id('a'), "/x", () -> FOUND).toFuture());
        }
        assertThat(all).noneMatch(CompletableFuture::isDone);
        assertThat(paths.find(id('a'), "/x", () -> FOUND).toFuture()).failsWithin(PATIENCE)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("too many look");
        mended.countDown();
        for (var each : all) {
            assertThat(each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(FOUND);
        }
    }

    @Test
    void aLookThatHangsKeepsNoOtherPathOfItsPluginFromOne() throws Exception {
        var hung = paths.find(id('a'), "/x", this::hang).toFuture();
        hangs.await();
        assertThat(paths.find(id('a'), "/y", () -> FOUND)
                .toFuture()
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(FOUND);
        assertThat(hung).isNotDone();
    }

    @Test
    void aPluginHasOnlySoManyThreadsForPathsThatHang() throws Exception {
        var all = new ArrayList<CompletableFuture<Path>>();
        for (int path = 0; path < PathLooks.MOST_OF_ONE; path++) {
            all.add(paths.find(id('a'), "/" + path, this::hang).toFuture());
        }
        var behind = paths.find(id('a'), "/y", () -> {
            looks.incrementAndGet();
            return FOUND;
        }).toFuture();
        assertThat(paths.find(id('b'), "/y", () -> FOUND)
                .toFuture()
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(FOUND);
        assertThat(behind).isNotDone();
        assertThat(looks.get()).isLessThanOrEqualTo(PathLooks.MOST_OF_ONE);
        mended.countDown();
        assertThat(behind.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(FOUND);
        for (var each : all) {
            assertThat(each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(FOUND);
        }
    }
}
