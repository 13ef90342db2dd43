package dev.patchbay.engine;

import dev.patchbay.engine.Decision.Outcome;
import java.util.concurrent.atomic.AtomicBoolean;

/** Where the answer to a letter goes. */
interface Reply {
    /**
     * Answers. Once: a second answer to the same asker is a bug that must not pass quietly. On any thread; never waits,
     * and runs no caller's code, unless the thread that replies has ended, for then there is no other.
     *
     * @throws IllegalStateException the second time
     */
    void give(Outcome outcome);

    /** One that nobody hears. */
    static Reply unheard() {
        var given = new AtomicBoolean();
        return outcome -> {
            if (given.getAndSet(true)) {
                throw answeredTwice(outcome);
            }
        };
    }

    /** What is thrown the second time. */
    static IllegalStateException answeredTwice(Outcome outcome) {
        return new IllegalStateException("answered twice: " + outcome);
    }
}
