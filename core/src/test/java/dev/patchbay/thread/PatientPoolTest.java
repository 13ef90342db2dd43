package dev.patchbay.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

@Timeout(120)
class PatientPoolTest {
    private static final int PATIENCE_SECONDS = 30;
    private static final int MOST_OVERDUE = 64;
    private static final int ROUNDS = 50;

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

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // the pool is shut down
        }
    }

    private void hang() throws InterruptedException {
        var begun = new CountDownLatch(1);
        pool.execute(() -> {
            begun.countDown();
            await(never);
        });
        assertThat(begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatHangsHoldsUpTheRestOnlyUntilPatienceEnds() throws Exception {
        hang();
        Future<String> next = pool.submit(() -> "done");
        assertThat(next.isDone()).isFalse();
        assertThat(pool.threads()).isOne();
        alarms.getFirst().run();
        assertThat(next.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("done");
    }

    @Test
    void withoutMoreThreadsATaskWaitsForOneOfThoseThatThereAre() throws Exception {
        var made = new AtomicInteger();
        var two = new PatientPool(2, 0, Duration.ofSeconds(5), (_, _) -> Disposables.single(),
                work -> made.incrementAndGet() == 1 ? new Thread(work) : new Unstartable());
        var free = new CountDownLatch(1);
        two.execute(() -> await(free));
        Future<String> next = two.submit(() -> "done");
        free.countDown();
        assertThat(next.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("done");
        two.shutdown();
        assertThat(two.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aThreadThatEndsGoesOnIfTheSystemHasNoMore() throws Exception {
        for (int round = 0; round < 10 * ROUNDS; round++) {
            twoThreadsThatEndTogetherWhileOneTaskWaits();
        }
    }

    private static void twoThreadsThatEndTogetherWhileOneTaskWaits() throws Exception {
        var made = new AtomicInteger();
        var overdue = new CopyOnWriteArrayList<Runnable>();
        var pool = new PatientPool(1, 1, Duration.ofSeconds(5), (_, task) -> {
            overdue.add(task);
            return Disposables.single();
        }, work -> made.incrementAndGet() <= 2 ? new Thread(work) : new Unstartable());
        var begun = new CountDownLatch(2);
        var free = new CountDownLatch(1);
        Runnable hang = () -> {
            begun.countDown();
            await(free);
        };
        pool.execute(hang);
        while (overdue.isEmpty()) {
            Thread.onSpinWait();
        }
        overdue.getFirst().run(); // so one more may come, but not stay
        pool.execute(hang);
        assertThat(begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        Future<String> waiting = pool.submit(() -> "done");
        free.countDown();
        assertThat(waiting.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("done");
        pool.shutdown();
        assertThat(pool.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aHandlerThatFailsHoldsUpNothing() throws Exception {
        var free = new CountDownLatch(1);
        pool.execute(() -> {
            Thread.currentThread().setUncaughtExceptionHandler((_, _) -> {
                throw new IllegalStateException("as may happen");
            });
            await(free);
            throw new IllegalStateException("let go");
        });
        Future<String> next = pool.submit(() -> "after");
        free.countDown();
        assertThat(next.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("after");
    }

    @Test
    void withoutAnyThreadATaskIsRefused() throws Exception {
        var none = new PatientPool(2, 0, Duration.ofSeconds(5), (_, _) -> Disposables.single(),
                _ -> new Unstartable());
        assertThatThrownBy(() -> none.execute(() -> {})).isInstanceOf(OutOfMemoryError.class);
        none.shutdown();
        assertThat(none.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatReliedOnAThreadThatDidNotComeWaitsUntilThereAreSomeAgain() throws Exception {
        var starting = new CountDownLatch(1);
        var failing = new CountDownLatch(1);
        var again = new LinkedBlockingQueue<Runnable>();
        var made = new AtomicInteger();
        var narrow = new PatientPool(1, 0, Duration.ofSeconds(5), (_, task) -> {
            again.add(task);
            return Disposables.single();
        }, work -> made.incrementAndGet() > 2 ? new Thread(work) : new Unstartable(() -> {
            starting.countDown();
            PatientPoolTest.await(failing);
        }));
        var refused = new FutureTask<>(() -> {
            narrow.execute(() -> {});
            return "taken";
        });
        new Thread(refused).start();
        assertThat(starting.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        Future<String> taken = narrow.submit(() -> "done");
        failing.countDown();
        assertThatThrownBy(() -> refused.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .hasCauseInstanceOf(OutOfMemoryError.class);
        Runnable anotherLook = again.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(anotherLook).isNotNull();
        anotherLook.run();
        assertThat(taken.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("done");
        narrow.shutdown();
        assertThat(narrow.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    private static final class Unstartable extends Thread {
        private final Runnable before;

        Unstartable() {
            this(() -> {});
        }

        Unstartable(Runnable before) {
            this.before = before;
        }

        @Override
        public void start() {
            before.run();
            throw new OutOfMemoryError("unable to create native thread");
        }
    }

    @Test
    void thePlaceIsTakenBackWhenItEnds() throws Exception {
        hang();
        alarms.getFirst().run();
        assertThat(pool.mostThreads()).isEqualTo(2);
        never.countDown();
        pool.submit(() -> "after").get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        pool.shutdown();
        assertThat(pool.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(pool.mostThreads()).isOne();
    }

    @Test
    void anAlarmThatComesTooLateChangesNothing() throws Exception {
        pool.submit(() -> "done").get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        pool.shutdown();
        assertThat(pool.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        alarms.getFirst().run();
        assertThat(pool.mostThreads()).isOne();
    }

    @Test
    void soManyAndNoMoreMayBeOverdue() throws Exception {
        for (int i = 0; i <= MOST_OVERDUE; i++) {
            hang();
            alarms.getLast().run();
        }
        assertThat(pool.mostThreads()).isEqualTo(MOST_OVERDUE + 1);
    }

    @Test
    void workIsHandedOverByThreadsThatMayNotBlock() throws Exception {
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            var fresh = new PatientPool("fresh", 4, MOST_OVERDUE, Duration.ofSeconds(5),
                    (_, _) -> Disposables.single());
            var done = new CountDownLatch(3 * 6);
            var callers = IntStream.range(0, 3).mapToObj(i -> Schedulers.newSingle("caller-" + i)).toList();
            callers.forEach(caller -> caller.schedule(() -> {
                for (int i = 0; i < 6; i++) {
                    try {
                        fresh.execute(done::countDown);
                    } catch (Throwable e) {
                        failures.add(e);
                        done.countDown();
                    }
                }
            }));
            boolean all = done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(failures).isEmpty();
            assertThat(all).isTrue();
            callers.forEach(Scheduler::dispose);
            fresh.shutdown();
            assertThat(fresh.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void thereAreNoMoreThreadsThanWork() throws Exception {
        var wide = new PatientPool("wide", 8, MOST_OVERDUE, Duration.ofSeconds(5),
                (_, _) -> Disposables.single());
        for (int i = 0; i < ROUNDS; i++) {
            wide.submit(() -> "done").get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        assertThat(wide.threads()).isLessThanOrEqualTo(8);
        wide.shutdown();
        assertThat(wide.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(wide.threads()).isZero();
    }

    @Test
    void whatWaitsIsDoneBeforeAnOrderlyEnd() throws Exception {
        hang();
        Future<String> waiting = pool.submit(() -> "done");
        pool.shutdown();
        assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThat(pool.isTerminated()).isFalse();
        never.countDown();
        assertThat(waiting.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("done");
        assertThat(pool.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anEndAtOnceInterruptsAndGivesBackWhatWaits() throws Exception {
        hang();
        pool.execute(() -> {});
        assertThat(pool.shutdownNow()).hasSize(1);
        assertThat(pool.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(never.getCount()).isOne();
    }

    @Test
    void whatATaskLetsGoEndsNoThread() throws Exception {
        var told = new CountDownLatch(1);
        pool.submit(() -> Thread.currentThread().setUncaughtExceptionHandler((_, _) -> told.countDown()))
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        pool.execute(() -> {
            throw new IllegalStateException("on purpose");
        });
        assertThat(told.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(pool.submit(() -> "done").get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("done");
    }

    @Test
    void anInterruptIsOfOneTaskOnly() throws Exception {
        pool.submit(() -> Thread.currentThread().interrupt()).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(pool.submit(Thread::interrupted).get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void everyTaskIsDoneOrRefusedHoweverItMeetsTheEnd() throws Exception {
        for (int round = 0; round < 20 * ROUNDS; round++) {
            var fresh = new PatientPool("fresh", 2, MOST_OVERDUE, Duration.ofSeconds(5),
                    (_, _) -> Disposables.single());
            var done = new AtomicInteger();
            var accepted = new AtomicInteger();
            var caller = new Thread(() -> {
                try {
                    while (true) {
                        fresh.execute(done::incrementAndGet);
                        accepted.incrementAndGet();
                    }
                } catch (RejectedExecutionException _) {
                    // the end
                }
            });
            caller.start();
            while (accepted.get() < round % 50) {
                Thread.onSpinWait();
            }
            fresh.shutdown();
            assertThat(fresh.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            caller.join();
            assertThat(done.get()).isEqualTo(accepted.get());
        }
    }

    @Test
    void nothingIsTakenAfterTheEndHoweverManyThreadsWaitForWork() throws Exception {
        for (int round = 0; round < 4 * ROUNDS; round++) {
            var idle = new PatientPool("idle", 2, MOST_OVERDUE, Duration.ofSeconds(5),
                    (_, _) -> Disposables.single());
            var both = new CyclicBarrier(2);
            Callable<Integer> meeting = both::await;
            for (Future<Integer> done : List.of(idle.submit(meeting), idle.submit(meeting))) {
                done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            if (round % 2 == 0) {
                idle.shutdown();
            } else {
                idle.shutdownNow();
            }
            assertThatThrownBy(() -> idle.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
            assertThat(idle.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void workThatNobodyCanWatchIsDoneAllTheSame(boolean forLackOfThreads) throws Exception {
        var unwatched = new PatientPool("unwatched", 1, MOST_OVERDUE, Duration.ofSeconds(5), (_, _) -> {
            if (forLackOfThreads) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            throw new IllegalStateException("on purpose");
        });
        assertThat(unwatched.submit(() -> "done").get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("done");
        unwatched.shutdown();
        assertThat(unwatched.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
}
