package dev.patchbay.benchmarks.report;

import dev.patchbay.benchmarks.measure.Row;
import dev.patchbay.benchmarks.measure.Samples;
import dev.patchbay.benchmarks.measure.Series;
import dev.patchbay.benchmarks.measure.Table;
import dev.patchbay.benchmarks.measure.Timings;
import dev.patchbay.benchmarks.measure.Unit;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Results that have something of everything. */
final class Examples {
    /** Text that would break out of any markup that does not keep it in. */
    static final String HOSTILE = "</title><script>alert('x')</script>\"'&amp; ü";

    private Examples() {}

    static Surroundings surroundings() {
        return new Surroundings(new Host(2, "a processor " + HOSTILE, 8L << 30, "6.1"),
                Map.of("java", "25.0.3", "runc", "runc version 1.1.5" + HOSTILE));
    }

    static Table table() {
        List<Double> many = IntStream.range(1, 200).mapToObj(it -> it * 0.5).toList();
        return new Table("Which is faster? " + HOSTILE, Table.heads("way"),
                List.of(Row.of("few " + HOSTILE, new Timings(List.of(1.0, 1.5, 1.25))),
                        Row.of("many", new Timings(many)).beside("few " + HOSTILE)),
                List.of(Table.verdict("figure " + HOSTILE, 2, 1, "ms"),
                        Table.verdictAtLeast("rate", 3, 2, "/s")),
                List.of(point(10, 0.1), point(1000, 0.4),
                        Series.of("counted", Unit.MILLIS,
                                new Samples(List.of(1.0, 5.0), List.of(1_000_000L, 7L)))));
    }

    private static Series point(int plugins, double at) {
        return Series.of("list of " + plugins, Unit.perSecond("lists"), List.of(at, at * 1.1, at * 0.9))
                .along("list", "plugins", plugins);
    }

    static Results results() {
        var time = new Results.Time(Instant.parse("2026-11-01T10:00:00Z"),
                Instant.parse("2026-11-01T10:05:00Z"));
        return Results.of(time, List.of("bench", HOSTILE), surroundings(),
                List.of(Run.of("example", table(), new Run.Load("0.1 0.2 0.3", "1.1 0.5 0.4"))),
                List.of(new Results.NotCarriedOut("another", "stopped by " + HOSTILE)));
    }
}
