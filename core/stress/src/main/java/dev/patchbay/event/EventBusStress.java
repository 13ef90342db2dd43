package dev.patchbay.event;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import reactor.core.Disposable;

/** Whoever listens is told, whoever comes and goes beside it. */
public final class EventBusStress {
    private static final LoggedEvent EVENT = LoggedEvent.of(Happening
            .ofEngine(Instant.EPOCH, EventType.CRASH, dev.patchbay.event.Actor.ENGINE, Map.of())
            .at(new Cursor("e", 1)));

    private EventBusStress() {}

    /** One joins those with its filter while the last of them leaves. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "it is told, and there is a group for its filter")
    @Outcome(expect = FORBIDDEN, desc = "it has joined what is gone, or what is left behind")
    @State
    public static class JoinBesideLeave {
        private final EventBus bus = new EventBus();
        private final AtomicInteger told = new AtomicInteger();
        private final Disposable last = bus.live(EventFilter.ALL).subscribe();

        @Actor
        public void join() {
            var _ = bus.live(EventFilter.ALL).subscribe(_ -> told.incrementAndGet());
        }

        @Actor
        public void leave() {
            last.dispose();
        }

        @Arbiter
        public void look(II_Result result) {
            bus.publish(EVENT);
            result.r1 = told.get();
            result.r2 = bus.groups();
        }
    }

    /** One joins while the bus is closed. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "its stream ends")
    @Outcome(expect = FORBIDDEN, desc = "it waits for ever (0)")
    @State
    public static class JoinBesideClose {
        private final EventBus bus = new EventBus();
        private final AtomicInteger ends = new AtomicInteger();

        @Actor
        public void join() {
            var _ = bus.live(EventFilter.ALL).doOnComplete(ends::incrementAndGet).subscribe();
        }

        @Actor
        public void close() {
            bus.close();
        }

        @Arbiter
        public void look(I_Result result) {
            result.r1 = ends.get();
        }
    }

    /** One joins while an event is told: from the next on it hears all. */
    @JCStressTest
    @Outcome(id = {"1, 1, 0", "2, 1, 0"}, expect = ACCEPTABLE,
            desc = "it is told the second, and perhaps the first")
    @Outcome(expect = FORBIDDEN, desc = "it is not told, or one that listened before has missed something")
    @State
    public static class JoinBesidePublish {
        private final EventBus bus = new EventBus();
        private final AtomicInteger told = new AtomicInteger();
        private final AtomicInteger toldBefore = new AtomicInteger();

        /** One listens already, to something else. */
        public JoinBesidePublish() {
            var _ = bus.live(EventFilter.types(EventType.CRASH)).subscribe(_ -> toldBefore.incrementAndGet());
        }

        @Actor
        public void join() {
            var _ = bus.live(EventFilter.ALL).subscribe(_ -> told.incrementAndGet());
        }

        @Actor
        public void publish(III_Result result) {
            bus.publish(EVENT);
            result.r2 = toldBefore.get();
        }

        @Arbiter
        public void look(III_Result result) {
            bus.publish(EVENT);
            result.r1 = told.get();
            result.r3 = 2 - toldBefore.get();
        }
    }
}
