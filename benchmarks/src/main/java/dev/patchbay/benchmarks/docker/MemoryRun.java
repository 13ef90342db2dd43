package dev.patchbay.benchmarks.docker;

import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.DaemonHere;
import dev.patchbay.benchmarks.measure.LoadRun;
import dev.patchbay.benchmarks.measure.Processes;
import dev.patchbay.benchmarks.measure.Table;
import dev.patchbay.benchmarks.measure.Unit;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How much memory do all processes need that keep 50 plugins running: dockerd, containerd and its shims, against the daemon
 * and its monitors? The plugins themselves are in neither.
 *
 * <p>The proportional set size (proc(5), {@code smaps_rollup}): pages that processes share are divided among them. Taken a
 * while after the last plugin has started, with nobody asking for anything.
 */
final class MemoryRun implements LoadRun {
    private static final int PLUGINS = 50;
    private static final int ROUNDS = 3;
    private static final double WANTED = 0.6;
    private static final long IDLE_SECONDS = 15;
    private static final double MB = 1e6;
    private static final String ALL = "all processes but " + PLUGINS + " running plugins, PSS";

    @Override
    public Table measure(Built built) throws Exception {
        try (Side.Both both = Side.Both.of(Peers.of(built))) {
            Fleet ours = Fleet.wanted(both.ours().directory(), built, PLUGINS);
            Fleet theirs = Fleet.wanted(both.theirs().directory(), built, PLUGINS);
            List<Figures> taken = new Turns(0, ROUNDS)
                    .take(List.of(it -> round(both.ours(), ours, it),
                            it -> round(both.theirs(), theirs, it)));
            Scores scores = new Scores(
                    "How much memory does it take to keep " + PLUGINS + " plugins running?")
                    .of(taken)
                    .in(Unit.MEGABYTES)
                    .wanted(ALL, WANTED);
            taken.forEach(it -> it.names()
                    .stream()
                    .filter(name -> !name.equals(ALL))
                    .forEach(name -> scores.remark(name + ": " + Math.round(it.median(name)) + " MB")));
            return scores.table();
        }
    }

    private static void round(Side side, Fleet fleet, Figures figures) throws IOException {
        try (DaemonHere daemon = side.start()) {
            side.awaitRunning(daemon, fleet);
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(IDLE_SECONDS));
            var programs = new TreeMap<String, Double>();
            for (ProcessHandle process : Processes.of(side.place().folder())) {
                programs.merge(Processes.program(process.pid()),
                        Processes.proportionalBytes(process.pid()) / MB, Double::sum);
            }
            programs.forEach(
                    (program, megabytes) -> figures.add(side.peer().name() + ", " + program, megabytes));
            figures.add(ALL, programs.values().stream().mapToDouble(it -> it).sum());
        }
    }
}
