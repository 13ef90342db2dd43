package dev.patchbay.benchmarks.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The result of one run, printed with aligned columns.
 *
 * @param question what the run answers
 * @param heads the heads of the columns
 * @param rows the cells; the first column is text, the others are numbers
 * @param remarks the answer, and what else a reader must know
 */
public record Table(String question, List<String> heads, List<List<String>> rows, List<String> remarks) {
    /** Copies. */
    public Table {
        heads = List.copyOf(heads);
        rows = rows.stream().map(List::copyOf).toList();
        remarks = List.copyOf(remarks);
    }

    /** A row of a name and the spread of what was measured. */
    public static List<String> row(String name, Timings timings) {
        var cells = new ArrayList<>(List.of(name));
        cells.addAll(timings.cells());
        return cells;
    }

    /** The heads for such rows. */
    public static List<String> heads(String first) {
        var heads = new ArrayList<>(List.of(first));
        heads.addAll(Timings.HEADS);
        return heads;
    }

    /** A sentence that says whether a figure is met. */
    public static String verdict(String figure, double value, double limit, String unit) {
        return figure + ": " + Timings.text(value) + " " + unit + ", wanted below " + Timings.text(limit)
                + " "
                + unit
                + (value < limit ? ": MET" : ": MISSED");
    }

    /** The same of a figure that is to be reached. */
    public static String verdictAtLeast(String figure, double value, double limit, String unit) {
        return figure + ": " + Timings.text(value) + " " + unit + ", wanted at least " + Timings.text(limit)
                + " " + unit + (value >= limit ? ": MET" : ": MISSED");
    }

    @Override
    public String toString() {
        List<Integer> widths = IntStream.range(0, heads.size())
                .mapToObj(column -> Math.max(heads.get(column).length(),
                        rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0)))
                .toList();
        var lines = new ArrayList<String>();
        lines.add(question);
        lines.add(line(heads, widths));
        rows.forEach(row -> lines.add(line(row, widths)));
        remarks.forEach(remark -> lines.add("  * " + remark));
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
