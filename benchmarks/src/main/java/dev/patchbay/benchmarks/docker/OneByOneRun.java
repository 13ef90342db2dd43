package dev.patchbay.benchmarks.docker;

import dev.patchbay.benchmarks.enable.BareContainer;
import dev.patchbay.benchmarks.enable.Template;
import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.LoadRun;
import dev.patchbay.benchmarks.measure.Table;
import dev.patchbay.plugin.PluginId;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long do create, enable, list, inspect and disable of one plugin take through Docker's API with 1, 50 and 200 plugins
 * installed, beside dockerd, and how long does an enable take beside conmon, runc and a dial alone?
 */
final class OneByOneRun implements LoadRun {
    private static final int[] INSTALLED = {1, 50, 200};
    private static final int WARM_UPS = 3;
    private static final int ROUNDS = 20;
    private static final int READS = 5;
    private static final double WANTED_OF_DOCKERD = 0.12;
    private static final double WANTED_OF_BARE = 1.15;
    private static final long SETTLING_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final Pattern ID = Pattern.compile("\"Id\":\"([0-9a-f]{64})\"");
    private static final String NAME = "one";
    private static final String PLUGIN = "/plugins/" + NAME;

    @Override
    public Table measure(Built built) throws Exception {
        var scores = new Scores("How long does one plugin's command take through Docker's API?");
        for (int installed : INSTALLED) {
            measure(built, installed, scores);
        }
        return scores.remark("bare: conmon + runc create, runc start, dial, without any daemon").table();
    }

    private static void measure(Built built, int installed, Scores scores) throws Exception {
        Peers peers = Peers.of(built);
        try (Side.Both both = Side.Both.of(peers)) {
            for (Side side : both.all()) {
                Fleet.installed(side.directory(), built, installed - 1);
            }
            try (var _ = both.ours().start(); var _ = both.theirs().start()) {
                byte[] context = built.sampleContext();
                BareContainer bare = bare(both.ours(), context);
                List<Figures> taken = new Turns(WARM_UPS, ROUNDS)
                        .take(List.of(it -> round(both.ours(), context, it),
                                it -> round(both.theirs(), context, it), it -> bareRound(bare, it)));
                scores.of(taken, installed, "installed")
                        .told("create")
                        .wanted("enable", WANTED_OF_DOCKERD)
                        .wantedOfBare("enable", WANTED_OF_BARE)
                        .told("disable")
                        .told("list")
                        .told("inspect")
                        .told("remove");
            }
        }
    }

    private static BareContainer bare(Side ours, byte[] context) throws Exception {
        ours.create(NAME, context);
        ours.ask("POST", PLUGIN + "/enable?timeout=30");
        Matcher id = ID.matcher(ours.ask("GET", PLUGIN + "/json").text());
        if (!id.find()) {
            throw new IllegalStateException("a plugin without an id");
        }
        Template template = Template.of(ours.place(), PluginId.parse(id.group(1)).orElseThrow());
        BareContainer bare = BareContainer.like(template, ours.place().bare(), 1);
        ours.ask("POST", PLUGIN + "/disable");
        ours.ask("DELETE", PLUGIN);
        return bare;
    }

    private static void round(Side side, byte[] context, Figures figures) throws Exception {
        settle();
        figures.time("create", () -> side.create(NAME, context));
        figures.time("enable", () -> side.ask("POST", PLUGIN + "/enable?timeout=30"));
        for (int read = 0; read < READS; read++) {
            figures.time("list", () -> side.ask("GET", "/plugins"));
            figures.time("inspect", () -> side.ask("GET", PLUGIN + "/json"));
        }
        figures.time("disable", () -> side.ask("POST", PLUGIN + "/disable"));
        figures.time("remove", () -> side.ask("DELETE", PLUGIN));
    }

    private static void bareRound(BareContainer bare, Figures figures) throws Exception {
        bare.prepare();
        settle();
        try {
            figures.time("enable", bare::start);
        } finally {
            bare.stop();
        }
    }

    /** Who came before may still be tidying up. */
    private static void settle() {
        LockSupport.parkNanos(SETTLING_NANOS);
    }
}
