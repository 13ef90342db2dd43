package dev.patchbay.registry;

import java.io.IOException;
import java.time.Duration;

/** The headers of an answer took too long. Never leaves the package. */
final class AnswerTooSlow extends IOException {
    private static final long serialVersionUID = 1L;

    private final Duration patience;

    AnswerTooSlow(Duration patience) {
        super("no answer within " + patience);
        this.patience = patience;
    }

    Duration patience() {
        return patience;
    }
}
