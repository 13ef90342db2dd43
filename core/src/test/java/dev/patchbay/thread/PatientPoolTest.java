package dev.patchbay.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposables;

class PatientPoolTest {
    private static final int PATIENCE_SECONDS = 30;
    private static final int MOST_OVERDUE = 64;

    private final List<Runnable> alarms = new CopyOnWriteArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private final PatientPool pool = new PatientPool("test", 1, MOST_OVERDUE, Duration.ofSeconds(5),
            (_, task) -> {
                alarms.add(task);
                return Disposables.single();
            });

    @AfterEach
    void end() throws InterruptedException {
        pool.shutdownNow();
        assertThat(pool.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    private void hang() throws InterruptedException {
        var begun = new CountDownLatch(1);
        pool.execute(() -> {
            begun.countDown();
            try {
                never.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt(); // the pool is shut down
            }
        });
        assertThat(begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatHangsHoldsUpTheRestOnlyUntilPatienceEnds() throws Exception {
        hang();
        Future<String> next = pool.submit(() -> "done");
        assertThat(next.isDone()).isFalse();
        assertThat(pool.getPoolSize()).isOne();
        alarms.getFirst().run();
        assertThat(next.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("done");
    }

    @Test
    void thePlaceIsTakenBackWhenItEnds() throws Exception {
        hang();
        alarms.getFirst().run();
        assertThat(pool.getMaximumPoolSize()).isEqualTo(2);
        never.countDown();
        pool.submit(() -> "after").get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        pool.shutdown();
        assertThat(pool.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(pool.getMaximumPoolSize()).isOne();
    }

    @Test
    void anAlarmThatComesTooLateChangesNothing() throws Exception {
        pool.submit(() -> "done").get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        pool.shutdown();
        assertThat(pool.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        alarms.getFirst().run();
        assertThat(pool.getMaximumPoolSize()).isOne();
    }

    @Test
    void soManyAndNoMoreMayBeOverdue() throws Exception {
        for (int i = 0; i <= MOST_OVERDUE; i++) {
            hang();
            alarms.getLast().run();
        }
        assertThat(pool.getMaximumPoolSize()).isEqualTo(MOST_OVERDUE + 1);
    }
}
