package dev.patchbay.engine;

import dev.patchbay.engine.Decision.Outcome;
import dev.patchbay.engine.Letter.Ask;
import dev.patchbay.store.StagedPlugin;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells those who asked something of a plugin how it ended, each of them once. State thread only. */
final class Answers {
    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

    private final Chronicle chronicle;
    private final Consumer<StagedPlugin> discard;

    /** Makes one that hands over what was brought for a version that is refused. */
    Answers(Chronicle chronicle, Consumer<StagedPlugin> discard) {
        this.chronicle = chronicle;
        this.discard = discard;
    }

    void give(Ask ask, Outcome outcome) {
        // Each asker is answered once, so this is the one place where a version that was refused ends.
        if (outcome instanceof Outcome.Failed && ask.command() instanceof Command.Upgrade upgrade) {
            discard.accept(upgrade.delivery().staged());
        }
        chronicle.reply(ask.reply(), outcome);
    }

    void refuse(Ask ask, Refusal why) {
        give(ask, new Outcome.Failed(why));
    }

    /** Answers the one who was parked, if somebody was. */
    void release(Slot slot, Outcome outcome) {
        Ask parked = slot.parked;
        slot.parked = null;
        if (parked != null) {
            give(parked, outcome);
        }
    }

    /** A rule threw. */
    void fault(Command command, Optional<Ask> ask, RuntimeException e) {
        String attempt = command.getClass().getSimpleName();
        LOG.error("a rule failed on {} of plugin {}; nothing was changed", attempt, command.plugin(), e);
        ask.ifPresent(a -> refuse(a, new Refusal.Fault(attempt, e)));
    }
}
