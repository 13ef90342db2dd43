package dev.patchbay.engine;

import dev.patchbay.engine.Decision.Outcome;
import java.util.ArrayList;
import java.util.List;

/** A reply that remembers every answer, one too many included. */
final class CountedReply implements Reply {
    final List<Outcome> answers = new ArrayList<>();

    @Override
    public void give(Outcome outcome) {
        answers.add(outcome);
        if (answers.size() > 1) {
            throw Reply.answeredTwice(outcome);
        }
    }
}
