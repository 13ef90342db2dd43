package dev.patchbay.thread;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.patchbay.stress.ManualScheduler;
import dev.patchbay.stress.Patience;
import dev.patchbay.stress.Taking;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** A scheduler knows what it has taken, whatever happens to it meanwhile: it ends when that is over, and no earlier. */
public final class GracefulSchedulerStress {
    private GracefulSchedulerStress() {}

    /** 1 if it ends, or has ended, by itself; 0 if not. */
    private static int ends(GracefulScheduler scheduler) {
        try {
            scheduler.disposeGracefully().block(Patience.left());
            return 1;
        } catch (IllegalStateException _) {
            Patience.lose();
            return 0;
        }
    }

    /** A task comes while the scheduler is told to end when all is done; the second actor is also the thread below. */
    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "taken and run")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "refused and not run")
    @Outcome(expect = FORBIDDEN,
            desc = "dropped, run though refused, not over (-1), or what is below ended with somebody in it (1)")
    @State
    public static class ScheduleBesideGracefulEnd {
        private final ManualScheduler below = new ManualScheduler();
        private final GracefulScheduler scheduler = GracefulScheduler.of(below);
        private final AtomicInteger runs = new AtomicInteger();

        @Actor
        public void schedule(III_Result result) {
            result.r1 = Taking.give(scheduler::schedule, runs::incrementAndGet);
        }

        @Actor
        public void end() {
            var _ = scheduler.disposeGracefully().subscribe();
            below.work();
        }

        @Arbiter
        public void look(III_Result result) {
            below.work();
            result.r3 = ends(scheduler) == 0 ? -1 : below.hasEndedTooEarly() ? 1 : 0;
            result.r2 = runs.get();
        }
    }

    /** A task comes while the scheduler is ended at once. */
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "taken and run")
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "taken and dropped, as all that has not begun")
    @Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "refused and not run")
    @Outcome(expect = FORBIDDEN,
            desc = "run though refused, run twice, or whoever waits for the end is not told (0)")
    @State
    public static class ScheduleBesideDispose {
        private final ManualScheduler below = new ManualScheduler();
        private final GracefulScheduler scheduler = GracefulScheduler.of(below);
        private final AtomicInteger runs = new AtomicInteger();

        @Actor
        public void schedule(III_Result result) {
            result.r1 = Taking.give(scheduler::schedule, runs::incrementAndGet);
            below.work();
        }

        @Actor
        public void dispose() {
            scheduler.dispose();
        }

        @Arbiter
        public void look(III_Result result) {
            below.work();
            result.r2 = runs.get();
            result.r3 = ends(scheduler);
        }
    }

    /** A task comes while its worker is disposed of, which tells nobody what it drops: the scheduler can end all the same. */
    @JCStressTest
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "taken and dropped with the worker")
    @Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "refused")
    @Outcome(expect = FORBIDDEN,
            desc = "run by a worker that is gone, or still counted by a scheduler that never ends (0)")
    @State
    public static class ScheduleBesideDisposeOfItsWorker {
        private final ManualScheduler below = new ManualScheduler();
        private final GracefulScheduler scheduler = GracefulScheduler.of(below);
        private final Scheduler.Worker worker = scheduler.createWorker();
        private final AtomicInteger runs = new AtomicInteger();

        @Actor
        public void schedule(III_Result result) {
            result.r1 = Taking.give(worker::schedule, runs::incrementAndGet);
        }

        @Actor
        public void dispose() {
            worker.dispose();
        }

        @Arbiter
        public void look(III_Result result) {
            below.work();
            result.r2 = runs.get();
            result.r3 = ends(scheduler);
        }
    }

    /** A task is taken back while it begins: it is counted out once, so that the scheduler ends with the other one. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "taken back before it began")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "had begun")
    @Outcome(expect = FORBIDDEN,
            desc = "counted out twice, or not at all: ended before the other task (-1), or does not end (0)")
    @State
    public static class TakeBackBesideRun {
        private final ManualScheduler below = new ManualScheduler();
        private final GracefulScheduler scheduler = GracefulScheduler.of(below);
        private final AtomicInteger runs = new AtomicInteger();
        private final AtomicInteger othersRuns = new AtomicInteger();
        private final Disposable task = scheduler.schedule(runs::incrementAndGet);

        @Actor
        public void takeBack() {
            task.dispose();
        }

        @Actor
        public void run() {
            below.work();
        }

        @Arbiter
        public void look(II_Result result) {
            int _ = Taking.give(scheduler::schedule, othersRuns::incrementAndGet); // refused if it has ended already
            var _ = scheduler.disposeGracefully().subscribe();
            below.work();
            result.r1 = runs.get();
            result.r2 = othersRuns.get() == 1 ? ends(scheduler) : -1;
        }
    }
}
