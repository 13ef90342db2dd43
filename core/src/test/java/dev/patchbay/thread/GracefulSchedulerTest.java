package dev.patchbay.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

@Timeout(60)
class GracefulSchedulerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ROUNDS = 200;

    private final Scheduler pool = Schedulers.newBoundedElastic(2, 2, "graceful-test", 10, true);
    private final GracefulScheduler scheduler = GracefulScheduler.of(pool);
    private final List<String> done = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch hold = new CountDownLatch(1);

    @AfterEach
    void stop() {
        hold.countDown();
        scheduler.dispose();
    }

    /** Keeps a thread until the test lets go of it. */
    private void keep(String name) {
        try {
            hold.await();
            done.add(name);
        } catch (InterruptedException _) {
            done.add(name + " was interrupted");
        }
    }

    /** Begins on a thread of the scheduler, and stays there. */
    private Disposable busy(String name) throws InterruptedException {
        var begun = new CountDownLatch(1);
        Disposable task = scheduler.schedule(() -> {
            begun.countDown();
            keep(name);
        });
        assertThat(begun.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return task;
    }

    private CompletableFuture<?> ending() {
        return scheduler.disposeGracefully().toFuture();
    }

    private static void over(CompletableFuture<?> ending) throws Exception {
        ending.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void endsWhenAllIsDoneThatWasTakenOnAllOfItsThreads() throws Exception {
        busy("one");
        busy("other");
        scheduler.schedule(() -> done.add("waiting"));
        CompletableFuture<?> ending = ending();
        assertThat(ending).isNotDone();
        assertThat(pool.isDisposed()).isFalse();
        hold.countDown();
        over(ending);
        assertThat(done).containsExactlyInAnyOrder("one", "other", "waiting");
        assertThat(pool.isDisposed()).isTrue();
    }

    @Test
    void takesNothingMoreOnceItEnds() throws Exception {
        busy("before");
        CompletableFuture<?> ending = ending();
        assertThat(scheduler.isDisposed()).isTrue();
        assertThatThrownBy(() -> scheduler.schedule(() -> done.add("after")))
                .isInstanceOf(RejectedExecutionException.class);
        Scheduler.Worker worker = scheduler.createWorker();
        assertThatThrownBy(() -> worker.schedule(() -> done.add("after")))
                .isInstanceOf(RejectedExecutionException.class);
        hold.countDown();
        over(ending);
        assertThat(done).containsExactly("before");
        over(ending()); // again
    }

    @Test
    void endsAtOnceIfItHasNothingToDo() throws Exception {
        Mono.fromRunnable(() -> done.add("before")).subscribeOn(scheduler).block(PATIENCE);
        over(ending());
        assertThat(pool.isDisposed()).isTrue();
    }

    @Test
    void severalEndTogetherAndLeaveNoTimerBehind() throws Exception {
        GracefulScheduler other = GracefulScheduler.of(Schedulers.newSingle("graceful-other", true));
        Set<Thread> timers = timersOfReactor();
        busy("one");
        var late = new AtomicInteger();
        CompletableFuture<?> ending = GracefulScheduler
                .endAll(PATIENCE, late::incrementAndGet, scheduler, other)
                .toFuture();
        assertThat(ending).isNotDone();
        hold.countDown();
        over(ending);
        assertThat(pool.isDisposed()).isTrue();
        assertThat(other.isDisposed()).isTrue();
        assertThat(late).hasValue(0);
        assertThat(timersOfReactor()).isSubsetOf(timers);
    }

    private static Set<Thread> timersOfReactor() {
        return Thread.getAllStackTraces()
                .keySet()
                .stream()
                .filter(thread -> thread.getName().startsWith("parallel-"))
                .collect(Collectors.toSet());
    }

    @Test
    void whoHoldsOneOfSeveralIsNotWaitedForLongerThanPatienceLasts() throws Exception {
        GracefulScheduler other = GracefulScheduler.of(Schedulers.newSingle("graceful-other", true));
        busy("held");
        over(GracefulScheduler.endAll(Duration.ofMillis(50), () -> {
            done.add("late");
            scheduler.dispose();
        }, scheduler, other).toFuture());
        assertThat(done).contains("late");
        assertThat(pool.isDisposed()).isTrue();
    }

    @Test
    void endsAtOnceIfItNeverHadAnythingToDo() throws Exception {
        over(ending());
        assertThat(pool.isDisposed()).isTrue();
    }

    @Test
    void whatIsGivenUpBeforeItsTurnIsNeitherRunNorWaitedFor() throws Exception {
        busy("one");
        busy("other");
        Disposable task = scheduler.schedule(() -> done.add("given up"));
        Scheduler.Worker worker = scheduler.createWorker();
        worker.schedule(() -> done.add("the worker's"));
        task.dispose();
        assertThat(task.isDisposed()).isTrue();
        worker.dispose();
        assertThatThrownBy(() -> worker.schedule(() -> done.add("too late")))
                .isInstanceOf(RejectedExecutionException.class);
        CompletableFuture<?> ending = ending();
        hold.countDown();
        over(ending);
        assertThat(done).containsExactlyInAnyOrder("one", "other");
    }

    @Test
    void whatIsGivenUpWhileItRunsIsInterruptedAndWaitedFor() throws Exception {
        Disposable task = busy("task");
        CompletableFuture<?> ending = ending();
        task.dispose();
        over(ending);
        assertThat(done).containsExactly("task was interrupted");
    }

    @Test
    void aWorkersTasksAreDoneInTheirOrderAndWaitedFor() throws Exception {
        Scheduler.Worker worker = scheduler.createWorker();
        worker.schedule(() -> keep("first"));
        worker.schedule(() -> done.add("second"));
        CompletableFuture<?> ending = ending();
        assertThat(ending).isNotDone();
        hold.countDown();
        over(ending);
        assertThat(done).containsExactly("first", "second");
    }

    @Test
    void whatIsNotYetDueIsDropped() throws Exception {
        scheduler.schedule(() -> done.add("in a day"), 1, TimeUnit.DAYS);
        scheduler.createWorker().schedule(() -> done.add("in a day"), 1, TimeUnit.DAYS);
        scheduler.schedulePeriodically(() -> done.add("each day"), 1, 1, TimeUnit.DAYS);
        over(ending());
        assertThat(done).isEmpty();
    }

    @Test
    void whatIsDueIsRunAndWaitedForWhileItRuns() throws Exception {
        // Before a thread is kept: the pool may give the next one to it while its other thread is not yet back.
        Mono.delay(Duration.ofMillis(1), scheduler).block(PATIENCE);
        Flux.interval(Duration.ofMillis(1), scheduler).take(3).blockLast(PATIENCE);
        var begun = new CountDownLatch(1);
        scheduler.schedule(() -> {
            begun.countDown();
            keep("due");
        }, 1, TimeUnit.MILLISECONDS);
        assertThat(begun.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        CompletableFuture<?> ending = ending();
        assertThat(ending).isNotDone();
        hold.countDown();
        over(ending);
        assertThat(done).containsExactly("due");
    }

    @Test
    void whatFailsIsDone() throws Exception {
        busy("one");
        scheduler.schedule(() -> {
            Thread.currentThread()
                    .setUncaughtExceptionHandler((_, e) -> done.add(String.valueOf(e.getMessage())));
            throw new IllegalStateException("on purpose");
        });
        hold.countDown();
        over(ending());
        assertThat(done).contains("one");
    }

    @Test
    void whatTheSchedulerBelowRefusesIsNotWaitedFor() throws Exception {
        busy("one");
        busy("other");
        int refused = 0;
        for (int i = 0; i < 10; i++) {
            try {
                scheduler.schedule(() -> done.add("waiting"));
            } catch (RejectedExecutionException _) {
                refused++; // no more than two wait for each thread
            }
        }
        assertThat(refused).isEqualTo(6);
        CompletableFuture<?> ending = ending();
        hold.countDown();
        over(ending);
        assertThat(done).hasSize(6);
    }

    @Test
    void whoHasNoPatienceEndsItAllTheSame() throws Exception {
        busy("one");
        CompletableFuture<?> ending = ending();
        scheduler.dispose();
        over(ending);
        assertThat(pool.isDisposed()).isTrue();
    }

    @Test
    void allThatIsTakenIsRunHoweverManyScheduleWhileItEnds() throws Exception {
        try (var threads = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < ROUNDS; round++) {
                var fresh = GracefulScheduler.of(Schedulers.newSingle("fresh", true));
                var run = new AtomicInteger();
                var callers = List.of(threads.submit(() -> taken(fresh, run)),
                        threads.submit(() -> taken(fresh, run)));
                fresh.schedule(run::incrementAndGet);
                CompletableFuture<?> ending = fresh.disposeGracefully().toFuture();
                int taken = 1;
                for (var caller : callers) {
                    taken += caller.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                }
                over(ending);
                assertThat(run).hasValue(taken);
            }
        }
    }

    /** Schedules until it is refused, and tells how often it was not. */
    private static int taken(Scheduler fresh, AtomicInteger run) {
        int taken = 0;
        try {
            while (taken < 100_000) {
                fresh.schedule(run::incrementAndGet);
                taken++;
            }
        } catch (RejectedExecutionException _) {
            return taken;
        }
        return taken;
    }

    /** Has the end begin after it has taken something, and before it says so. */
    private static final class EndedAmid implements Scheduler {
        private final Scheduler below = Schedulers.newSingle("ended-amid", true);
        private final CountDownLatch disposed = new CountDownLatch(1);
        private Runnable end = () -> {};
        private boolean isDisposedAmid;

        private Disposable amid(Disposable taken) {
            end.run();
            try {
                isDisposedAmid = disposed.await(200, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return taken;
        }

        @Override
        public Disposable schedule(Runnable task) {
            return amid(below.schedule(task));
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return amid(below.schedule(task, delay, unit));
        }

        @Override
        public Worker createWorker() {
            return below.createWorker();
        }

        @Override
        public void dispose() {
            below.dispose();
            disposed.countDown();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_000_000})
    void whatIsBelowDoesNotEndWhileItIsGivenSomething(int delayMillis) throws Exception {
        var below = new EndedAmid();
        var ended = GracefulScheduler.of(below);
        below.end = () -> ended.disposeGracefully().subscribe();
        ended.schedule(() -> done.add("taken"), delayMillis, TimeUnit.MILLISECONDS);
        assertThat(below.isDisposedAmid).isFalse();
        over(ended.disposeGracefully().toFuture());
        assertThat(below.disposed.getCount()).isZero();
        assertThat(done).hasSize(delayMillis == 0 ? 1 : 0);
    }
}
