package dev.patchbay.benchmarks.load;

import dev.patchbay.benchmarks.measure.Remark;
import dev.patchbay.benchmarks.measure.Row;
import dev.patchbay.benchmarks.measure.Series;
import dev.patchbay.benchmarks.measure.Table;
import dev.patchbay.benchmarks.measure.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What a load test has found.
 *
 * @param options what was asked for
 * @param measured for how long
 * @param stream what subscribers got; empty if there were none
 * @param events how many events were made for them
 * @param commands how long commands took, by what they were
 * @param unsent how many of them were due when time was up and had not been sent
 * @param failed how many commands failed
 * @param failure why the first of them did
 */
record LoadFindings(LoadOptions options, Duration measured, Optional<LoadResult> stream, long events,
        SequencedMap<String, Answered> commands, long unsent, int failed, Optional<String> failure) {
    private static final List<Double> SHARES = List.of(0.5, 0.9, 0.99, 0.999, 1.0);
    private static final List<String> HEADS = List.of("what", "p50 ms", "p90", "p99", "p99.9", "max", "n",
            "per second");

    /**
     * Commands of a kind.
     *
     * @param ages how long they took, or had waited when time was up
     * @param count how many succeeded
     */
    record Answered(Ages ages, long count) {
        static Answered of(CommandLoad load, CommandKind kind) {
            return new Answered(load.ages(kind), load.done(kind));
        }
    }

    static LoadFindings of(LoadOptions options, Duration measured, Optional<LoadResult> stream,
            Optional<CommandLoad> events, Optional<CommandLoad> commands) {
        var answered = new LinkedHashMap<String, Answered>();
        events.ifPresent(
                it -> answered.put("set, which makes the events", Answered.of(it, CommandKind.SET)));
        commands.ifPresent(it -> options.commands()
                .kinds()
                .forEach(kind -> answered.put(kind.text(), Answered.of(it, kind))));
        long unsent = events.map(CommandLoad::unsent).orElse(0L)
                + commands.map(CommandLoad::unsent).orElse(0L);
        int failed = events.map(CommandLoad::failed).orElse(0) + commands.map(CommandLoad::failed).orElse(0);
        return new LoadFindings(options, measured, stream, events.map(CommandLoad::done).orElse(0L), answered,
                unsent, failed,
                events.flatMap(CommandLoad::failure).or(() -> commands.flatMap(CommandLoad::failure)));
    }

    /** Whether nothing was lost and nothing failed. What slow subscribers lose is by their own doing. */
    boolean isClean() {
        return failed == 0
                && stream.map(it -> it.lost() == 0 && it.gone() == 0 && it.behind() == 0).orElse(true);
    }

    /** In one line. */
    String brief() {
        var parts = new ArrayList<String>();
        stream.ifPresent(it -> parts.add(String.format(Locale.ROOT,
                "%,d events, %,d delivered (%,.0f/s), p50 %.1f p99 %.1f ms, %d lost, %d gone", events,
                it.deliveries(), perSecond(it.deliveries()), it.p50(), it.p99(), it.lost(), it.gone())));
        commands.forEach((what, answered) -> {
            if (options.commands().kinds().stream().anyMatch(kind -> kind.text().equals(what))) {
                parts.add(String.format(Locale.ROOT, "%s %,.0f/s p99 %.1f ms", what,
                        perSecond(answered.count()),
                        answered.ages().quantile(0.99)));
            }
        });
        if (failed > 0) {
            parts.add(failed + " FAILED");
        }
        return String.join(" | ", parts);
    }

    private double perSecond(long count) {
        return count * 1e9 / measured.toNanos();
    }

    /** As people read it, and with all that was measured. */
    Table table() {
        var rows = new ArrayList<Row>();
        stream.ifPresent(
                it -> rows.add(row("event, from its making to a subscriber", it.ages(), it.deliveries())));
        commands.forEach((what, answered) -> rows.add(row(what, answered.ages(), answered.count())));
        return new Table("What did " + measured.toMillis() / 1000.0 + " s of load come to?", HEADS, rows,
                remarks().stream().map(Remark::of).toList());
    }

    private Row row(String what, Ages ages, long count) {
        var cells = new ArrayList<>(List.of(what));
        SHARES.forEach(share -> cells.add(String.format(Locale.ROOT, "%.2f", ages.quantile(share))));
        cells.add(Long.toString(count));
        cells.add(String.format(Locale.ROOT, "%.0f", perSecond(count)));
        return new Row(cells, ages.samples().map(it -> Series.of(what, Unit.MILLIS, it)));
    }

    private List<String> remarks() {
        var remarks = new ArrayList<String>();
        stream.ifPresent(it -> remarks.addAll(remarks(it, options.stream())));
        if (!options.commands().kinds().isEmpty() && options.commands().rate().isEmpty()) {
            remarks.add(
                    "commands were sent as fast as they were answered: their latencies are those of the answers alone");
        }
        if (unsent > 0) {
            remarks.add(unsent
                    + " commands were due and NOT SENT when time was up, since all connections waited for"
                    + " answers; they count with how long they had waited");
        }
        failure.ifPresent(why -> remarks.add(failed + " COMMANDS FAILED, the first with: " + why));
        return remarks;
    }

    private List<String> remarks(LoadResult got, LoadOptions.Stream asked) {
        var remarks = new ArrayList<String>();
        boolean isWhole = got.lost() == 0 && got.gone() == 0 && got.behind() == 0;
        remarks.add(
                asked.subscribers() + " subscribers, " + events + " events of " + got.bytesEach() + " bytes: "
                        + (isWhole
                                ? "none lost"
                                : got.lost() + " LOST, " + got.gone() + " connections ended by the server, "
                                        + got.behind()
                                        + " subscribers without the newest"));
        if (asked.mix().resuming() > 0) {
            remarks.add(asked.mix().resuming() + " of them hung up and resumed " + got.resumed() + " times");
        }
        if (asked.mix().slow() > 0) {
            remarks.add(
                    asked.mix().slow() + " of them took " + LoadConnection.SLOW_BYTES + " bytes a second: "
                            + got.slow().deliveries() + " events came to them, " + got.slow().gaps()
                            + " times they were told of a gap, " + got.slow().gone() + " were sent away");
        }
        return remarks;
    }
}
