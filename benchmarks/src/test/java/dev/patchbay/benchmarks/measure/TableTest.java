package dev.patchbay.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    private static final Timings FAST = new Timings(List.of(1.0, 2.0, 3.0));
    private static final Timings SLOW = new Timings(List.of(100.0, 200.0, 300.0));

    @Test
    void columnsAreAligned() {
        var table = new Table("Which?", List.of("way", "ms"),
                List.of(Row.of("a", "1.00"), Row.of("longer", "100.00")),
                List.of(Remark.of("that is all")));
        assertThat(table).hasToString("""
                Which?
                  way         ms
                  a         1.00
                  longer  100.00
                  * that is all
                """);
    }

    @Test
    void rowsOfTimingsBringTheirSamples() {
        var table = new Table("Which?", Table.heads("way"),
                List.of(Row.of("fast", FAST), Row.of("slow", SLOW).beside("fast")), List.of());
        assertThat(table.series()).extracting(Series::name).containsExactly("fast", "slow");
        assertThat(table.series().getLast().baseline()).contains("fast");
        assertThat(table.series().getLast().samples().values()).isEqualTo(SLOW.millis());
    }

    @Test
    void refusesTwoSeriesOfTheSameName() {
        var rows = List.of(Row.of("same", FAST), Row.of("same", SLOW));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Table("?", Table.heads("way"), rows, List.of()))
                .withMessageContaining("same");
    }

    @Test
    void refusesRowsThatDoNotFitTheHeads() {
        var rows = List.of(Row.of("alone"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Table("?", Table.heads("way"), rows, List.of()));
    }

    @Test
    void verdictsSayWhatTheyMeanAtTheLimit() {
        assertThat(Table.verdict("time", 1, 1, "ms").text())
                .isEqualTo("time: 1.00 ms, wanted below 1.00 ms: MISSED");
        assertThat(Table.verdictAtMost("time", 1, 1, "ms").text())
                .isEqualTo("time: 1.00 ms, wanted at most 1.00 ms: MET");
        assertThat(Table.verdictAtLeast("rate", 1, 1, "/s").text())
                .isEqualTo("rate: 1.00 /s, wanted at least 1.00 /s: MET");
    }

    @Test
    void aRemarkKeepsItsVerdictWhenMoreIsSaid() {
        var table = new Table("?", List.of("way"), List.of(),
                List.of(Remark.of("nothing"), Table.verdict("time", 1, 2, "ms").and("; warm")));
        assertThat(table.verdicts()).containsExactly(new Verdict("time", 1, Verdict.Bound.BELOW, 2, "ms"));
        assertThat(table.remarks().getLast().text()).endsWith(": MET; warm");
    }
}
