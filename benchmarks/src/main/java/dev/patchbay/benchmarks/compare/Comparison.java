package dev.patchbay.benchmarks.compare;

import dev.patchbay.benchmarks.measure.Row;
import dev.patchbay.benchmarks.measure.Series;
import dev.patchbay.benchmarks.measure.Table;
import dev.patchbay.benchmarks.measure.Timings;
import dev.patchbay.benchmarks.report.Host;
import dev.patchbay.benchmarks.report.Results;
import dev.patchbay.benchmarks.report.Run;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeSet;

/**
 * Two results beside each other.
 *
 * @param differences of machine and programs, which may be why figures differ, a sentence each
 * @param changes what became of the series that both have
 * @param firstOnly names of the others of the first
 * @param secondOnly names of the others of the second
 */
record Comparison(List<String> differences, List<Change> changes, List<String> firstOnly,
        List<String> secondOnly) {
    /** Compares. */
    static Comparison of(Results first, Results second) {
        SequencedMap<String, Series> before = series(first);
        SequencedMap<String, Series> after = series(second);
        var changes = new ArrayList<Change>();
        before.forEach((name, one) -> {
            Series other = after.get(name);
            if (other != null && other.unit().equals(one.unit())) {
                changes.add(Change.of(name, one, other));
            }
        });
        List<String> common = changes.stream().map(Change::name).toList();
        return new Comparison(differences(first, second), changes, without(before, common),
                without(after, common));
    }

    private static SequencedMap<String, Series> series(Results results) {
        var all = new LinkedHashMap<String, Series>();
        for (Run run : results.runs()) {
            run.findings().series().forEach(it -> all.put(run.name() + ": " + it.name(), it));
        }
        return all;
    }

    private static List<String> without(SequencedMap<String, Series> all, List<String> common) {
        return all.keySet().stream().filter(name -> !common.contains(name)).toList();
    }

    private static List<String> differences(Results first, Results second) {
        var said = new ArrayList<String>();
        Map<String, String> before = facts(first);
        Map<String, String> after = facts(second);
        var names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            String one = before.getOrDefault(name, "not there");
            String other = after.getOrDefault(name, "not there");
            if (!one.equals(other)) {
                said.add(name + " is not the same: " + one + " in A, " + other + " in B");
            }
        }
        return said;
    }

    private static Map<String, String> facts(Results results) {
        var facts = new LinkedHashMap<>(results.versions());
        Host host = results.host();
        facts.put("kernel", host.kernel());
        facts.put("machine", host.cores() + " cores, " + host.processor() + ", " + (host.memoryBytes() >> 20)
                + " MiB");
        return facts;
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        differences.forEach(it -> text.append(it).append('\n'));
        if (!differences.isEmpty()) {
            text.append('\n');
        }
        text.append(table());
        others(text, "only in A", firstOnly);
        others(text, "only in B", secondOnly);
        return text.toString();
    }

    private Table table() {
        if (changes.isEmpty()) {
            return new Table("A and B have no series in common.", List.of("series"), List.of(), List.of());
        }
        return new Table("What became of the medians? B/A with the interval that holds it with 95 %", List.of(
                "series", "A", "B", "unit", "B/A", "from", "to", "so it is"),
                changes.stream().map(Comparison::row).toList(), List.of());
    }

    private static Row row(Change change) {
        var ratio = change.ratio();
        return Row.of(change.name(), Timings.text(change.before().samples().median()),
                Timings.text(change.after().samples().median()), change.before().unit().name(),
                ratio.map(it -> text(it.ratio())).orElse("-"), ratio.map(it -> text(it.from())).orElse("-"),
                ratio.map(it -> text(it.to())).orElse("-"), change.words());
    }

    private static String text(double ratio) {
        return String.format(Locale.ROOT, "%.3f", ratio);
    }

    private static void others(StringBuilder text, String where, List<String> names) {
        if (!names.isEmpty()) {
            text.append('\n').append(where).append(":\n");
            names.forEach(name -> text.append("  ").append(name).append('\n'));
        }
    }
}
