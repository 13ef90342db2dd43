package dev.patchbay.event;

import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.plugin.PluginId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import reactor.core.publisher.Mono;

/** Journals in one file, one after the other, each in the run of the machine that the test says. */
final class JournalsOnDisk {
    static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    static final String BOOT = "this run";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final Path file;
    Durability durability = Durability.BATCH;
    Retention retention = Retention.USUAL;
    Instant now = NOW;

    JournalsOnDisk(Path folder) {
        this.file = folder.resolve("events.db");
    }

    SqliteJournal journal(String boot) {
        return new SqliteJournal(new SqliteJournal.Settings(file, durability, retention), new Random(),
                Clock.fixed(now, ZoneOffset.UTC), boot);
    }

    SqliteJournal journal() {
        return journal(BOOT);
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
