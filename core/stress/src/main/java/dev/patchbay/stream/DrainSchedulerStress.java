package dev.patchbay.stream;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.patchbay.stress.ManualScheduler;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A scheduler that runs in one go what waits for it runs all of it, in order. */
public final class DrainSchedulerStress {
    private DrainSchedulerStress() {}

    /** Two tasks come one after the other, while the thread runs what there is, and one of its own. */
    @JCStressTest
    @Outcome(id = "12, 1", expect = ACCEPTABLE, desc = "each is run once, in order")
    @Outcome(expect = FORBIDDEN, desc = "one is left behind, run twice, or has overtaken another")
    @State
    public static class ScheduleBesideRun {
        private final ManualScheduler single = new ManualScheduler();
        private final DrainScheduler scheduler = DrainScheduler.of(single);
        private int order; // the thread's, as all that follows
        private int own;

        @Actor
        public void schedule() {
            var _ = scheduler.schedule(() -> order = 10 * order + 1);
            var _ = scheduler.schedule(() -> order = 10 * order + 2);
        }

        @Actor
        public void run() {
            var _ = scheduler.schedule(() -> own++);
            single.work();
        }

        @Arbiter
        public void look(II_Result result) {
            single.work();
            result.r1 = order;
            result.r2 = own;
        }
    }
}
