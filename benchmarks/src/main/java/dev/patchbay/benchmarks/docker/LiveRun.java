package dev.patchbay.benchmarks.docker;

import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.DaemonHere;
import dev.patchbay.benchmarks.measure.LoadRun;
import dev.patchbay.benchmarks.measure.Table;
import java.util.List;

/**
 * With {@code --live-restore}, how long after its process starts has a daemon taken over 50 (200) plugins that ran while it
 * was away? It has when it answers, says that they run, and each accepts connections.
 */
final class LiveRun implements LoadRun {
    private static final int FEW = 50;
    private static final int MANY = 200;
    private static final int ROUNDS = 5;
    private static final double WANTED = 0.5;
    private static final String WHICH = "running";
    private static final String TAKEN = "process start until all are taken over";
    private static final String LEFT = "TERM to the end, plugins run on";
    private static final String FLAG = "--live-restore";

    @Override
    public Table measure(Built built) throws Exception {
        return new Scores("How long until running plugins are taken over?")
                .of(measure(built, FEW), FEW, WHICH)
                .told(TAKEN)
                .told(LEFT)
                .of(measure(built, MANY), MANY, WHICH)
                .wanted(TAKEN, WANTED)
                .told(LEFT)
                .table();
    }

    private static List<Figures> measure(Built built, int plugins) throws Exception {
        try (Side.Both both = Side.Both.of(Peers.of(built))) {
            Fleet ours = running(both.ours(), built, plugins);
            Fleet theirs = running(both.theirs(), built, plugins);
            List<Figures> figures = new Turns(1, ROUNDS)
                    .take(List.of(it -> round(both.ours(), ours, it),
                            it -> round(both.theirs(), theirs, it)));
            for (Side side : both.all()) {
                try (var _ = side.start(FLAG)) {
                    side.askForAll(plugins, "POST", "/disable");
                }
            }
            return figures;
        }
    }

    private static Fleet running(Side side, Built built, int plugins) throws Exception {
        Fleet fleet = Fleet.wanted(side.directory(), built, plugins);
        try (DaemonHere daemon = side.start(FLAG)) {
            side.awaitRunning(daemon, fleet);
        }
        return fleet;
    }

    private static void round(Side side, Fleet fleet, Figures figures) throws Exception {
        long begin = System.nanoTime();
        DaemonHere daemon = side.start(FLAG);
        try {
            side.awaitRunning(daemon, fleet);
            figures.add(TAKEN, (System.nanoTime() - begin) / 1e6);
        } finally {
            figures.time(LEFT, daemon::close);
        }
    }
}
