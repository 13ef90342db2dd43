package dev.patchbay.engine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.patchbay.plugin.PluginId;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.scheduler.Schedulers;

/**
 * Each letter is refused, or delivered once, and none overtakes another of the same lane. Whoever puts one in, or asks for more,
 * delivers on its own thread here, so that two who deliver would meet.
 */
public final class MailboxStress {
    private static final PluginId PLUGIN = new PluginId("ab".repeat(32));

    private MailboxStress() {}

    private static Letter letter(int digit) {
        return new Letter.NotReadAgain(PLUGIN, Integer.toString(digit));
    }

    /** The digits of what it got, of the lower half and of the upper, in their order. One writer, says the mailbox. */
    private static final class Reader extends BaseSubscriber<Letter> {
        private static final int HALF = 5;
        private int low;
        private int high;

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            // each test asks by itself
        }

        @Override
        protected void hookOnNext(Letter letter) {
            int digit = Integer.parseInt(((Letter.NotReadAgain) letter).reason());
            if (digit < HALF) {
                low = 10 * low + digit;
            } else {
                high = 10 * high + digit;
            }
        }
    }

    private static Mailbox mailbox(int capacity, Reader reader) {
        var mailbox = new Mailbox(capacity, Schedulers.immediate());
        mailbox.subscribe(reader);
        return mailbox;
    }

    /** Two ask where there is room for one. */
    @JCStressTest
    @Outcome(id = {"1, 0, 1", "0, 1, 1"}, expect = ACCEPTABLE,
            desc = "one is taken and delivered, one refused")
    @Outcome(expect = FORBIDDEN, desc = "both are taken, both refused, or one is lost")
    @State
    public static class OfferBesideOffer {
        private final Reader reader = new Reader();
        private final Mailbox mailbox = mailbox(1, reader);

        @Actor
        public void one(III_Result result) {
            result.r1 = mailbox.offer(letter(1)) ? 1 : 0;
        }

        @Actor
        public void other(III_Result result) {
            result.r2 = mailbox.offer(letter(1)) ? 1 : 0;
        }

        @Arbiter
        public void look(III_Result result) {
            reader.request(2);
            result.r3 = reader.low;
        }
    }

    /** Two letters are put in beside two of the other lane. */
    @JCStressTest
    @Outcome(id = "12, 67", expect = ACCEPTABLE,
            desc = "each is delivered once, in the order of who put it in")
    @Outcome(expect = FORBIDDEN, desc = "one is lost, doubled or overtaken")
    @State
    public static class OfferBesideReport {
        private final Reader reader = new Reader();
        private final Mailbox mailbox = mailbox(2, reader);

        /** Its reader takes all. */
        public OfferBesideReport() {
            reader.requestUnbounded();
        }

        @Actor
        public void offer() {
            boolean _ = mailbox.offer(letter(1));
            boolean _ = mailbox.offer(letter(2));
        }

        @Actor
        public void report() {
            mailbox.report(letter(6));
            mailbox.report(letter(7));
        }

        @Arbiter
        public void look(II_Result result) {
            result.r1 = reader.low;
            result.r2 = reader.high;
        }
    }

    /** Two ask, one of them after room was made. */
    @JCStressTest
    @Outcome(id = {"1, 0", "0, 1"}, expect = ACCEPTABLE, desc = "one is taken, one refused")
    @Outcome(expect = FORBIDDEN, desc = "both are refused though there is room (0, 0), or both taken")
    @State
    public static class OfferBesideRefusal {
        private final Reader reader = new Reader();
        private final Mailbox mailbox = mailbox(1, reader);

        /** It is full. */
        public OfferBesideRefusal() {
            boolean _ = mailbox.offer(letter(1));
        }

        @Actor
        public void offer(II_Result result) {
            result.r1 = mailbox.offer(letter(2)) ? 1 : 0;
        }

        @Actor
        public void readAndOffer(II_Result result) {
            reader.request(1);
            result.r2 = mailbox.offer(letter(3)) ? 1 : 0;
        }
    }

    /** One letter is put in while the mailbox is cancelled, and its thread goes. */
    @JCStressTest
    @Outcome(id = {"1, 1", "1, 0"}, expect = ACCEPTABLE,
            desc = "it is taken, and delivered if that was in time")
    @Outcome(expect = FORBIDDEN, desc = "it is refused though there is room, or delivered twice")
    @State
    public static class OfferBesideCancel {
        private final Reader reader = new Reader();
        private final Mailbox mailbox = mailbox(1, reader);

        /** Its reader takes all. */
        public OfferBesideCancel() {
            reader.requestUnbounded();
        }

        @Actor
        public void offer(II_Result result) {
            result.r1 = mailbox.offer(letter(1)) ? 1 : 0;
        }

        @Actor
        public void cancel() {
            reader.cancel();
        }

        @Arbiter
        public void look(II_Result result) {
            result.r2 = reader.low;
        }
    }

    /** Two letters are put in while the reader asks for two, one after the other. */
    @JCStressTest
    @Outcome(id = "12", expect = ACCEPTABLE, desc = "both are delivered, in their order")
    @Outcome(expect = FORBIDDEN, desc = "one is lost or overtaken, or what was asked for is forgotten")
    @State
    public static class OfferBesideRequest {
        private final Reader reader = new Reader();
        private final Mailbox mailbox = mailbox(2, reader);

        @Actor
        public void offer() {
            boolean _ = mailbox.offer(letter(1));
            boolean _ = mailbox.offer(letter(2));
        }

        @Actor
        public void request() {
            reader.request(1);
            reader.request(1);
        }

        @Arbiter
        public void look(I_Result result) {
            result.r1 = reader.low;
        }
    }
}
