package dev.patchbay.benchmarks.measure;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The result of one run: what is printed, with aligned columns, and the samples that it is made of.
 *
 * @param question what the run answers
 * @param heads the heads of the columns
 * @param rows the first cell of each is text, the others are numbers
 * @param remarks the answer, and what else a reader must know
 * @param more series that have no row of their own
 */
public record Table(String question, List<String> heads, List<Row> rows, List<Remark> remarks,
        List<Series> more) {
    /** Copies. @throws IllegalArgumentException if two series have the same name, or a row has too many cells or too few */
    public Table {
        heads = List.copyOf(heads);
        rows = List.copyOf(rows);
        remarks = List.copyOf(remarks);
        more = List.copyOf(more);
        for (Row row : rows) {
            if (row.cells().size() != heads.size()) {
                throw new IllegalArgumentException("the columns are " + heads + ", a row is " + row.cells());
            }
        }
        var names = new HashSet<String>();
        series(rows, more).forEach(one -> {
            if (!names.add(one.name())) {
                throw new IllegalArgumentException("two series are called " + one.name());
            }
        });
    }

    /** A table whose samples are those of its rows. */
    public Table(String question, List<String> heads, List<Row> rows, List<Remark> remarks) {
        this(question, heads, rows, remarks, List.of());
    }

    /** The heads for rows of {@link Timings}. */
    public static List<String> heads(String first) {
        var heads = new ArrayList<>(List.of(first));
        heads.addAll(Timings.HEADS);
        return heads;
    }

    /** Whether a figure is below what it was to be. */
    public static Remark verdict(String figure, double value, double limit, String unit) {
        return Remark.of(new Verdict(figure, value, Verdict.Bound.BELOW, limit, unit));
    }

    /** Whether a figure is reached. */
    public static Remark verdictAtLeast(String figure, double value, double limit, String unit) {
        return Remark.of(new Verdict(figure, value, Verdict.Bound.AT_LEAST, limit, unit));
    }

    /** Whether a figure is not passed. */
    public static Remark verdictAtMost(String figure, double value, double limit, String unit) {
        return Remark.of(new Verdict(figure, value, Verdict.Bound.AT_MOST, limit, unit));
    }

    /** The same with further series. */
    public Table with(List<Series> further) {
        return new Table(question, heads, rows, remarks,
                Stream.concat(more.stream(), further.stream()).toList());
    }

    /** All samples, those of the rows first. */
    public List<Series> series() {
        return series(rows, more).toList();
    }

    /** What was judged. */
    public List<Verdict> verdicts() {
        return remarks.stream().map(Remark::verdict).flatMap(Optional::stream).toList();
    }

    private static Stream<Series> series(List<Row> rows, List<Series> more) {
        return Stream.concat(rows.stream().map(Row::series).flatMap(Optional::stream), more.stream());
    }

    @Override
    public String toString() {
        List<Integer> widths = IntStream.range(0, heads.size())
                .mapToObj(column -> Math.max(heads.get(column).length(),
                        rows.stream().mapToInt(row -> row.cells().get(column).length()).max().orElse(0)))
                .toList();
        var lines = new ArrayList<String>();
        lines.add(question);
        lines.add(line(heads, widths));
        rows.forEach(row -> lines.add(line(row.cells(), widths)));
        remarks.forEach(remark -> lines.add("  * " + remark.text()));
        return String.join("\n", lines) + "\n";
    }

    private static String line(List<String> cells, List<Integer> widths) {
        return IntStream.range(0, cells.size())
                .mapToObj(column -> padded(cells.get(column), widths.get(column), column == 0))
                .collect(Collectors.joining("  ", "  ", ""));
    }

    private static String padded(String cell, int width, boolean left) {
        String space = " ".repeat(width - cell.length());
        return left ? cell + space : space + cell;
    }
}
