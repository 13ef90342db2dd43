package dev.patchbay.benchmarks.docker;

import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.LoadRun;
import dev.patchbay.benchmarks.measure.Table;
import java.util.List;

/** How long do 50 enables take that are asked for at once, each on a connection of its own? */
final class ParallelRun implements LoadRun {
    private static final int PLUGINS = 50;
    private static final int ROUNDS = 6;
    private static final double WANTED = 0.6;
    private static final String ENABLE = PLUGINS + " enables at once";
    private static final String DISABLE = PLUGINS + " disables at once";

    @Override
    public Table measure(Built built) throws Exception {
        try (Side.Both both = Side.Both.of(Peers.of(built))) {
            for (Side side : both.all()) {
                Fleet.installed(side.directory(), built, PLUGINS);
            }
            try (var _ = both.ours().start(); var _ = both.theirs().start()) {
                List<Figures> taken = new Turns(1, ROUNDS)
                        .take(List.of(it -> round(both.ours(), it), it -> round(both.theirs(), it)));
                return new Scores("How long do " + PLUGINS + " enables at once take?").of(taken)
                        .wanted(ENABLE, WANTED)
                        .told(DISABLE)
                        .table();
            }
        }
    }

    private static void round(Side side, Figures figures) throws Exception {
        figures.time(ENABLE, () -> side.askForAll(PLUGINS, "POST", "/enable?timeout=60"));
        figures.time(DISABLE, () -> side.askForAll(PLUGINS, "POST", "/disable"));
    }
}
