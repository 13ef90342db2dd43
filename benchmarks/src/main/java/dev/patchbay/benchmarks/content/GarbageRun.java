package dev.patchbay.benchmarks.content;

import dev.patchbay.Plugins;
import dev.patchbay.benchmarks.enable.EnableRun;
import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.EngineHere;
import dev.patchbay.benchmarks.measure.LoadRun;
import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.benchmarks.measure.Remark;
import dev.patchbay.benchmarks.measure.Row;
import dev.patchbay.benchmarks.measure.Table;
import dev.patchbay.benchmarks.measure.Timings;
import dev.patchbay.benchmarks.measure.UnixHttp;
import dev.patchbay.store.GarbageReport;
import dev.patchbay.syscall.HeldFileSystem;
import dev.patchbay.syscall.Syscalls;
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
 * <p>On a file system in memory, which shows the collector's own work, and on this machine's disk, where most of the time is
 * the file system's. Beside the collection: a dry run, which looks at everything and deletes nothing, and one thread that
 * deletes as many files of a folder and does nothing else. The files are on the disk before anything is timed, as blobs
 * are that were pulled some time ago. Lists and enables of the sample plugin over HTTP, one after the other, are timed while
 * nothing else happens and while collections run.
 */
public final class GarbageRun implements LoadRun {
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
        Spans memory;
        try (Place place = Place.make()) {
            Files.createDirectory(place.root());
            Syscalls.mount("tmpfs", place.root(), "tmpfs", 0, "mode=0700");
            memory = new Spans(built, place);
        }
        Spans disk;
        try (Place place = Place.make()) {
            disk = new Spans(built, place);
        }
        var rows = new ArrayList<Row>();
        rows.addAll(memory.rows("in memory"));
        rows.addAll(disk.rows("on disk"));
        return new Table("How long does it take to collect " + BLOBS + " blobs?", Table.heads("what"), rows,
                List.of(Table.verdict("collection of " + BLOBS + " blobs in memory",
                        memory.alone.build().median(),
                        WANTED_MS, "ms"), disk.beyondDeleting(), memory.enables("in memory"),
                        disk.enables("on disk")));
    }

    /** What was timed on one file system. */
    private static final class Spans {
        private final Timings.Builder dry = new Timings.Builder();
        private final Timings.Builder bare = new Timings.Builder();
        private final Timings.Builder alone = new Timings.Builder();
        private final Timings.Builder beside = new Timings.Builder();
        private final Commands quiet = new Commands();
        private final Commands busy = new Commands();

        Spans(Built built, Place place) throws Exception {
            try (var engine = EngineHere.serve(place, List.of())) {
                Plugins plugins = engine.plugins();
                EnableRun.create(plugins, "sample", built.sampleContext());
                quiet.run(place, QUIET_COMMANDS);
                for (int round = 0; round < ROUNDS; round++) {
                    round(plugins, place, round);
                }
            }
        }

        private void round(Plugins plugins, Place place, int round) throws Exception {
            Path blobs = place.root().resolve("storage/blobs/sha256");
            Path folder = place.root().resolve("tmp/bare" + round);
            fill(folder, round);
            bare.add(Timings.millisOf(() -> empty(folder)));
            fill(blobs, round);
            dry.add(collect(plugins, true));
            alone.add(collect(plugins, false));
            fill(blobs, round);
            beside.add(besideCommands(place, busy, () -> collect(plugins, false)));
        }

        List<Row> rows(String where) {
            return List.of(Row.of(where + ": a dry run, which looks at all", dry.build()),
                    Row.of(where + ": one thread that deletes as many files", bare.build()),
                    Row.of(where + ": collection", alone.build())
                            .beside(where + ": one thread that deletes as many files"),
                    Row.of(where + ": collection, commands beside it", beside.build()),
                    Row.of(where + ": list, nothing beside it", quiet.lists.build()),
                    Row.of(where + ": list, beside collections", busy.lists.build())
                            .beside(where + ": list, nothing beside it"),
                    Row.of(where + ": enable, nothing beside it", quiet.enables.build()),
                    Row.of(where + ": enable, beside collections", busy.enables.build())
                            .beside(where + ": enable, nothing beside it"));
        }

        Remark beyondDeleting() {
            return Remark.of(String.format(Locale.ROOT,
                    "on disk, a collection takes %.2f times as long as deleting alone, medians",
                    alone.build().median() / bare.build().median()));
        }

        Remark enables(String where) {
            return Remark.of(String.format(Locale.ROOT,
                    "%s, an enable takes %.2f times as long beside a collection, medians",
                    where, busy.enables.build().median() / quiet.enables.build().median()));
        }
    }

    /** As many files as blobs, under names as blobs have them; nobody reads what is in them. */
    private static void fill(Path blobs, int round) throws IOException {
        Files.createDirectories(blobs);
        for (int number = 0; number < BLOBS; number++) {
            byte[] content = ("blob " + round + " " + number).getBytes(StandardCharsets.UTF_8);
            Files.write(blobs.resolve(BigPlugin.digestOf(content).substring("sha256:".length())), content);
        }
        try (HeldFileSystem files = HeldFileSystem.of(blobs)) {
            files.sync();
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
    private static double besideCommands(Place place, Commands commands, Timed work) throws Exception {
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
}
