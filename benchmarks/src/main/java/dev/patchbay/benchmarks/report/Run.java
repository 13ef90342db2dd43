package dev.patchbay.benchmarks.report;

import dev.patchbay.benchmarks.measure.Remark;
import dev.patchbay.benchmarks.measure.Row;
import dev.patchbay.benchmarks.measure.Series;
import dev.patchbay.benchmarks.measure.Table;
import dev.patchbay.benchmarks.measure.Verdict;
import java.util.List;

/**
 * One run and what came of it.
 *
 * @param name of the run, as no other in the same results is called
 * @param question what it answers
 * @param load how busy the machine was
 * @param grid the table that was printed
 * @param findings what was measured and judged
 */
public record Run(String name, String question, Load load, Grid grid, Findings findings) {
    /**
     * The three load averages of the machine.
     *
     * @param before the run
     * @param after the run
     */
    public record Load(String before, String after) {}

    /**
     * A table's text.
     *
     * @param heads of the columns
     * @param rows as many cells each
     * @param remarks sentences below it
     */
    public record Grid(List<String> heads, List<List<String>> rows, List<String> remarks) {
        /** Copies. */
        public Grid {
            heads = List.copyOf(heads);
            rows = rows.stream().map(List::copyOf).toList();
            remarks = List.copyOf(remarks);
        }
    }

    /**
     * What was measured and judged.
     *
     * @param verdicts figures beside what they were to be
     * @param series all samples
     */
    public record Findings(List<Verdict> verdicts, List<Series> series) {
        /** Copies. */
        public Findings {
            verdicts = List.copyOf(verdicts);
            series = List.copyOf(series);
        }
    }

    /** The run that a table is of. */
    static Run of(String name, Table table, Load load) {
        var grid = new Grid(table.heads(), table.rows().stream().map(Row::cells).toList(),
                table.remarks().stream().map(Remark::text).toList());
        return new Run(name, table.question(), load, grid, new Findings(table.verdicts(), table.series()));
    }
}
