package dev.patchbay.engine;

import dev.patchbay.engine.Decision.Outcome;
import reactor.core.publisher.Sinks;

/** Answers askers. */
final class Replies {
    private Replies() {}

    /** Answers once; a second answer to the same asker is a bug that must not pass quietly. */
    static void give(Sinks.One<Outcome> reply, Outcome outcome) {
        switch (reply.tryEmitValue(outcome)) {
            case OK, FAIL_CANCELLED, FAIL_ZERO_SUBSCRIBER -> {
            } // heard, or nobody left to hear
            case FAIL_TERMINATED, FAIL_NON_SERIALIZED, FAIL_OVERFLOW ->
                throw new IllegalStateException("answered twice: " + outcome);
        }
    }
}
