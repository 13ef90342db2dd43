package dev.patchbay.benchmarks.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A row of a table.
 *
 * @param cells what is printed
 * @param series what it says with fewer words than there are samples
 */
public record Row(List<String> cells, Optional<Series> series) {
    /** Copies. */
    public Row {
        cells = List.copyOf(cells);
    }

    /** Cells alone. */
    public static Row of(String... cells) {
        return new Row(List.of(cells), Optional.empty());
    }

    /** A name and the spread of what was measured, below {@link Table#heads}. */
    public static Row of(String name, Timings timings) {
        var cells = new ArrayList<>(List.of(name));
        cells.addAll(timings.cells());
        return new Row(cells, Optional.of(Series.of(name.strip(), timings)));
    }

    /** The same with the samples that it is of. */
    public Row of(Series samples) {
        return new Row(cells, Optional.of(samples));
    }

    /** The same, whose series is to be seen beside another. */
    public Row beside(String baseline) {
        return new Row(cells, series.map(it -> it.beside(baseline)));
    }
}
