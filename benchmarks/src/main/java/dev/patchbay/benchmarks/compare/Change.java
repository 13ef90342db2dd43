package dev.patchbay.benchmarks.compare;

import dev.patchbay.benchmarks.measure.Better;
import dev.patchbay.benchmarks.measure.Series;
import java.util.Optional;

/**
 * What became of one series.
 *
 * @param name of run and series
 * @param before the series in the first results
 * @param after the same in the second
 * @param ratio of the medians; empty if that of the first is not above zero
 */
record Change(String name, Series before, Series after, Optional<Bootstrap> ratio) {
    /** With fewer samples on either side chance is not told from change. */
    static final int FEWEST = 5;

    /** Compares. */
    static Change of(String name, Series before, Series after) {
        return new Change(name, before, after, before.samples().median() > 0
                ? Optional.of(Bootstrap.of(before.samples(), after.samples()))
                : Optional.empty());
    }

    /** What can be said. */
    enum Kind {
        /** It became better, more than by chance. */
        BETTER,

        /** It became worse, more than by chance. */
        WORSE,

        /** Nothing can be said. */
        NO_EVIDENCE
    }

    Kind kind() {
        boolean few = Math.min(before.samples().count(), after.samples().count()) < FEWEST;
        if (few || ratio.filter(Bootstrap::evident).isEmpty()) {
            return Kind.NO_EVIDENCE;
        }
        boolean less = ratio.get().ratio() < 1;
        return less == (before.unit().better() == Better.LOWER) ? Kind.BETTER : Kind.WORSE;
    }

    /** The same in words. */
    String words() {
        boolean memory = before.unit().name().matches("[kMG]i?B|bytes|[KMG]iB");
        return switch (kind()) {
            case BETTER -> memory ? "smaller" : "faster";
            case WORSE -> memory ? "larger" : "slower";
            case NO_EVIDENCE -> "no evidence";
        };
    }
}
