package dev.patchbay.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

final class DrainSchedulerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Scheduler single = Schedulers.newSingle("drained", true);
    private final DrainScheduler drained = DrainScheduler.of(single);
    private final List<String> done = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void stop() {
        drained.dispose();
    }

    @Test
    void runsTasksInTheOrderInWhichTheyCameFromWhateverWorker() {
        Scheduler.Worker one = drained.createWorker();
        Scheduler.Worker other = drained.createWorker();
        one.schedule(() -> done.add("first"));
        drained.schedule(() -> done.add("second"));
        other.schedule(() -> done.add("third"));
        one.schedule(() -> done.add("fourth"));
        settle();
        assertThat(done).containsExactly("first", "second", "third", "fourth");
    }

    @Test
    void allIsRunByOneThreadAtATimeHoweverManySchedule() {
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        var count = new AtomicInteger();
        Flux.range(0, 8)
                .flatMap(_ -> Mono
                        .fromRunnable(() -> IntStream.range(0, 5000).forEach(_ -> drained.schedule(() -> {
                            most.accumulateAndGet(running.incrementAndGet(), Math::max);
                            count.incrementAndGet();
                            running.decrementAndGet();
                        })))
                        .subscribeOn(Schedulers.boundedElastic()), 8)
                .blockLast(PATIENCE);
        settle();
        assertThat(count).hasValue(40_000);
        assertThat(most).hasValue(1);
    }

    @Test
    void whatIsDisposedOfBeforeItsTurnIsNotRun() throws InterruptedException {
        var hold = new CountDownLatch(1);
        drained.schedule(() -> awaited(hold));
        drained.schedule(() -> done.add("task")).dispose();
        Scheduler.Worker worker = drained.createWorker();
        worker.schedule(() -> done.add("worker's"));
        worker.dispose();
        drained.schedule(() -> done.add("kept"));
        hold.countDown();
        settle();
        assertThat(done).containsExactly("kept");
    }

    @Test
    void aTaskThatFailsCostsItselfOnly() {
        var hold = new CountDownLatch(1);
        drained.schedule(() -> {
            awaited(hold);
            Thread.currentThread()
                    .setUncaughtExceptionHandler((_, e) -> done.add(String.valueOf(e.getMessage())));
            throw new IllegalStateException("on purpose");
        });
        drained.schedule(() -> done.add("next"));
        hold.countDown();
        settle();
        Mono.fromRunnable(() -> {}).subscribeOn(single).block(PATIENCE); // which tells of failures
        assertThat(done).containsExactly("next", "on purpose");
    }

    @Test
    void anErrorOfTheMachinesCostsOneTaskOnly() {
        drained.schedule(() -> {
            throw new LinkageError("on purpose");
        });
        drained.schedule(() -> done.add("next"));
        settle();
        drained.schedule(() -> done.add("later"));
        settle();
        assertThat(done).containsExactly("next", "later");
    }

    @Test
    void whatAHostHasTasksCarryBelongsToWhoeverScheduled() {
        var mine = new ThreadLocal<String>();
        Schedulers.onScheduleHook("carry", task -> {
            String carried = mine.get();
            return () -> {
                mine.set(carried);
                task.run();
            };
        });
        try {
            var hold = new CountDownLatch(1);
            drained.schedule(() -> awaited(hold));
            for (String who : List.of("a", "b")) {
                mine.set(who);
                drained.schedule(() -> done.add(mine.get()));
            }
            hold.countDown();
            settle();
            assertThat(done).containsExactly("a", "b");
        } finally {
            mine.remove();
            Schedulers.resetOnScheduleHook("carry");
        }
    }

    @Test
    void whatIsDelayedIsRunLater() {
        drained.schedule(() -> done.add("later"), 1, TimeUnit.MILLISECONDS);
        Mono.delay(Duration.ofMillis(1), drained).block(PATIENCE);
        Flux.interval(Duration.ofMillis(1), drained).take(3).blockLast(PATIENCE);
        settle();
        assertThat(done).containsExactly("later");
    }

    @Test
    void refusesOnceItIsDisposedOfAndRunsWhatCameBefore() {
        var hold = new CountDownLatch(1);
        drained.schedule(() -> awaited(hold));
        drained.schedule(() -> done.add("before"));
        Mono<Void> ending = drained.disposeGracefully();
        hold.countDown();
        ending.block(PATIENCE);
        assertThat(done).containsExactly("before");
        assertThat(drained.isDisposed()).isTrue();
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> drained.schedule(() -> {}));
    }

    @Test
    void runsWhatWasTakenWhileItsThreadEnded() {
        var ending = new EndingThread();
        DrainScheduler crossed = DrainScheduler.of(ending);
        ending.meanwhile = () -> crossed.schedule(() -> done.add("second"));

        assertThat(crossed.schedule(() -> done.add("first"))).isNotNull();
        assertThat(done).containsExactly("first", "second");
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> crossed.schedule(() -> done.add("too late")));
    }

    /** Somebody else schedules, and then it ends, while it is about to be given something. */
    private static final class EndingThread implements Scheduler {
        private Runnable meanwhile = () -> {};
        private boolean ended;

        @Override
        public Disposable schedule(Runnable task) {
            meanwhile.run();
            ended = true;
            throw Exceptions.failWithRejected();
        }

        @Override
        public Worker createWorker() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isDisposed() {
            return ended;
        }
    }

    @Test
    void itsThreadIsOneThatMayNotBlock() {
        var blocks = Mono.fromCallable(Schedulers::isInNonBlockingThread)
                .subscribeOn(drained)
                .block(PATIENCE);
        assertThat(blocks).isTrue();
    }

    /** Waits for what was scheduled so far. */
    private void settle() {
        Mono.fromRunnable(() -> {}).subscribeOn(drained).block(PATIENCE);
    }

    /** Keeps the thread, as a subscriber's code may that computes: it may not block. */
    private static void awaited(CountDownLatch latch) {
        long begin = System.nanoTime();
        long looks = 0;
        while (latch.getCount() > 0 && System.nanoTime() - begin < PATIENCE.toNanos()) {
            looks++;
        }
        assertThat(looks).isNotNegative();
    }
}
