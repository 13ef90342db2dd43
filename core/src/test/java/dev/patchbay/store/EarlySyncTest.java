package dev.patchbay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** When a stage syncs before its end. */
final class EarlySyncTest {
    private static final int STEP = Math.toIntExact(EarlySync.STEP_BYTES);

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final AtomicInteger syncs = new AtomicInteger();
    private final EarlySync early = new EarlySync(tasks::add, syncs::incrementAndGet);

    @Test
    void syncsOnceForEachStep() {
        early.read(STEP - 1);
        assertThat(tasks).isEmpty();
        early.read(1);
        tasks.remove().run();
        early.read(STEP - 1);
        assertThat(tasks).isEmpty();
        early.read(1);
        tasks.remove().run();

        assertThat(syncs).hasValue(2);
    }

    @Test
    void startsNoSyncBesideAnother() {
        early.read(STEP);
        early.read(3 * STEP);
        assertThat(tasks).hasSize(1);

        tasks.remove().run();
        early.read(1);
        assertThat(tasks).hasSize(1);
        tasks.remove().run();
    }

    @Test
    void tellsAtTheEndThatASyncFailedAndTriesNoMore() {
        var failure = new StoreException("the disk is broken", null);
        var failing = new EarlySync(tasks::add, () -> {
            throw failure;
        });
        failing.read(STEP);
        tasks.remove().run();
        failing.read(STEP);

        assertThat(tasks).isEmpty();
        assertThatThrownBy(failing::check).isSameAs(failure);
        failing.close();
    }
}
