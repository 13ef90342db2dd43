package dev.patchbay.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class DrainTest {
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
}
