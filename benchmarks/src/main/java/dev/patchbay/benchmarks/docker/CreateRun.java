package dev.patchbay.benchmarks.docker;

import dev.patchbay.benchmarks.content.BigPlugin;
import dev.patchbay.benchmarks.content.KeptInodes;
import dev.patchbay.benchmarks.content.Settling;
import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.DaemonHere;
import dev.patchbay.benchmarks.measure.LoadRun;
import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.benchmarks.measure.Table;
import dev.patchbay.benchmarks.measure.UnixHttp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How long does it take to create a plugin from a context of 20 MB, and, if asked for, of 800 MB?
 *
 * <p>The context is a tar, as the docker client sends it. After each round the plugin is removed and its content collected,
 * so that it is new each time.
 */
final class CreateRun implements LoadRun {
    private static final int FILES_OF_SOME = 171; // of which three are large: 21 MB
    private static final int ROUNDS_OF_SOME = 7;
    private static final double WANTED_OF_SOME = 0.5;
    private static final int ROUNDS_OF_MUCH = 3;
    private static final double WANTED_OF_MUCH = 0.25;
    private static final String NAME = "created";

    @Override
    public Table measure(Built built) throws Exception {
        var scores = new Scores("How long does it take to create a plugin?");
        measure(built, FILES_OF_SOME, new Turns(1, ROUNDS_OF_SOME), WANTED_OF_SOME, scores);
        if (DockerRuns.isBig()) {
            measure(built, BigPlugin.FILES, new Turns(1, ROUNDS_OF_MUCH), WANTED_OF_MUCH, scores);
        } else {
            scores.remark("a context of 800 MB was left out; BIG=yes has it");
        }
        return scores.table();
    }

    private static void measure(Built built, int files, Turns turns, double wanted, Scores scores)
            throws Exception {
        try (Place content = Place.make(); Side.Both both = Side.Both.of(Peers.of(built))) {
            Path context = content.folder().resolve("context");
            BigPlugin.writeContext(context, built.sampleConfig(), files);
            String what = "create from " + Files.size(context) / 1_000_000 + " MB in " + files + " files";
            var inodes = new KeptInodes();
            try (var ours = both.ours().start(); var theirs = both.theirs().start()) {
                scores.of(turns.take(List.of(
                        it -> it.add(what, created(both.ours(), ours, context, inodes)),
                        it -> it.add(what, created(both.theirs(), theirs, context, inodes)))))
                        .wanted(what, wanted);
            }
        }
    }

    private static double created(Side side, DaemonHere daemon, Path context, KeptInodes inodes)
            throws Exception {
        Settling.before(Files.size(context));
        long begin = System.nanoTime();
        UnixHttp.once(daemon.socket(), "POST", Peer.API + "/plugins/create?name=" + NAME, context);
        double millis = (System.nanoTime() - begin) / 1e6;
        inodes.keep(daemon.root());
        side.ask("DELETE", "/plugins/" + NAME);
        inodes.empty();
        side.peer().collect(daemon);
        return millis;
    }
}
