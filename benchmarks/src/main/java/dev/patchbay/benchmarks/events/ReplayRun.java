package dev.patchbay.benchmarks.events;

import dev.patchbay.benchmarks.load.LoadPlan;
import dev.patchbay.benchmarks.load.LoadProcess;
import dev.patchbay.benchmarks.load.LoadResult;
import dev.patchbay.benchmarks.load.Scale;
import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.DaemonHere;
import dev.patchbay.benchmarks.measure.EngineHere;
import dev.patchbay.benchmarks.measure.LoadRun;
import dev.patchbay.benchmarks.measure.Machine;
import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.benchmarks.measure.Remark;
import dev.patchbay.benchmarks.measure.Row;
import dev.patchbay.benchmarks.measure.Series;
import dev.patchbay.benchmarks.measure.Table;
import dev.patchbay.benchmarks.measure.Timings;
import dev.patchbay.benchmarks.measure.Unit;
import dev.patchbay.event.Bounds;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.LoggedEvent;
import dev.patchbay.event.Retention;
import dev.patchbay.event.SqliteJournal;
import io.netty.buffer.ByteBuf;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * How many events a second does one subscriber get over WebSocket who asks for all that are kept, 1,000,000 of them?
 *
 * <p>The daemon is the distribution in a process of its own, on a journal that was written before; how long a new
 * daemon takes, which has nothing compiled yet, is the first round. The baseline, in turn, is a file with the same
 * frames that the kernel sends by itself ({@code sendfile}): what socket and client take.
 */
public final class ReplayRun implements LoadRun {
    private static final int EVENTS = 1_000_000;
    private static final int BATCH = 2000;
    private static final int ROUNDS = 5;
    private static final double WANTED_PER_SECOND = 200_000;
    /** More than the run writes: nothing is trimmed. */
    private static final Retention ALL = new Retention(10_000_000, Duration.ofDays(90), 8L << 30);

    private static final String DAEMON = "patchbay, from its journal";
    private static final String FILE = "the same frames from a file, by sendfile";

    @Override
    public Table measure(Built built) throws Exception {
        int events = Scale.events(EVENTS);
        try (Place place = Place.make()) {
            double written = write(place.root(), events);
            Path frames = place.folder().resolve("frames");
            long bytes = writeFrames(frames, events);
            int port = Machine.freePort();
            try (var _ = DaemonHere.patchbay(built, place, "", "--host", "tcp://127.0.0.1:" + port,
                    "--event-max-count", Long.toString(ALL.maxEvents()),
                    "--event-max-size", Long.toString(ALL.maxBytes()));
                    var server = BareServer.sending(frames, bytes)) {
                var ours = new ArrayList<Double>();
                var theirs = new ArrayList<Double>();
                for (int round = 0; round <= ROUNDS; round++) {
                    ours.add(perSecond(port, events));
                    theirs.add(perSecond(server.port(), events));
                }
                return table(events, ours, theirs, written);
            }
        }
    }

    private static double perSecond(int port, int events) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        try (var client = LoadProcess.start(
                LoadPlan.events(port, "?since=oldest", 1, LoadPlan.Detail.COUNT))) {
            long subscribed = System.nanoTime();
            client.awaitPassed(events);
            long end = System.nanoTime();
            LoadResult result = client.result();
            if (result.lost() != 0 || result.gone() != 0 || result.deliveries() < events) {
                throw new IOException("this was no whole replay: " + result + " after "
                        + (end - begin) / 1_000_000 + " ms");
            }
            return 1e9 * events / (end - subscribed);
        }
    }

    /** Writes a journal as a daemon would; returns how many events it took a second. */
    private static double write(Path root, int events) throws IOException {
        Files.createDirectory(root,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        SqliteJournal journal = HubHere.journal(root, ALL);
        Bounds bounds = Objects.requireNonNull(journal.open().block(EngineHere.PATIENCE)).bounds();
        try {
            long begin = System.nanoTime();
            for (long seq = bounds.head(); seq < events;) {
                var batch = new ArrayList<LoggedEvent>(BATCH);
                while (batch.size() < BATCH && seq < events) {
                    batch.add(StreamFrames.event(new Cursor(bounds.epoch(), ++seq)));
                }
                journal.append(batch).block(EngineHere.PATIENCE);
            }
            return 1e9 * events / (System.nanoTime() - begin);
        } finally {
            journal.close().block(EngineHere.PATIENCE);
        }
    }

    private static long writeFrames(Path file, int events) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            for (long seq = 1; seq <= events; seq++) {
                ByteBuf frame = StreamFrames.frame(seq);
                frame.readBytes(out, frame.readableBytes());
                frame.release();
            }
        }
        return Files.size(file);
    }

    private static Table table(int events, List<Double> ours, List<Double> theirs, double written) {
        double rate = median(ours);
        return new Table("How quickly does one subscriber get " + events + " kept events?",
                List.of("from where", "median/s", "min", "max", "first round", "n"),
                List.of(row(DAEMON, ours).beside(FILE), row(FILE, theirs)),
                List.of(Table.verdictAtLeast("replay over one WebSocket", rate, WANTED_PER_SECOND, "events/s")
                        .and(", " + Timings.text(rate / median(theirs)) + " times the file" + Scale.remark()),
                        Remark.of("before, the journal in batch took " + whole(written)
                                + " events a second, in appends of "
                                + BATCH)));
    }

    private static Row row(String name, List<Double> rates) {
        double[] sorted = sorted(rates);
        return Row.of(name, whole(median(rates)), whole(sorted[0]), whole(sorted[sorted.length - 1]),
                whole(rates.getFirst()), Integer.toString(sorted.length))
                .of(Series.of(name, Unit.perSecond("events"), rates.subList(1, rates.size())));
    }

    private static double median(List<Double> rates) {
        double[] sorted = sorted(rates);
        return sorted[sorted.length / 2];
    }

    /** Without the first, in which the server still compiles. */
    private static double[] sorted(List<Double> rates) {
        return rates.stream().skip(1).mapToDouble(it -> it).sorted().toArray();
    }

    private static String whole(double rate) {
        return String.format(Locale.ROOT, "%,.0f", rate);
    }
}
