package dev.patchbay.client;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.patchbay.PluginCallException;
import dev.patchbay.stress.ManualScheduler;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** No exchange under way is overlooked, neither by the end nor by the timer. */
public final class InFlightStress {
    private static final int SOON = 10;
    private static final int LATER = 20;

    private InFlightStress() {}

    /** An exchange that counts how often it is stopped. */
    private static Exchange exchange(CallClock clock, int timeoutNanos, AtomicInteger stops) {
        var asked = new Asked(new PluginCallException.Call("p", "A.B"), new Asked.Body.Whole(new byte[0]),
                Duration.ofNanos(timeoutNanos));
        return new Exchange(asked, 1, clock, _ -> stops.incrementAndGet());
    }

    /** An exchange enters while all are ended. */
    @JCStressTest
    @Outcome(id = "[1-9]", expect = ACCEPTABLE, desc = "it is stopped, perhaps more than once")
    @Outcome(expect = FORBIDDEN, desc = "it is overlooked")
    @State
    public static class EnterBesideEnd {
        private final CallClock clock = new CallClock(new ManualScheduler());
        private final InFlight inFlight = new InFlight(clock);
        private final AtomicInteger stops = new AtomicInteger();
        private final Exchange exchange = exchange(clock, SOON, stops);

        @Actor
        public void enter() {
            inFlight.enter(exchange);
        }

        @Actor
        public void end() {
            inFlight.end();
        }

        @Arbiter
        public void look(I_Result result) {
            result.r1 = stops.get();
        }
    }

    /** An exchange enters while the timer looks for those that are late; it is late itself at the end. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "each is stopped once it is late")
    @Outcome(expect = FORBIDDEN, desc = "one is overlooked, or stopped twice")
    @State
    public static class EnterBesideTimer {
        private final ManualScheduler timer = new ManualScheduler();
        private final CallClock clock = new CallClock(timer);
        private final InFlight inFlight = new InFlight(clock);
        private final AtomicInteger firstStops = new AtomicInteger();
        private final AtomicInteger secondStops = new AtomicInteger();
        private final Exchange second = exchange(clock, LATER, secondStops);

        /** One is under way, and late now. */
        public EnterBesideTimer() {
            inFlight.enter(exchange(clock, SOON, firstStops));
            timer.passTo(SOON);
        }

        @Actor
        public void enter() {
            inFlight.enter(second);
        }

        @Actor
        public void look() {
            timer.work();
        }

        @Arbiter
        public void look(II_Result result) {
            timer.passTo(LATER);
            timer.work();
            result.r1 = firstStops.get();
            result.r2 = secondStops.get();
        }
    }
}
