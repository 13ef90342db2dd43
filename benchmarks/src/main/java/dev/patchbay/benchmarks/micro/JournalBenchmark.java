package dev.patchbay.benchmarks.micro;

import dev.patchbay.benchmarks.events.HubHere;
import dev.patchbay.benchmarks.events.StreamFrames;
import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.event.Bounds;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.Durability;
import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventPage;
import dev.patchbay.event.EventRecorder;
import dev.patchbay.event.EventType;
import dev.patchbay.event.Happening;
import dev.patchbay.event.LoggedEvent;
import dev.patchbay.event.Retention;
import dev.patchbay.event.SqliteJournal;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * How many events a second does the journal on disk take, as one batch after the other of the size that the recorder makes
 * under load, encoding included, and how many does it give back, page by page, beside {@link PlainSqlite a table} in SQLite
 * and {@link PlainFile a file}? Events have about 300 bytes of JSON.
 *
 * <p>The table finds events by their number alone, and knows no time, type or name to filter by; the file finds nothing, and
 * cannot let go of its beginning.
 */
@Question("How many events a second does the journal take, and give back?")
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@OutputTimeUnit(TimeUnit.SECONDS)
public class JournalBenchmark {
    private static final int BATCH = 2048;
    private static final int PAGE = 1024; // what a subscriber reads at a time that is far behind
    private static final int PAGES = 128;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** A journal that is appended to; it is trimmed all the time, as it is once it has come into its years. */
    @State(Scope.Benchmark)
    public static class Appended {
        /** What events outlive. */
        @Param({"BATCH", "SYNC"})
        public Durability durability = Durability.BATCH;

        private final Folder folder = new Folder();
        private @Nullable SqliteJournal journal;

        /** Opens it. */
        @Setup(Level.Trial)
        public void open() {
            SqliteJournal opened = folder.journal(durability);
            journal = opened;
            Objects.requireNonNull(opened.open().block(PATIENCE));
        }

        SqliteJournal journal() {
            return Objects.requireNonNull(journal);
        }

        /** Deletes it. */
        @TearDown(Level.Trial)
        public void delete() {
            journal().close().block(PATIENCE);
            folder.delete();
        }
    }

    /** A recorder with such a journal. */
    @State(Scope.Benchmark)
    public static class Recorded {
        /** What events outlive. */
        @Param({"BATCH", "SYNC"})
        public Durability durability = Durability.BATCH;

        private final Folder folder = new Folder();
        private final Scheduler thread = Schedulers.newSingle("bench-events", true);
        private final Scheduler timers = Schedulers.newSingle("bench-timer", true);
        private @Nullable EventRecorder recorder;
        private long facts; // what it counts, as the thread learns that tells

        /** Opens it. */
        @Setup(Level.Trial)
        public void open() {
            recorder = EventRecorder.open(folder.journal(durability), HubHere.setup(thread, thread, timers))
                    .block(PATIENCE);
        }

        EventRecorder recorder() {
            return Objects.requireNonNull(recorder);
        }

        /** Deletes what it wrote. */
        @TearDown(Level.Trial)
        public void delete() {
            recorder().close().block(PATIENCE);
            thread.dispose();
            timers.dispose();
            folder.delete();
        }
    }

    /** A journal that is read. */
    @State(Scope.Benchmark)
    public static class Written {
        private final Folder folder = new Folder();
        private final SqliteJournal journal = folder.journal(Durability.BATCH);

        /** Opens it, and puts in what is read. */
        @Setup(Level.Trial)
        public void open() {
            Objects.requireNonNull(journal.open().block(PATIENCE));
            for (int i = 0; i < PAGE * PAGES / BATCH; i++) {
                journal.append(events(journal.bounds(), BATCH)).block(PATIENCE);
            }
        }

        /** Deletes it. */
        @TearDown(Level.Trial)
        public void delete() {
            journal.close().block(PATIENCE);
            folder.delete();
        }
    }

    private record Folder(Place place) {
        Folder() {
            this(Folders.onDisk());
        }

        SqliteJournal journal(Durability durability) {
            var retention = new Retention(PlainSqlite.KEPT, Duration.ofDays(1), 1L << 30);
            return new SqliteJournal(
                    new SqliteJournal.Settings(place.folder().resolve("events.db"), durability, retention),
                    new Random(1),
                    Clock.systemUTC());
        }

        void delete() {
            Folders.delete(place);
        }
    }

    private static List<LoggedEvent> events(Bounds bounds, int count) {
        return LongStream.rangeClosed(bounds.head() + 1, bounds.head() + count)
                .mapToObj(seq -> StreamFrames.event(new Cursor(bounds.epoch(), seq)))
                .toList();
    }

    private static List<Happening> happenings(int count) {
        return IntStream.range(0, count).mapToObj(_ -> StreamFrames.happening()).toList();
    }

    /** Appends one batch. */
    @Benchmark
    @Beside("appendPlainSqlite")
    @OperationsPerInvocation(BATCH)
    public void append(Appended to) {
        to.journal().append(events(to.journal().bounds(), BATCH)).block(PATIENCE);
    }

    /** Has a recorder take as much, until all is in the journal and told. */
    @Benchmark
    @Beside("appendPlainSqlite")
    @OperationsPerInvocation(BATCH)
    public void record(Recorded by) {
        by.recorder().tell(happenings(BATCH), count -> by.facts = count);
        Objects.requireNonNull(by.recorder().place(by.facts).block(PATIENCE));
    }

    /** Reads the bytes of all events. */
    @Benchmark
    @Beside("readPlainSqlite")
    @OperationsPerInvocation(PAGE * PAGES)
    public void read(Written from, Blackhole sink) {
        long seq = 0;
        for (int i = 0; i < PAGES; i++) {
            EventPage page = Objects.requireNonNull(
                    from.journal.read(seq, PAGE, EventFilter.ALL).block(PATIENCE));
            page.events().forEach(event -> sink.consume(event.json()));
            seq = page.through();
        }
    }

    /** Reads the bytes of all events, each of which passes a filter. */
    @Benchmark
    @OperationsPerInvocation(PAGE * PAGES)
    public void readFiltered(Written from, Blackhole sink) {
        long seq = 0;
        EventFilter filter = EventFilter.types(EventType.BACKOFF);
        for (int i = 0; i < PAGES; i++) {
            EventPage page = Objects.requireNonNull(from.journal.read(seq, PAGE, filter).block(PATIENCE));
            page.events().forEach(event -> sink.consume(event.json()));
            seq = page.through();
        }
    }

    /** Appends one batch to the table. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void appendPlainSqlite(PlainSqlite to) throws SQLException {
        to.append(BATCH);
    }

    /** Appends one batch to the file. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void appendPlainFile(PlainFile to) throws IOException {
        to.append(BATCH);
    }

    /** A table that is read. */
    @State(Scope.Benchmark)
    public static class WrittenPlain {
        private final PlainSqlite table = new PlainSqlite();
        private final PlainFile file = new PlainFile();

        /** Opens both, and puts in what is read. */
        @Setup(Level.Trial)
        public void open() throws SQLException, IOException {
            table.open();
            file.open();
            for (int i = 0; i < PAGE * PAGES / BATCH; i++) {
                table.append(BATCH);
                file.append(BATCH);
            }
        }

        /** Deletes both. */
        @TearDown(Level.Trial)
        public void delete() throws SQLException, IOException {
            table.delete();
            file.delete();
        }
    }

    /** Reads the bytes of all events in the table. */
    @Benchmark
    @OperationsPerInvocation(PAGE * PAGES)
    public void readPlainSqlite(WrittenPlain from, Blackhole sink) throws SQLException {
        from.table.read(PAGES, PAGE, sink::consume);
    }

    /** Reads the bytes of all events in the file. */
    @Benchmark
    @OperationsPerInvocation(PAGE * PAGES)
    public void readPlainFile(WrittenPlain from, Blackhole sink) throws IOException {
        from.file.read(PAGE * PAGES, sink::consume);
    }
}
