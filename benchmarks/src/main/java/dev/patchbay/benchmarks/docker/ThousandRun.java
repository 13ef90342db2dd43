package dev.patchbay.benchmarks.docker;

import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.LoadRun;
import dev.patchbay.benchmarks.measure.Table;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/** How long do a list and an inspect take with 1,000 plugins installed? */
final class ThousandRun implements LoadRun {
    private static final int PLUGINS = 1000;
    private static final int WARM_UPS = 50;
    private static final int ROUNDS = 100;
    private static final double AHEAD = 1;
    private static final String LIST = "list of " + PLUGINS + "";
    private static final String INSPECT = "inspect of one of " + PLUGINS + "";
    private static final Pattern ID = Pattern.compile("\"Id\":\"");

    @Override
    public Table measure(Built built) throws Exception {
        try (Side.Both both = Side.Both.of(Peers.of(built))) {
            for (Side side : both.all()) {
                Fleet.installed(side.directory(), built, PLUGINS);
            }
            try (var _ = both.ours().start(); var _ = both.theirs().start()) {
                for (Side side : both.all()) {
                    expectAll(side);
                }
                List<Figures> taken = new Turns(WARM_UPS, ROUNDS)
                        .take(List.of(it -> round(both.ours(), it), it -> round(both.theirs(), it)));
                return new Scores("How long do reads take with " + PLUGINS + " plugins installed?").of(taken)
                        .wanted(LIST, AHEAD)
                        .told(INSPECT)
                        .table();
            }
        }
    }

    private static void round(Side side, Figures figures) throws Exception {
        figures.time(LIST, () -> side.ask("GET", "/plugins"));
        figures.time(INSPECT, () -> side.ask("GET", "/plugins/" + Fleet.name(PLUGINS / 2) + "/json"));
    }

    private static void expectAll(Side side) throws IOException {
        long shown = ID.matcher(side.ask("GET", "/plugins").text()).results().count();
        if (shown != PLUGINS) {
            throw new IOException(side.peer().name() + " lists " + shown + " of " + PLUGINS + " plugins");
        }
    }
}
