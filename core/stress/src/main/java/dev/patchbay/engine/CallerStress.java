package dev.patchbay.engine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.patchbay.stream.Occasion;
import dev.patchbay.use.Holders;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.scheduler.Schedulers;

/**
 * Who waits for an answer is told once, whatever comes beside it. Whoever answers, asks or ends tells on its own thread here, so
 * that two who tell would meet.
 */
public final class CallerStress {
    private static final Decision.Outcome DONE = new Decision.Outcome.Done(List.of("a"), Holders.NONE);

    private CallerStress() {}

    /** A letter that is not answered, and what its asker hears: digits for a value, the end, a failure, in their order. */
    private static final class Asked implements CoreSubscriber<List<String>> {
        private static final int VALUE = 1;
        private static final int END = 2;
        private static final int FAILURE = 3;

        private final Occasion ended = new Occasion();
        private final AtomicReference<@Nullable Reply> reply = new AtomicReference<>();
        private final AtomicReference<@Nullable Subscription> subscription = new AtomicReference<>();
        private int heard; // one writer, says the caller

        Asked(long requested) {
            Submission.of(new Submission.Ways(Schedulers.immediate(), ended), (_, to) -> reply.set(to),
                    Decision.Outcome.Done::dropped).subscribe(this);
            if (requested > 0) {
                subscription().request(requested);
            }
        }

        Subscription subscription() {
            return Objects.requireNonNull(subscription.get());
        }

        void answer() {
            Objects.requireNonNull(reply.get()).give(DONE);
        }

        private void hear(int digit) {
            heard = 10 * heard + digit;
        }

        @Override
        public void onSubscribe(Subscription given) {
            subscription.set(given);
        }

        @Override
        public void onNext(List<String> value) {
            hear(VALUE);
        }

        @Override
        public void onComplete() {
            hear(END);
        }

        @Override
        public void onError(Throwable why) {
            hear(FAILURE);
        }

        void look(II_Result result) {
            result.r1 = heard;
            result.r2 = ended.waiting();
        }
    }

    /** The answer comes while it is asked for. */
    @JCStressTest
    @Outcome(id = "12, 0", expect = ACCEPTABLE, desc = "the value is told, once, and the end")
    @Outcome(expect = FORBIDDEN, desc = "it is told nothing, or something twice, or is kept")
    @State
    public static class GiveBesideRequest {
        private final Asked asked = new Asked(0);

        @Actor
        public void give() {
            asked.answer();
        }

        @Actor
        public void request() {
            asked.subscription().request(1);
        }

        @Arbiter
        public void look(II_Result result) {
            asked.look(result);
        }
    }

    /** The answer comes while the asker leaves. */
    @JCStressTest
    @Outcome(id = {"12, 0", "0, 0"}, expect = ACCEPTABLE, desc = "all is told, or nothing")
    @Outcome(expect = FORBIDDEN, desc = "some of it is told, or something twice, or it is kept")
    @State
    public static class GiveBesideCancel {
        private final Asked asked = new Asked(1);

        @Actor
        public void give() {
            asked.answer();
        }

        @Actor
        public void cancel() {
            asked.subscription().cancel();
        }

        @Arbiter
        public void look(II_Result result) {
            asked.look(result);
        }
    }

    /** The answer comes while the engine ends. */
    @JCStressTest
    @Outcome(id = {"12, 0", "3, 0"}, expect = ACCEPTABLE, desc = "one of both is told, once")
    @Outcome(expect = FORBIDDEN, desc = "both are told, or neither, or it is kept")
    @State
    public static class GiveBesideEnd {
        private final Asked asked = new Asked(1);

        @Actor
        public void give() {
            asked.answer();
        }

        @Actor
        public void end() {
            asked.ended.happen();
        }

        @Arbiter
        public void look(II_Result result) {
            asked.look(result);
        }
    }
}
