package dev.patchbay.engine;

import java.time.Duration;
import java.util.List;

/** Pieces of messages for people. */
final class Sentences {
    private static final long SHOWN_AS_MILLIS = 10_000;

    private Sentences() {}

    /** What an error says; its name if it says nothing. */
    static String of(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** Such as {@code 250ms} or {@code 30s}. */
    static String duration(Duration duration) {
        long millis = duration.toMillis();
        return millis < SHOWN_AS_MILLIS && millis % 1000 != 0 ? millis + "ms" : duration.toSeconds() + "s";
    }

    /** What a plugin said last, as an appendix to a sentence; empty if it said nothing. */
    static String lastWords(List<String> lines) {
        return lines.isEmpty() ? "" : "; it last wrote to stderr: " + String.join(" | ", lines);
    }
}
