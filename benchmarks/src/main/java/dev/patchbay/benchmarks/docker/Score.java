package dev.patchbay.benchmarks.docker;

import dev.patchbay.benchmarks.measure.Series;
import dev.patchbay.benchmarks.measure.Timings;
import dev.patchbay.benchmarks.measure.Unit;
import dev.patchbay.benchmarks.measure.Verdict;
import java.util.List;
import java.util.Optional;

/**
 * What both took for one thing.
 *
 * @param what the thing
 * @param unit what the figures count
 * @param ours Patchbay's figures
 * @param theirs those of the other, of the same rounds
 * @param atMost how large the ratio may be at most; empty if nothing was promised
 */
record Score(String what, Unit unit, Taken ours, Taken theirs, Optional<Double> atMost) {
    /** The heads of the columns that {@link #cells} fills. */
    static final List<String> HEADS = List.of("what", "unit", "patchbay", "p5..p95", "other", "p5..p95",
            "ratio", "95 %", "n");

    /**
     * The figures of one way.
     *
     * @param way as tables call it
     * @param figures all of them, those of a round one after the other
     * @param rounds in how many rounds they were taken, as many in each
     */
    record Taken(String way, List<Double> figures, int rounds) {
        /** Copies. */
        Taken {
            figures = List.copyOf(figures);
        }

        private String median() {
            return Timings.text(new Timings(figures).median());
        }

        private String spread() {
            var timings = new Timings(figures);
            return Timings.text(timings.quantile(0.05)) + ".." + Timings.text(timings.quantile(0.95));
        }
    }

    /** Checks. @throws IllegalArgumentException if there are not as many figures of both, or none */
    Score {
        if (ours.figures().isEmpty() || ours.figures().size() != theirs.figures().size()) {
            throw new IllegalArgumentException(what + ": " + ours.figures().size() + " figures and "
                    + theirs.figures().size());
        }
    }

    Ratio ratio() {
        return Ratio.of(ours.figures(), theirs.figures(), ours.rounds());
    }

    /** Whether the promise is kept; empty without a promise. */
    Optional<Verdict> verdict() {
        return atMost.map(limit -> new Verdict(what + ", to " + theirs.way(), ratio().value(),
                Verdict.Bound.AT_MOST, limit, "times"));
    }

    /** Whether chance may have made the verdict. */
    boolean isOpen() {
        Ratio ratio = ratio();
        return atMost.map(ratio::isOpen).orElse(false);
    }

    /** The samples of one of the two. */
    Series series(Taken taken) {
        return Series.of(what + ": " + taken.way(), unit, taken.figures());
    }

    List<String> cells() {
        Ratio ratio = ratio();
        return List.of(what, unit.name(), ours.median(), ours.spread(), theirs.median(), theirs.spread(),
                Ratio.number(ratio.value()), ratio.text(), Integer.toString(ours.figures().size()));
    }
}
