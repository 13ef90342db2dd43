package dev.patchbay.benchmarks.docker;

import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.DaemonHere;
import dev.patchbay.benchmarks.measure.LoadRun;
import dev.patchbay.benchmarks.measure.Table;
import java.util.List;

/** How long after its process starts does a daemon without plugins answer {@code _ping}, and how long does it take to stop? */
final class StartRun implements LoadRun {
    private static final int ROUNDS = 10;
    private static final double WANTED = 0.5;
    private static final String PING = "process start to _ping, no plugins";
    private static final String STOP = "TERM to the end, no plugins";

    @Override
    public Table measure(Built built) throws Exception {
        Peers peers = Peers.of(built);
        List<Figures> taken = new Turns(1, ROUNDS)
                .take(List.of(it -> round(peers.ours(), it), it -> round(peers.theirs(), it)));
        return new Scores("How long until a daemon without plugins answers?").of(taken)
                .wanted(PING, WANTED)
                .told(STOP)
                .table();
    }

    private static void round(Peer peer, Figures figures) throws Exception {
        try (Side side = Side.of(peer)) {
            long begin = System.nanoTime();
            DaemonHere daemon = side.start();
            figures.add(PING, (System.nanoTime() - begin) / 1e6);
            figures.time(STOP, daemon::close);
        }
    }
}
