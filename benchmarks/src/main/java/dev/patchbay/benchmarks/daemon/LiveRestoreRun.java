package dev.patchbay.benchmarks.daemon;

import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.DaemonHere;
import dev.patchbay.benchmarks.measure.LoadRun;
import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.benchmarks.measure.Row;
import dev.patchbay.benchmarks.measure.Table;
import dev.patchbay.benchmarks.measure.Timings;
import java.util.List;

/**
 * How long after the daemon's process starts has it taken over 500 plugins that ran while it was away?
 *
 * <p>The daemon stops on TERM with {@code --live-restore} and is started again. The baseline is the same start of the same
 * process with nothing installed, to its first answer.
 */
public final class LiveRestoreRun implements LoadRun {
    private static final int PLUGINS = 500;
    private static final int ROUNDS = 5;
    private static final double WANTED_MS = 1500;
    private static final String LIVE = "--live-restore";

    @Override
    public Table measure(Built built) throws Exception {
        var empty = new Timings.Builder();
        var taken = new Timings.Builder();
        var ping = new Timings.Builder();
        var stop = new Timings.Builder();
        try (Place place = Place.make()) {
            try (var daemon = DaemonHere.patchbay(built, place, "", LIVE)) {
                new ManyPlugins(daemon.socket(), PLUGINS).start(built.sampleContext());
            }
            for (int round = 0; round < ROUNDS; round++) {
                empty.add(startEmpty(built));
                long begin = System.nanoTime();
                try (var daemon = DaemonHere.patchbay(built, place, "", LIVE)) {
                    ping.add((System.nanoTime() - begin) / 1e6);
                    long all = new ManyPlugins(daemon.socket(), PLUGINS).awaitAllRunning();
                    taken.add((all - begin) / 1e6);
                    stop.add(Timings.millisOf(daemon::close));
                }
            }
            // Without the flag: stops them, for whoever measures next.
            DaemonHere.patchbay(built, place, "").close();
        }
        return new Table("How long until " + PLUGINS + " running plugins are taken over?",
                Table.heads("what"),
                List.of(Row.of("nothing installed, to _ping", empty.build()),
                        Row.of(PLUGINS + " running, to _ping", ping.build()),
                        Row.of(PLUGINS + " running, to all taken over", taken.build())
                                .beside("nothing installed, to _ping"),
                        Row.of("TERM, plugins run on, to the end", stop.build())),
                List.of(Table.verdict("live restore of " + PLUGINS, taken.build().median(), WANTED_MS,
                        "ms")));
    }

    private static double startEmpty(Built built) throws Exception {
        try (Place place = Place.make()) {
            long begin = System.nanoTime();
            DaemonHere daemon = DaemonHere.patchbay(built, place, "", LIVE);
            double millis = (System.nanoTime() - begin) / 1e6;
            daemon.close();
            return millis;
        }
    }
}
