package dev.patchbay.benchmarks.measure;

import java.util.Optional;

/**
 * A sentence below a table.
 *
 * @param text the sentence
 * @param verdict what it says, if it is one
 */
public record Remark(String text, Optional<Verdict> verdict) {
    /** Something that a reader must know. */
    public static Remark of(String text) {
        return new Remark(text, Optional.empty());
    }

    /** Whether a figure is met. */
    public static Remark of(Verdict verdict) {
        return new Remark(verdict.toString(), Optional.of(verdict));
    }

    /** The same, with more after it. */
    public Remark and(String more) {
        return new Remark(text + more, verdict);
    }
}
