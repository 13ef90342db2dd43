package dev.patchbay.client;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** A permit is never lost nor doubled, and nobody who waits is forgotten. There is one permit in each of these. */
public final class PermitsStress {
    private PermitsStress() {}

    /** One who counts how often it was told that it has a permit. */
    private static final class Asker implements Permits.Waiting {
        private final AtomicInteger grants = new AtomicInteger();

        @Override
        public void granted() {
            grants.incrementAndGet();
        }

        int grants() {
            return grants.get();
        }
    }

    /** How many are free: so many of two are told at once. */
    private static int free(Permits permits) {
        var one = new Asker();
        var other = new Asker();
        permits.acquire(one);
        permits.acquire(other);
        return one.grants() + other.grants();
    }

    /** The permit is given back while the only one who waits for it waits no longer. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE,
            desc = "it was told before, and the permit is there when it has given it back")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "it was not told, and the permit is there")
    @Outcome(expect = FORBIDDEN, desc = "the permit is lost (0) or doubled (2), or it was told twice")
    @State
    public static class ReleaseBesideWithdraw {
        private final Permits permits = new Permits(1);
        private final Asker waiting = new Asker();

        /** Somebody has the permit, and one waits. */
        public ReleaseBesideWithdraw() {
            permits.acquire(new Asker());
            permits.acquire(waiting);
        }

        @Actor
        public void release() {
            permits.release();
        }

        @Actor
        public void withdraw() {
            permits.withdraw(waiting);
        }

        @Arbiter
        public void look(II_Result result) {
            result.r1 = waiting.grants();
            if (result.r1 != 0) {
                permits.release();
            }
            result.r2 = free(permits);
        }
    }

    /** One asks while the permit is given back. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE,
            desc = "it was told, and the permit is there when it has given it back")
    @Outcome(expect = FORBIDDEN, desc = "it is forgotten (0), or the permit is lost or doubled")
    @State
    public static class AcquireBesideRelease {
        private final Permits permits = new Permits(1);
        private final Asker asker = new Asker();

        /** Somebody has the permit. */
        public AcquireBesideRelease() {
            permits.acquire(new Asker());
        }

        @Actor
        public void acquire() {
            permits.acquire(asker);
        }

        @Actor
        public void release() {
            permits.release();
        }

        @Arbiter
        public void look(II_Result result) {
            result.r1 = asker.grants();
            permits.release();
            result.r2 = free(permits);
        }
    }

    /** Two ask at once for what only one can have. */
    @JCStressTest
    @Outcome(id = "1, 2, 1", expect = ACCEPTABLE,
            desc = "one was told, and the other when that was given back")
    @Outcome(expect = FORBIDDEN,
            desc = "both were told at once (2), nobody was (0), one is forgotten, or the permit is lost or doubled")
    @State
    public static class AcquireBesideAcquire {
        private final Permits permits = new Permits(1);
        private final Asker one = new Asker();
        private final Asker other = new Asker();

        @Actor
        public void one() {
            permits.acquire(one);
        }

        @Actor
        public void other() {
            permits.acquire(other);
        }

        @Arbiter
        public void look(III_Result result) {
            result.r1 = one.grants() + other.grants();
            permits.release();
            result.r2 = one.grants() + other.grants();
            permits.release();
            result.r3 = free(permits);
        }
    }
}
