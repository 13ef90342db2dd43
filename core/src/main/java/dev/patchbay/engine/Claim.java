package dev.patchbay.engine;

import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.use.Holder;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Mono;

/**
 * One use, from before it is asked for to its end. It is asked for once and given back once, on any two threads, and what
 * gives it back must not come to the mailbox before what asks for it, or it would be held for ever: a subscriber may cancel
 * while it is being subscribed to, and what was cancelled may still be subscribed to then.
 *
 * <p>States: {@code NEW}, {@code ASKING}, {@code ASKED}; {@code OVER} from each of them when it is given back; {@code REFUSED},
 * which lasts, when the answer says so, from each but {@code NEW}.
 *
 * <ol>
 *   <li>only from {@code NEW} it is asked for: what was given back before never is;
 *   <li>whoever gives it back while it is being put into the mailbox only says so; whoever has put it there takes it back;
 *   <li>what was refused is not held, and nothing is given back, also if that is known before it is known to be in the mailbox;
 *       only who gives it back while the refusal is on its way takes back what is not held, which changes nothing.
 * </ol>
 */
final class Claim {
    private final Mail mail;
    private final PluginId plugin;
    private final Holder holder;
    private final AtomicReference<Step> step = new AtomicReference<>(Step.NEW);

    private enum Step {
        NEW, ASKING, ASKED, REFUSED, OVER
    }

    /** What letters of uses go through. */
    interface Mail {
        /**
         * Asks something that may have to be taken back. Completes when it is done.
         *
         * @param taken is run when the mailbox has taken it, on the subscribing thread; the answer may come before that
         */
        Mono<Void> submit(Command.Asked command, Runnable taken);

        /** Takes back what was asked, and taken, whatever has become of it. */
        void follow(Command.LetGo command);
    }

    Claim(Mail mail, PluginId plugin, Holder holder) {
        this.mail = mail;
        this.plugin = plugin;
        this.holder = holder;
    }

    PluginId plugin() {
        return plugin;
    }

    Holder holder() {
        return holder;
    }

    /** Asks for it. @return completes when it is held; never, if it was given back before, since nobody listens then */
    Mono<Void> ask(InterfaceType capability) {
        return Mono.defer(() -> step.compareAndSet(Step.NEW, Step.ASKING)
                ? mail.submit(new Command.Acquire(plugin, capability, holder), this::asked)
                        .onErrorMap(this::refused)
                : Mono.never());
    }

    private void asked() {
        if (!step.compareAndSet(Step.ASKING, Step.ASKED) && step.get() == Step.OVER) {
            letGo();
        }
    }

    private Throwable refused(Throwable why) {
        step.set(Step.REFUSED);
        return why;
    }

    /** Gives it back, wherever it is. */
    Mono<Void> giveBack() {
        return Mono.fromRunnable(() -> {
            if (step.getAndUpdate(now -> now == Step.REFUSED ? now : Step.OVER) == Step.ASKED) {
                letGo();
            }
        });
    }

    private void letGo() {
        mail.follow(new Command.LetGo(plugin, holder.id()));
    }
}
