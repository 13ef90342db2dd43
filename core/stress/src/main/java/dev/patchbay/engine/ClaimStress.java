package dev.patchbay.engine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.stream.Occasion;
import dev.patchbay.use.Holder;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What is held is given back once, and behind what asked for it. */
public final class ClaimStress {
    private static final PluginId PLUGIN = new PluginId("ab".repeat(32));
    private static final InterfaceType CAPABILITY = InterfaceType.asked("volumedriver");

    private ClaimStress() {}

    /** A mailbox, and who reads it, on the thread of whoever puts something in: digits for what asks, and what gives back. */
    private static class Letters extends BaseSubscriber<Letter> implements Claim.Mail {
        private static final int ASK = 1;
        private static final int LET_GO = 2;

        private final Mailbox mailbox = new Mailbox(1, Schedulers.immediate());
        private final Submission.Ways ways = new Submission.Ways(Schedulers.immediate(), new Occasion());
        private int read; // one writer, says the mailbox

        Letters() {
            mailbox.subscribe(this);
        }

        Claim claim() {
            return new Claim(this, PLUGIN, Holder.passing("use:1", "x"));
        }

        @Override
        public Mono<Void> submit(Command.Asked command, Runnable taken) {
            return Submission.of(ways, (requestId, reply) -> {
                boolean _ = mailbox.offer(new Letter.Ask(command, requestId, reply));
                taken.run();
            }, _ -> null);
        }

        @Override
        public void follow(Command.LetGo command) {
            mailbox.follow(new Letter.Report(command));
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        protected void hookOnNext(Letter letter) {
            if (letter instanceof Letter.Ask ask) {
                read = 10 * read + ASK;
                asked(ask);
            } else {
                read = 10 * read + LET_GO;
            }
        }

        /** Leaves it without an answer. */
        void asked(Letter.Ask ask) {
            // whoever holds something holds it until it is given back
        }
    }

    /** Refuses all. */
    private static final class Refusing extends Letters {
        @Override
        void asked(Letter.Ask ask) {
            ask.reply().give(new Decision.Outcome.Failed(new Refusal.Closing()));
        }
    }

    /** It is asked for while it is given back. */
    @JCStressTest
    @Outcome(id = {"12", "0"}, expect = ACCEPTABLE,
            desc = "it is asked for and given back behind that, or not asked for at all")
    @Outcome(expect = FORBIDDEN, desc = "it is held for ever (1), or given back twice, or too early")
    @State
    public static class AskBesideGiveBack {
        private final Letters letters = new Letters();
        private final Claim claim = letters.claim();

        @Actor
        public void ask() {
            var _ = claim.ask(CAPABILITY).subscribe(_ -> {}, _ -> {});
        }

        @Actor
        public void giveBack() {
            var _ = claim.giveBack().subscribe(_ -> {}, _ -> {});
        }

        @Arbiter
        public void look(I_Result result) {
            result.r1 = letters.read;
        }
    }

    /** It is asked for, and refused before it is known to be in the mailbox, while it is given back. */
    @JCStressTest
    @Outcome(id = {"1", "0"}, expect = ACCEPTABLE, desc = "what was refused is not given back")
    @Outcome(expect = FORBIDDEN, desc = "something is given back that nobody holds")
    @State
    public static class RefuseBesideGiveBack {
        private final Letters letters = new Refusing();
        private final Claim claim = letters.claim();

        @Actor
        public void ask() {
            var _ = claim.ask(CAPABILITY).subscribe(_ -> {}, _ -> {});
        }

        @Actor
        public void giveBack() {
            var _ = claim.giveBack().subscribe(_ -> {}, _ -> {});
        }

        @Arbiter
        public void look(I_Result result) {
            result.r1 = letters.read;
        }
    }
}
