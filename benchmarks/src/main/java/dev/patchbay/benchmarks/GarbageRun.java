package dev.patchbay.benchmarks;

import dev.patchbay.Plugins;
import dev.patchbay.store.GarbageReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How long does it take to collect 100,000 blobs that nobody needs, and how much longer do commands take meanwhile?
 *
 * <p>Lists and enables of the sample plugin over HTTP, one after the other, are timed while nothing else happens and while
 * collections run. Baselines of the collection: a dry run, which looks at everything and deletes nothing, and one thread
 * that deletes as many files of a folder and does nothing else.
 */
final class GarbageRun implements LoadRun {
    private static final int BLOBS = 100_000;
    private static final int ROUNDS = 3;
    private static final int QUIET_COMMANDS = 40;
    private static final double WANTED_MS = 2000;
    private static final long PAUSE_MILLIS = 5;
    private static final byte[] NOTHING = {};
    private static final String ENABLE = "/v1.44/plugins/sample/enable?timeout=30";
    private static final String DISABLE = "/v1.44/plugins/sample/disable";
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @Override
    public Table measure(Built built) throws Exception {
        try (Place place = Place.make(); var engine = EngineHere.serve(place, List.of())) {
            Plugins plugins = engine.plugins();
            EnableRun.create(plugins, "sample", built.sampleContext());
            var quiet = new Commands();
            quiet.run(place, QUIET_COMMANDS);
            var dry = new Timings.Builder();
            var alone = new Timings.Builder();
            var beside = new Timings.Builder();
            var bare = new Timings.Builder();
            var busy = new Commands();
            Path blobs = place.root().resolve("storage/blobs/sha256");
            for (int round = 0; round < ROUNDS; round++) {
                Path folder = place.folder().resolve("bare" + round);
                fill(folder, round);
                bare.add(Timings.millisOf(() -> empty(folder)));
                fill(blobs, round);
                dry.add(collect(plugins, true));
                alone.add(collect(plugins, false));
                fill(blobs, round);
                beside.add(beside(place, busy, () -> collect(plugins, false)));
            }
            return table(List.of(dry.build(), bare.build(), alone.build(), beside.build()), quiet, busy);
        }
    }

    /** As many files as blobs, under names as blobs have them; nobody reads what is in them. */
    private static void fill(Path blobs, int round) throws IOException {
        Files.createDirectories(blobs);
        for (int number = 0; number < BLOBS; number++) {
            byte[] content = ("blob " + round + " " + number).getBytes(StandardCharsets.UTF_8);
            Files.write(blobs.resolve(BigPlugin.digestOf(content).substring("sha256:".length())), content);
        }
    }

    private static void empty(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    private static double collect(Plugins plugins, boolean dryRun) throws Exception {
        var reports = new ArrayList<GarbageReport>();
        double millis = Timings.millisOf(() -> reports.add(
                Objects.requireNonNull(plugins.collectGarbage(dryRun).block(PATIENCE))));
        GarbageReport report = reports.getFirst();
        if (report.unreferenced() != BLOBS || report.deleted() != (dryRun ? 0 : BLOBS)) {
            throw new IOException("not what is there: " + report);
        }
        return millis;
    }

    @FunctionalInterface
    private interface Timed {
        double millis() throws Exception;
    }

    /** Sends commands until something else is done. */
    private static double beside(Place place, Commands commands, Timed work) throws Exception {
        try (var threads = Executors.newSingleThreadExecutor()) {
            Future<Double> done = threads.submit(work::millis);
            while (!done.isDone()) {
                commands.run(place, 1);
            }
            return done.get();
        }
    }

    /** Commands, timed. */
    private static final class Commands {
        private final Timings.Builder lists = new Timings.Builder();
        private final Timings.Builder enables = new Timings.Builder();

        void run(Place place, int times) throws Exception {
            for (int time = 0; time < times; time++) {
                lists.add(Timings
                        .millisOf(() -> UnixHttp.once(place.socket(), "GET", "/v1.44/plugins", NOTHING)));
                enables.add(Timings.millisOf(() -> UnixHttp.once(place.socket(), "POST", ENABLE, NOTHING)));
                UnixHttp.once(place.socket(), "POST", DISABLE, NOTHING);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
            }
        }
    }

    private static Table table(List<Timings> ways, Commands quiet, Commands busy) {
        Timings quietEnables = quiet.enables.build();
        Timings busyEnables = busy.enables.build();
        return new Table("How long does it take to collect " + BLOBS + " blobs?", Table.heads("what"),
                List.of(Table.row("dry run: looks at all", ways.getFirst()),
                        Table.row("one thread that deletes as many files", ways.get(1)),
                        Table.row("collection", ways.get(2)),
                        Table.row("collection, commands beside it", ways.getLast()),
                        Table.row("list, nothing beside it", quiet.lists.build()),
                        Table.row("list, beside collections", busy.lists.build()),
                        Table.row("enable, nothing beside it", quietEnables),
                        Table.row("enable, beside collections", busyEnables)),
                List.of(Table.verdict("collection of " + BLOBS + " blobs", ways.get(2).median(), WANTED_MS,
                        "ms"),
                        String.format(Locale.ROOT,
                                "an enable takes %.2f times as long beside a collection, medians",
                                busyEnables.median() / quietEnables.median())));
    }
}
