package dev.patchbay.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.plugin.PluginId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import reactor.core.publisher.Mono;

/** Journals in one file, one after the other, each in the run of the machine that the test says. */
final class JournalsOnDisk implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    static final String BOOT = "this run";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path folder;
    private final List<SqliteJournal> made = new ArrayList<>();
    Path file;
    Durability durability = Durability.BATCH;
    Retention retention = Retention.USUAL;
    Instant now = NOW;

    JournalsOnDisk(Path folder) {
        this.folder = folder;
        this.file = folder.resolve("events.db");
    }

    SqliteJournal journal(String boot) {
        var journal = new SqliteJournal(new SqliteJournal.Settings(file, durability, retention), new Random(),
                Clock.fixed(now, ZoneOffset.UTC), boot);
        made.add(journal);
        return journal;
    }

    SqliteJournal journal() {
        return journal(BOOT);
    }

    /** One that is open, and found nothing to complain of. */
    SqliteJournal opened() {
        SqliteJournal journal = journal();
        assertThat(open(journal).notices()).isEmpty();
        return journal;
    }

    void close(SqliteJournal journal) {
        made.remove(journal);
        run(journal.close());
    }

    /** The next ones are in a copy that is as a process that is killed leaves it: nothing is written, nothing closed. */
    void copyAsAfterAKill() throws IOException {
        file = copy(file, Files.createDirectory(folder.resolve("killed")));
    }

    /** The events in a file that was put aside. */
    List<LoggedEvent> eventsIn(Path aside) throws IOException {
        Path looked = Files.createDirectory(folder.resolve("look"));
        copy(aside, looked);
        try (var copied = new JournalsOnDisk(looked)) {
            SqliteJournal journal = copied.journal();
            open(journal);
            return all(journal);
        }
    }

    private static Path copy(Path from, Path folder) throws IOException {
        for (String end : List.of("", "-wal")) {
            Path part = Path.of(from + end);
            if (Files.exists(part)) {
                Files.copy(part, folder.resolve("events.db" + end));
            }
        }
        return folder.resolve("events.db");
    }

    /** Closes all that were made. */
    @Override
    public void close() {
        List.copyOf(made).forEach(this::close);
    }

    static <T> T get(Mono<T> answer) {
        return Objects.requireNonNull(answer.block(PATIENCE));
    }

    static void run(Mono<Void> work) {
        work.block(PATIENCE);
    }

    static EventJournal.Opened open(EventJournal journal) {
        return get(journal.open());
    }

    /** Appends so many events as one. */
    static void append(EventJournal journal, int count) {
        append(journal, count, JournalsOnDisk::happening);
    }

    static void append(EventJournal journal, int count, IntFunction<Happening> what) {
        Bounds bounds = journal.bounds();
        run(journal.append(IntStream.rangeClosed(1, count)
                .mapToObj(i -> LoggedEvent.of(what.apply((int) bounds.head() + i)
                        .at(new Cursor(bounds.epoch(), bounds.head() + i))))
                .toList()));
    }

    static Happening happening(int number) {
        return at(NOW.plusMillis(number), number);
    }

    static Happening at(Instant time, int number) {
        boolean volumes = number % 2 == 0;
        return new Happening(time, volumes ? EventType.ENABLE : EventType.CRASH,
                Optional.of(new PluginId((volumes ? "a" : "b").repeat(64))), "p" + number % 3 + ":latest",
                volumes ? List.of(InterfaceType.docker("volumedriver")) : List.of(), number,
                Actor.caller("r" + number), Map.of("text", "\"ä\u0000\\" + number));
    }

    static List<LoggedEvent> all(EventJournal journal) {
        return get(journal.read(0, EventLog.MAX_PAGE, EventFilter.ALL)).events();
    }
}
