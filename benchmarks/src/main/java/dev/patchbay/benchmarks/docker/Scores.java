package dev.patchbay.benchmarks.docker;

import dev.patchbay.benchmarks.measure.Remark;
import dev.patchbay.benchmarks.measure.Row;
import dev.patchbay.benchmarks.measure.Series;
import dev.patchbay.benchmarks.measure.Table;
import dev.patchbay.benchmarks.measure.Unit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Collects the scores of a run, and what else must be said of it. Figures are ours, theirs, and, if there is a third way,
 * the bare runtime's.
 */
final class Scores {
    private static final String OURS = "patchbay";
    private static final String THEIRS = "dockerd";
    private static final String BARE = "bare";

    private final String question;
    private final List<List<String>> rows = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final SequencedMap<String, Series> series = new LinkedHashMap<>();
    private final List<Remark> verdicts = new ArrayList<>();
    private final List<Remark> remarks = new ArrayList<>();
    private boolean hasFewRounds;
    private List<Figures> taken = List.of();
    private Unit unit = Unit.MILLIS;
    private Optional<Count> count = Optional.empty();

    /** With how many plugins figures were taken. */
    private record Count(int plugins, String which) {
        String after(String what) {
            return what + ", " + plugins + " " + which;
        }
    }

    Scores(String question) {
        this.question = question;
    }

    /** Goes on with figures that have nothing to do with a number of plugins. */
    Scores of(List<Figures> figures) {
        taken = figures;
        count = Optional.empty();
        return this;
    }

    /** Goes on with figures that were taken with so many plugins, which are installed, wanted, or running. */
    Scores of(List<Figures> figures, int plugins, String which) {
        taken = figures;
        count = Optional.of(new Count(plugins, which));
        return this;
    }

    /** Goes on in another unit than milliseconds. */
    Scores in(Unit other) {
        unit = other;
        return this;
    }

    /** Scores something of which nothing was promised. */
    Scores told(String what) {
        return add(what, THEIRS, 1, Optional.empty());
    }

    /** Scores something that is to take at most so many times what it takes dockerd. */
    Scores wanted(String what, double atMost) {
        return add(what, THEIRS, 1, Optional.of(atMost));
    }

    /** The same of what it takes the bare runtime, the third of the ways. */
    Scores wantedOfBare(String what, double atMost) {
        return add(what, BARE, 2, Optional.of(atMost));
    }

    /** Adds a sentence below the table. */
    Scores remark(String sentence) {
        remarks.add(Remark.of(sentence));
        return this;
    }

    private Scores add(String what, String other, int way, Optional<Double> atMost) {
        var score = new Score(count.map(it -> it.after(what)).orElse(what), unit,
                taken(OURS, 0, what), taken(other, way, what), atMost);
        Series theirs = placed(score.series(score.theirs()), what, other);
        Series ours = placed(score.series(score.ours()), what, OURS);
        series.putIfAbsent(theirs.name(), theirs);
        series.putIfAbsent(ours.name(), ours.beside(theirs.name()));
        rows.add(score.cells());
        names.add(ours.name());
        score.verdict().ifPresent(verdict -> {
            Ratio ratio = score.ratio();
            verdicts.add(Remark.of(verdict.within(ratio.low(), ratio.high()))
                    .and(", " + ratio.words() + (score.isOpen() ? ": chance may have decided" : "")));
        });
        hasFewRounds |= score.ratio().interval() == Ratio.Interval.SEEN;
        return this;
    }

    private Score.Taken taken(String name, int way, String what) {
        Figures figures = taken.get(way);
        return new Score.Taken(name, figures.of(what), figures.rounds());
    }

    private Series placed(Series one, String what, String way) {
        return count.map(it -> one.along(what + ": " + way, "plugins " + it.which(), it.plugins()))
                .orElse(one);
    }

    Table table() {
        var all = new ArrayList<>(verdicts);
        all.addAll(remarks);
        if (hasFewRounds) {
            all.add(Remark.of("in brackets: the least and the largest ratio of fewer than " + Ratio.FEWEST
                    + " rounds, which is no interval of 95 %"));
        }
        var left = new LinkedHashMap<>(series);
        var printed = new ArrayList<Row>();
        for (int row = 0; row < rows.size(); row++) {
            Optional<Series> own = Optional.ofNullable(left.remove(names.get(row)));
            printed.add(new Row(rows.get(row), own));
        }
        return new Table(question, Score.HEADS, printed, all, List.copyOf(left.values()));
    }
}
