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

/** Who waits is told once, and who does not is not kept. */
public final class OccasionStress {
    private OccasionStress() {}

    /** Something that may happen, and one who may wait for it. */
    private static final class Waiting implements Occasion.Waiter {
        private final Occasion occasion = new Occasion();
        private final AtomicInteger told = new AtomicInteger();

        @Override
        public void happened() {
            told.incrementAndGet();
        }

        void look(II_Result result) {
            result.r1 = told.get();
            result.r2 = occasion.waiting();
        }
    }

    /** One comes while it happens. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "it is told once, and waits no more")
    @Outcome(expect = FORBIDDEN, desc = "it waits for ever (0), or is told twice")
    @State
    public static class AwaitBesideHappen {
        private final Waiting waiting = new Waiting();

        @Actor
        public void await() {
            waiting.occasion.await(waiting);
        }

        @Actor
        public void happen() {
            waiting.occasion.happen();
        }

        @Arbiter
        public void look(II_Result result) {
            waiting.look(result);
        }
    }
}
