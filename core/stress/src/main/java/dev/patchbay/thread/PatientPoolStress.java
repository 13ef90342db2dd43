package dev.patchbay.thread;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.patchbay.stress.Patience;
import dev.patchbay.stress.Taking;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import reactor.core.Disposables;

/** A pool takes a task or refuses it, whatever it is told meanwhile. */
public final class PatientPoolStress {
    private static final int STILL_THERE = -1;

    private PatientPoolStress() {}

    private static PatientPool pool(int threads) {
        return new PatientPool("stressed", threads, 0, Duration.ofHours(1), (_, _) -> Disposables.disposed());
    }

    private static boolean ends(PatientPool pool) {
        try {
            boolean ended = pool.awaitTermination(Patience.left().toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                Patience.lose();
            }
            return ended;
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a stress test", e);
        }
    }

    /** A task comes while the pool is shut down that has had nothing to do: taken and run, or refused. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "taken and run")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "refused and not run")
    @Outcome(expect = FORBIDDEN, desc = "lost, run though refused, or the pool does not end (-1)")
    @State
    public static class ExecuteBesideShutdown {
        private final PatientPool pool = pool(1);
        private final AtomicInteger runs = new AtomicInteger();

        @Actor
        public void execute(II_Result result) {
            result.r1 = Taking.give(pool::execute, runs::incrementAndGet);
        }

        @Actor
        public void shutdown() {
            pool.shutdown();
        }

        @Arbiter
        public void look(II_Result result) {
            result.r2 = ends(pool) ? runs.get() : STILL_THERE;
        }
    }

    /** The same, with a thread that has just been busy and waits for more: that ends as well. */
    @JCStressTest
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "taken and run")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "refused and not run")
    @Outcome(expect = FORBIDDEN, desc = "lost, run though refused, or the pool does not end (-1)")
    @State
    public static class ExecuteBesideShutdownOfOneThatWorked {
        private final PatientPool pool = pool(2);
        private final AtomicInteger runs = new AtomicInteger();

        /** Has its thread start. */
        public ExecuteBesideShutdownOfOneThatWorked() {
            pool.execute(runs::incrementAndGet);
        }

        @Actor
        public void execute(II_Result result) {
            result.r1 = Taking.give(pool::execute, runs::incrementAndGet);
        }

        @Actor
        public void shutdown() {
            pool.shutdown();
        }

        @Arbiter
        public void look(II_Result result) {
            result.r2 = ends(pool) ? runs.get() : STILL_THERE;
        }
    }

    /** A task comes to where all threads are taken, of which there are none here, while what waits is dropped. */
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "taken, and given back as one that waited")
    @Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "refused, and nothing waited")
    @Outcome(expect = FORBIDDEN,
            desc = "left in the queue, given back though refused, or the pool has not ended")
    @State
    public static class ExecuteBesideShutdownNow {
        private final PatientPool pool = pool(0);

        @Actor
        public void execute(III_Result result) {
            result.r1 = Taking.give(pool::execute, () -> {});
        }

        @Actor
        public void shutdownNow(III_Result result) {
            result.r2 = pool.shutdownNow().size();
        }

        @Arbiter
        public void look(III_Result result) {
            result.r3 = pool.isTerminated() ? 1 : 0;
        }
    }

    /** Two tasks come at once to a pool of one thread. */
    @JCStressTest
    @Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "both run, by one thread")
    @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "both run, and its thread was not seen")
    @Outcome(expect = FORBIDDEN,
            desc = "one is lost, there were more threads than may be, or the pool does not end (-1)")
    @State
    public static class ExecuteBesideExecute {
        private final PatientPool pool = pool(1);
        private final AtomicInteger runs = new AtomicInteger();
        private final AtomicInteger mostThreads = new AtomicInteger();

        private void execute() {
            pool.execute(runs::incrementAndGet);
            mostThreads.accumulateAndGet(pool.threads(), Math::max);
        }

        @Actor
        public void one() {
            execute();
        }

        @Actor
        public void other() {
            execute();
        }

        @Arbiter
        public void look(II_Result result) {
            pool.shutdown();
            result.r1 = ends(pool) ? runs.get() : STILL_THERE;
            result.r2 = mostThreads.get();
        }
    }

    /** What is overdue ends while it is counted as that, so that one thread more is made, but not needed: what waits is done. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "done")
    @Outcome(expect = FORBIDDEN, desc = "left in the queue, or the pool does not end (-1)")
    @State
    public static class OverdueBesideItsEnd {
        private final Queue<Runnable> alarms = new ConcurrentLinkedQueue<>();
        private final CountDownLatch free = new CountDownLatch(1);
        private final AtomicInteger runs = new AtomicInteger();
        private final PatientPool pool = new PatientPool("stressed", 1, 1, Duration.ofHours(1),
                (_, overdue) -> {
                    alarms.add(overdue);
                    return Disposables.disposed();
                });

        /** Has its thread hang, and something wait. */
        public OverdueBesideItsEnd() {
            pool.execute(() -> await(free));
            while (alarms.isEmpty()) {
                Thread.onSpinWait();
            }
            pool.execute(runs::incrementAndGet);
        }

        private static void await(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts a stress test", e);
            }
        }

        @Actor
        public void end() {
            free.countDown();
        }

        @Actor
        public void alarm() {
            alarms.element().run();
        }

        @Arbiter
        public void look(I_Result result) {
            pool.shutdown();
            result.r1 = ends(pool) ? runs.get() : STILL_THERE;
        }
    }
}
