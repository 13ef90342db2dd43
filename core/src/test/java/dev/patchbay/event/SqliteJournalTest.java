package dev.patchbay.event;

import static dev.patchbay.event.JournalsOnDisk.NOW;
import static dev.patchbay.event.JournalsOnDisk.all;
import static dev.patchbay.event.JournalsOnDisk.append;
import static dev.patchbay.event.JournalsOnDisk.get;
import static dev.patchbay.event.JournalsOnDisk.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patchbay.plugin.InterfaceType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The journal in a real SQLite file. */
class SqliteJournalTest {
    @AutoClose
    private final JournalsOnDisk disk;

    private final Path folder;

    SqliteJournalTest(@TempDir Path folder) {
        this.folder = folder;
        this.disk = new JournalsOnDisk(folder);
    }

    @Test
    void beginsEmpty() {
        Bounds bounds = open(disk.journal()).bounds();

        assertThat(bounds.oldest()).isOne();
        assertThat(bounds.head()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void findsWhatWasAppendedToTheByte(Durability durability) {
        disk.durability = durability;
        SqliteJournal first = disk.opened();
        append(first, 10);
        append(first, 1);
        List<byte[]> written = all(first).stream().map(LoggedEvent::json).toList();
        Bounds bounds = first.bounds();
        disk.close(first);

        SqliteJournal second = disk.opened();

        assertThat(second.bounds()).isEqualTo(bounds);
        assertThat(all(second)).extracting(LoggedEvent::json).containsExactlyElementsOf(written);
        assertThat(all(second)).extracting(LoggedEvent::event)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 11)
                        .mapToObj(i -> JournalsOnDisk.happening(i).at(new Cursor(bounds.epoch(), i)))
                        .toList());
    }

    @Test
    void readsPageByPageFromAnyPlace() {
        SqliteJournal journal = disk.opened();
        append(journal, 10);

        EventPage page = get(journal.read(3, 4, EventFilter.ALL));

        assertThat(page.events()).extracting(LoggedEvent::seq).containsExactly(4L, 5L, 6L, 7L);
        assertThat(page.through()).isEqualTo(7);
        assertThat(page.head()).isEqualTo(10);
        assertThat(get(journal.read(10, 4, EventFilter.ALL)).events()).isEmpty();
    }

    @Test
    void readsWhatPassesAFilterAndLooksAtTheRest() {
        SqliteJournal journal = disk.opened();
        append(journal, 10);

        for (EventFilter filter : List.of(
                EventFilter.types(EventType.ENABLE),
                EventFilter.of(Set.of(), List.of("a".repeat(12)), List.of()),
                EventFilter.of(Set.of(), List.of(), List.of("VolumeDriver")))) {
            EventPage page = get(journal.read(0, 5, filter));
            assertThat(page.events()).extracting(LoggedEvent::seq).containsExactly(2L, 4L);
            assertThat(page.through()).isEqualTo(5);
        }
        assertThat(get(journal.read(0, 5, EventFilter.of(Set.of(), List.of("p1"), List.of()))).events())
                .extracting(LoggedEvent::seq)
                .containsExactly(1L, 4L);
    }

    @Test
    void keepsInterfaceTypesApartWhateverTheyAreCalled() {
        SqliteJournal journal = disk.opened();
        append(journal, 1, i -> {
            Happening one = JournalsOnDisk.happening(i);
            return new Happening(one.time(), one.type(), one.plugin(), one.name(),
                    List.of(InterfaceType.parse("my cap/1"), InterfaceType.parse("docker.volumedriver/1.0")),
                    1,
                    one.actor(), one.attributes());
        });

        for (String capability : List.of("my cap", "volumedriver")) {
            assertThat(get(journal.read(0, 5, EventFilter.of(Set.of(), List.of(), List.of(capability))))
                    .events())
                    .as(capability)
                    .hasSize(1);
        }
    }

    @Test
    void findsTheFirstEventOfATimeWhateverTheClockDid() {
        SqliteJournal journal = disk.opened();
        append(journal, 3); // 1, 2, 3 ms
        append(journal, 1, i -> JournalsOnDisk.at(NOW.minus(Duration.ofDays(1)), i));
        append(journal, 1, i -> JournalsOnDisk.at(NOW.plusSeconds(1), i));

        assertThat(get(journal.before(NOW))).isZero();
        assertThat(get(journal.before(NOW.plusMillis(2)))).isEqualTo(1);
        assertThat(get(journal.before(NOW.plusMillis(4)))).isEqualTo(4);
        assertThat(get(journal.before(NOW.plusSeconds(2)))).isEqualTo(5);
        assertThat(get(journal.before(Instant.MIN))).isZero();
        assertThat(get(journal.before(Instant.MAX))).isEqualTo(5);
    }

    @Test
    void letsTheOldestGoByNumberAndReadersKnow() {
        disk.retention = new Retention(10, Duration.ofDays(1), 1L << 30);
        SqliteJournal journal = disk.opened();
        for (int i = 0; i < 5; i++) {
            append(journal, 7);
        }

        assertThat(journal.bounds()).isEqualTo(new Bounds(journal.bounds().epoch(), 26, 35));
        EventPage page = get(journal.read(3, 5, EventFilter.ALL));
        assertThat(page.from().seq()).isEqualTo(25);
        assertThat(page.reason()).isEqualTo(EventSignal.Loss.TRIMMED);
        assertThat(page.events()).extracting(LoggedEvent::seq).containsExactly(26L, 27L, 28L, 29L, 30L);
    }

    @Test
    void letsTheOldestGoByAgeButNeverTheNewest() {
        SqliteJournal first = disk.opened();
        append(first, 10);
        disk.close(first);
        disk.now = NOW.plus(Duration.ofDays(365));

        SqliteJournal second = disk.opened();
        append(second, 1); // it is as old as the others
        append(second, 1, i -> JournalsOnDisk.at(disk.now, i));
        append(second, 1, i -> JournalsOnDisk.at(disk.now, i));

        assertThat(second.bounds().oldest()).isEqualTo(12);
        assertThat(second.bounds().head()).isEqualTo(13);
        assertThat(all(second)).extracting(LoggedEvent::seq).containsExactly(12L, 13L);
    }

    @Test
    void takesNoMoreRoomThanItMay() throws IOException {
        disk.retention = new Retention(Long.MAX_VALUE, Duration.ofDays(1), 2L << 20);
        SqliteJournal journal = disk.opened();
        for (int i = 0; i < 200; i++) {
            append(journal, 200);
        }

        assertThat(journal.bounds().head()).isEqualTo(40_000);
        assertThat(journal.bounds().oldest()).isGreaterThan(30_000);
        disk.close(journal);
        assertThat(Files.size(disk.file)).isBetween(1L << 20, 3L << 20);
    }

    @Test
    void isReadableByItsOwnerOnly() throws IOException {
        Files.createFile(disk.file);
        Files.setPosixFilePermissions(disk.file, PosixFilePermissions.fromString("rw-r--r--"));
        append(disk.opened(), 1);

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(3)
                    .allSatisfy(file -> assertThat(
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void leavesNothingButItsFile() throws IOException {
        SqliteJournal journal = disk.opened();
        append(journal, 1);
        disk.close(journal);

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(disk.file);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-wal", "-shm"})
    void followsNoLink(String end) throws IOException {
        Path target = Files.writeString(folder.resolve("target"), "precious");
        Files.createSymbolicLink(Path.of(disk.file + end), target);

        assertThatExceptionOfType(JournalException.class).isThrownBy(() -> open(disk.journal()))
                .withMessageContaining("remove it");
        assertThat(target).hasContent("precious");
    }

    @Test
    void opensTwiceIfNobodyWaitedForTheFirstTime() {
        SqliteJournal journal = disk.opened();

        assertThat(open(journal).bounds()).isEqualTo(journal.bounds());
    }

    @Test
    void tellsOfAFolderThatIsNotThere() {
        try (var nowhere = new JournalsOnDisk(folder.resolve("nowhere"))) {
            SqliteJournal journal = nowhere.journal();

            assertThatExceptionOfType(JournalException.class).isThrownBy(() -> open(journal));
        }
    }
}
