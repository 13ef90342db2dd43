package dev.patchbay.event;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Facts are taken out once, in their order, and what is to follow one is done after it. */
public final class FactQueueStress {
    private static final Happening HAPPENING = Happening.ofEngine(Instant.EPOCH, EventType.CRASH,
            dev.patchbay.event.Actor.ENGINE, Map.of());

    private FactQueueStress() {}

    /** Two facts are put in beside the recorder's drain, which also has an errand that is to follow the first. */
    @JCStressTest
    @Outcome(id = {"12, 1, 0", "12, 2, 0"}, expect = ACCEPTABLE,
            desc = "both are told, the errand is done after the first, nothing waits")
    @Outcome(expect = FORBIDDEN,
            desc = "a fact is lost, doubled or overtaken, the errand came too early or never, or a count is wrong")
    @State
    public static class AddBesideTake {
        private final FactQueue queue = new FactQueue();
        private int order; // the drain's, as what follows
        private int toldAtErrand;
        private int wrongCounts;

        private void drain() {
            for (FactQueue.Entry entry : queue.take(2)) {
                switch (entry) {
                    case FactQueue.Entry.Fact(long number, var _) -> {
                        queue.tell(number);
                        order = 10 * order + (int) number;
                        queue.runEarly();
                    }
                    case FactQueue.Entry.Errand errand -> queue.runOrKeep(errand);
                }
            }
            wrongCounts += queue.waiting() < 0 ? 1 : 0;
        }

        @Actor
        public void add() {
            queue.add(List.of(HAPPENING, HAPPENING), _ -> {});
        }

        @Actor
        public void take() {
            queue.add(new FactQueue.Entry.Errand(1,
                    () -> toldAtErrand = 10 * toldAtErrand + (int) queue.told()));
            drain();
        }

        @Arbiter
        public void look(III_Result result) {
            drain();
            drain(); // what came behind as many facts as one round takes
            result.r1 = order;
            result.r2 = toldAtErrand;
            result.r3 = wrongCounts + queue.waiting() + queue.errands();
        }
    }
}
