package dev.patchbay.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.util.concurrent.Queues;

final class DrainTest {
    private static final long PATIENCE_NANOS = Duration.ofSeconds(20).toNanos();

    @Test
    void isScheduledOnceHoweverManyAskBeforeItIsDone() {
        List<Runnable> scheduled = new ArrayList<>();
        var done = new AtomicInteger();
        var drain = new Drain(scheduled::add, done::incrementAndGet);
        drain.wake();
        drain.wake();
        assertThat(scheduled).hasSize(1);
        assertThat(done).hasValue(0);

        scheduled.removeFirst().run();
        assertThat(done).hasValue(1);
        drain.wake();
        assertThat(scheduled).hasSize(1);
    }

    @Test
    void isDoneAgainForWhoAsksMeanwhile() {
        var done = new AtomicInteger();
        var drain = new Drain[1];
        drain[0] = new Drain(Runnable::run, () -> {
            if (done.incrementAndGet() < 3) {
                drain[0].wake();
            }
        });

        drain[0].wake();

        assertThat(done).hasValue(3);
    }

    @Test
    void isScheduledByTheNextWakeWhenItCouldNotBeByTheLast() {
        List<Runnable> scheduled = new ArrayList<>();
        var isFull = new AtomicBoolean(true);
        var done = new AtomicInteger();
        var drain = new Drain(task -> take(task, scheduled, isFull.get()), done::incrementAndGet);
        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(drain::wake);
        }
        isFull.set(false);
        drain.wake();
        drain.wake();

        assertThat(scheduled).hasSize(1);
        scheduled.removeFirst().run();
        assertThat(done).hasValue(1);
        drain.wake();
        assertThat(scheduled).hasSize(1);
    }

    @Test
    void isTriedAgainForWhoAsksWhileItCannotBeScheduled() {
        List<Runnable> scheduled = new ArrayList<>();
        var tries = new AtomicInteger();
        var drain = new Drain[1];
        drain[0] = new Drain(task -> {
            boolean isFirst = tries.incrementAndGet() == 1;
            if (isFirst) {
                drain[0].wake(); // somebody else's, who relies on this
            }
            take(task, scheduled, isFirst);
        }, () -> {});
        drain[0].wake();

        assertThat(tries).hasValue(2);
        assertThat(scheduled).hasSize(1);
    }

    private static void take(Runnable task, List<Runnable> scheduled, boolean isFull) {
        if (isFull) {
            throw new RejectedExecutionException("very many tasks wait already");
        }
        scheduled.add(task);
    }

    @Test
    void isDoneByOneThreadAtATimeAndOverlooksNothing() throws InterruptedException {
        int each = 100_000;
        Queue<Integer> queue = new ConcurrentLinkedQueue<>();
        var found = new int[1]; // guarded by nothing but the drain
        var drain = new Drain(Runnable::run, () -> {
            while (queue.poll() != null) {
                found[0]++;
            }
        });
        List<Thread> threads = IntStream.range(0, 3).mapToObj(_ -> Thread.ofPlatform().start(() -> {
            for (int i = 0; i < each; i++) {
                queue.add(i);
                drain.wake();
            }
        })).toList();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(found[0]).isEqualTo(3 * each);
    }

    /** Reactor's queue for one producer puts in without a fence of its own. */
    @Test
    void findsWhatIsPutInLazilyByWhoWakesItWhileItBegins() {
        int rounds = 300_000;
        Queue<Integer> queue = Queues.<Integer>get(256).get();
        var found = new AtomicInteger();
        try (var threads = Executors.newFixedThreadPool(1)) {
            var drain = new Drain(threads::execute, () -> {
                while (queue.poll() != null) {
                    found.incrementAndGet();
                }
            });
            for (int round = 1; round <= rounds; round++) {
                drain.wake();
                assertThat(queue.offer(round)).isTrue();
                drain.wake();
                await(found, round);
            }
        }
        assertThat(found).hasValue(rounds);
    }

    private static void await(AtomicInteger found, int count) {
        long begin = System.nanoTime();
        while (found.get() < count) {
            Thread.onSpinWait();
            if (System.nanoTime() - begin > PATIENCE_NANOS) {
                throw new AssertionError("overlooked: " + count);
            }
        }
    }
}
