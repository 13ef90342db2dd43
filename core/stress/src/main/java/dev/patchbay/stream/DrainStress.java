package dev.patchbay.stream;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A drain leaves nothing behind and is in its work once at a time. */
public final class DrainStress {
    private DrainStress() {}

    /** Two put something in and wake the drain, which works on the thread of either. */
    @JCStressTest
    @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "both are found, one after the other")
    @Outcome(expect = FORBIDDEN, desc = "one is left behind or not seen, or two threads were in the work (1)")
    @State
    public static class WakeBesideWake {
        private final AtomicInteger waiting = new AtomicInteger();
        private final AtomicInteger inside = new AtomicInteger();
        private final Drain drain = new Drain(Runnable::run, this::work);
        private int found; // the work's: the drain sees to it that each round sees what the round before wrote
        private int crossings; // the same

        private void work() {
            if (inside.getAndIncrement() != 0) {
                crossings = 1;
            }
            found += waiting.getAndSet(0);
            inside.decrementAndGet();
        }

        private void put() {
            waiting.incrementAndGet();
            drain.wake();
        }

        @Actor
        public void one() {
            put();
        }

        @Actor
        public void other() {
            put();
        }

        @Arbiter
        public void look(II_Result result) {
            result.r1 = found;
            result.r2 = crossings;
        }
    }
}
