package dev.patchbay.benchmarks.docker;

import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.DaemonHere;
import dev.patchbay.benchmarks.measure.LoadRun;
import dev.patchbay.benchmarks.measure.OpenPlaces;
import dev.patchbay.benchmarks.measure.Table;
import java.util.List;

/**
 * How long after the daemon's process starts do 50 (200) plugins run that are wanted, and how long does it take to stop all
 * of them and itself on TERM?
 *
 * <p>They run when each has accepted a connection on its socket and the daemon says that they do. dockerd answers only
 * when it has started them, Patchbay at once; the time until the first {@code _ping} is told of both.
 */
final class ColdRun implements LoadRun {
    private static final int FEW = 50;
    private static final int MANY = 200;
    private static final int ROUNDS_OF_FEW = 5;
    private static final int ROUNDS_OF_MANY = 3;
    private static final double WANTED_START = 0.5;
    private static final double WANTED_STOP = 0.15;
    private static final String WHICH = "wanted";
    private static final String START = "process start until all run";
    private static final String PING = "process start to _ping";
    private static final String STOP = "TERM to the end";

    @Override
    public Table measure(Built built) throws Exception {
        Scores scores = new Scores(
                "How long until wanted plugins run, from nothing, and until all is stopped?")
                .of(measure(built, FEW, ROUNDS_OF_FEW), FEW, WHICH)
                .wanted(START, WANTED_START)
                .told(PING)
                .wanted(STOP, WANTED_STOP)
                .remark("all run when each socket has accepted a connection and the daemon says so; dockerd answers only then");
        try {
            scores.of(measure(built, MANY, ROUNDS_OF_MANY), MANY, WHICH)
                    .wanted(START, WANTED_START)
                    .told(PING)
                    .told(STOP);
        } catch (DockerdGaveUpException e) {
            if (OpenPlaces.areEnding()) {
                throw e;
            }
            // As one of two hundred may not start at once on a busy machine.
            scores.remark(MANY + " wanted: NOT MEASURED, " + e.getMessage());
        }
        return scores.table();
    }

    private static List<Figures> measure(Built built, int plugins, int rounds) throws Exception {
        try (Side.Both both = Side.Both.of(Peers.of(built))) {
            Fleet ours = Fleet.wanted(both.ours().directory(), built, plugins);
            Fleet theirs = Fleet.wanted(both.theirs().directory(), built, plugins);
            return new Turns(1, rounds)
                    .take(List.of(it -> round(both.ours(), ours, it),
                            it -> round(both.theirs(), theirs, it)));
        }
    }

    private static void round(Side side, Fleet fleet, Figures figures) throws Exception {
        long begin = System.nanoTime();
        DaemonHere daemon = side.start();
        try {
            figures.add(PING, (System.nanoTime() - begin) / 1e6);
            side.awaitRunning(daemon, fleet);
            figures.add(START, (System.nanoTime() - begin) / 1e6);
        } finally {
            figures.time(STOP, daemon::close);
        }
    }
}
