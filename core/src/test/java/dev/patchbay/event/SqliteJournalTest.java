package dev.patchbay.event;

import static dev.patchbay.event.JournalsOnDisk.BOOT;
import static dev.patchbay.event.JournalsOnDisk.NOW;
import static dev.patchbay.event.JournalsOnDisk.all;
import static dev.patchbay.event.JournalsOnDisk.append;
import static dev.patchbay.event.JournalsOnDisk.get;
import static dev.patchbay.event.JournalsOnDisk.open;
import static dev.patchbay.event.JournalsOnDisk.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patchbay.plugin.InterfaceType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The journal in a real SQLite file. */
class SqliteJournalTest {
    @TempDir
    Path folder;

    private JournalsOnDisk disk;
    private final List<SqliteJournal> opened = new ArrayList<>();

    @BeforeEach
    void chooseFile() {
        disk = new JournalsOnDisk(folder);
    }

    @AfterEach
    void closeAll() {
        opened.forEach(journal -> run(journal.close()));
    }

    private SqliteJournal journal(String boot) {
        SqliteJournal journal = disk.journal(boot);
        opened.add(journal);
        return journal;
    }

    private SqliteJournal opened() {
        SqliteJournal journal = journal(BOOT);
        assertThat(open(journal).notices()).isEmpty();
        return journal;
    }

    private void close(SqliteJournal journal) {
        opened.remove(journal);
        run(journal.close());
    }

    /** As a process that is killed leaves it: nothing is written any more, nothing is closed. */
    private void copyAsAfterAKill() throws IOException {
        Path copy = Files.createDirectory(folder.resolve("killed"));
        for (String end : List.of("", "-wal")) {
            Files.copy(Path.of(disk.file + end), copy.resolve("events.db" + end));
        }
        disk = new JournalsOnDisk(copy);
    }

    @Test
    void beginsEmpty() {
        Bounds bounds = open(journal(BOOT)).bounds();

        assertThat(bounds.oldest()).isOne();
        assertThat(bounds.head()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void findsWhatWasAppendedToTheByte(Durability durability) {
        disk.durability = durability;
        SqliteJournal first = opened();
        append(first, 10);
        append(first, 1);
        List<byte[]> written = all(first).stream().map(LoggedEvent::json).toList();
        Bounds bounds = first.bounds();
        close(first);

        SqliteJournal second = opened();

        assertThat(second.bounds()).isEqualTo(bounds);
        assertThat(all(second)).extracting(LoggedEvent::json).containsExactlyElementsOf(written);
        assertThat(all(second)).extracting(LoggedEvent::event)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 11)
                        .mapToObj(i -> JournalsOnDisk.happening(i).at(new Cursor(bounds.epoch(), i)))
                        .toList());
    }

    @Test
    void readsPageByPageFromAnyPlace() {
        SqliteJournal journal = opened();
        append(journal, 10);

        EventPage page = get(journal.read(3, 4, EventFilter.ALL));

        assertThat(page.events()).extracting(LoggedEvent::seq).containsExactly(4L, 5L, 6L, 7L);
        assertThat(page.through()).isEqualTo(7);
        assertThat(page.head()).isEqualTo(10);
        assertThat(get(journal.read(10, 4, EventFilter.ALL)).events()).isEmpty();
    }

    @Test
    void readsWhatPassesAFilterAndLooksAtTheRest() {
        SqliteJournal journal = opened();
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
        SqliteJournal journal = opened();
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
        SqliteJournal journal = opened();
        append(journal, 3); // 1, 2, 3 ms
        append(journal, 1, i -> JournalsOnDisk.at(NOW.minus(Duration.ofDays(1)), i));
        append(journal, 1, i -> JournalsOnDisk.at(NOW.plusSeconds(1), i));

        assertThat(get(journal.before(NOW))).isZero();
        assertThat(get(journal.before(NOW.plusMillis(2)))).isEqualTo(1);
        assertThat(get(journal.before(NOW.plusMillis(4)))).isEqualTo(4);
        assertThat(get(journal.before(NOW.plusSeconds(2)))).isEqualTo(5);
        assertThat(get(journal.before(java.time.Instant.MIN))).isZero();
        assertThat(get(journal.before(java.time.Instant.MAX))).isEqualTo(5);
    }

    @Test
    void keepsTheEpochOfAKilledProcessInTheSameRunOfTheMachine() throws IOException {
        SqliteJournal killed = opened();
        append(killed, 5);
        copyAsAfterAKill();

        SqliteJournal next = opened();

        assertThat(next.bounds()).isEqualTo(killed.bounds());
        assertThat(all(next)).hasSize(5);
    }

    @Test
    void beginsANewEpochWhenTheMachineWentDownBeforeItWasClosed() throws IOException {
        SqliteJournal killed = opened();
        append(killed, 5);
        copyAsAfterAKill();

        EventJournal.Opened next = open(journal("the next run"));

        assertThat(next.notices()).singleElement().asString().contains("may be lost", "events.db.cut-1");
        assertThat(found(disk.file.resolveSibling("events.db.cut-1"))).hasSize(5);
        assertThat(next.bounds().epoch()).isNotEqualTo(killed.bounds().epoch());
        assertThat(next.bounds().head()).isZero();
    }

    @Test
    void takesNoFileForOneOfThisRunWhereRunsHaveNoName() throws IOException {
        SqliteJournal killed = journal("");
        open(killed);
        append(killed, 5);
        copyAsAfterAKill();

        assertThat(open(journal("")).bounds().epoch()).isNotEqualTo(killed.bounds().epoch());
    }

    /** The events in a file that was put aside. */
    private List<LoggedEvent> found(Path aside) throws IOException {
        Path copy = Files.createDirectory(folder.resolve("look"));
        for (String end : List.of("", "-wal")) {
            Path from = Path.of(aside + end);
            if (Files.exists(from)) {
                Files.copy(from, copy.resolve("events.db" + end));
            }
        }
        SqliteJournal journal = new JournalsOnDisk(copy).journal();
        opened.add(journal);
        open(journal);
        return all(journal);
    }

    @Test
    void keepsTheEpochWhenTheMachineWentDownAfterItWasClosed() {
        SqliteJournal first = opened();
        append(first, 5);
        close(first);

        SqliteJournal next = journal("the next run");

        assertThat(open(next).bounds()).isEqualTo(first.bounds());
    }

    @Test
    void keepsTheEpochWhenEveryEventWasOnTheDisk() throws IOException {
        disk.durability = Durability.SYNC;
        SqliteJournal killed = opened();
        append(killed, 5);
        copyAsAfterAKill();
        disk.durability = Durability.BATCH;

        EventJournal.Opened next = open(journal("the next run"));

        assertThat(next.notices()).isEmpty();
        assertThat(next.bounds()).isEqualTo(killed.bounds());
    }

    @Test
    void letsTheOldestGoByNumberAndReadersKnow() {
        disk.retention = new Retention(10, Duration.ofDays(1), 1L << 30);
        SqliteJournal journal = opened();
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
        SqliteJournal first = opened();
        append(first, 10);
        close(first);
        disk.now = NOW.plus(Duration.ofDays(365));

        SqliteJournal second = opened();
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
        SqliteJournal journal = opened();
        for (int i = 0; i < 200; i++) {
            append(journal, 200);
        }

        assertThat(journal.bounds().head()).isEqualTo(40_000);
        assertThat(journal.bounds().oldest()).isGreaterThan(30_000);
        close(journal);
        assertThat(Files.size(disk.file)).isBetween(1L << 20, 3L << 20);
    }

    @Test
    void isReadableByItsOwnerOnly() throws IOException {
        Files.createFile(disk.file);
        Files.setPosixFilePermissions(disk.file, PosixFilePermissions.fromString("rw-r--r--"));
        append(opened(), 1);

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(3)
                    .allSatisfy(file -> assertThat(
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void leavesNothingButItsFile() throws IOException {
        SqliteJournal journal = opened();
        append(journal, 1);
        close(journal);

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(disk.file);
        }
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(strings = {"", "-wal", "-shm"})
    void followsNoLink(String end) throws IOException {
        Path target = Files.writeString(folder.resolve("target"), "precious");
        Files.createSymbolicLink(Path.of(disk.file + end), target);

        assertThatExceptionOfType(JournalException.class).isThrownBy(() -> open(journal(BOOT)))
                .withMessageContaining("remove it");
        assertThat(target).hasContent("precious");
    }

    private void isPutAside(String why) {
        SqliteJournal journal = journal(BOOT);
        EventJournal.Opened found = open(journal);

        assertThat(found.notices()).singleElement()
                .asString()
                .contains(why, "events.db.damaged-1", "new epoch");
        assertThat(found.bounds().head()).isZero();
        assertThat(Path.of(disk.file + ".damaged-1")).isNotEmptyFile();
        append(journal, 3);
        assertThat(all(journal)).hasSize(3);
    }

    @Test
    void putsAsideWhatIsNoDatabase() throws IOException {
        Files.writeString(disk.file, "No database. ".repeat(1000));

        isPutAside("not a database");
    }

    @Test
    void putsAsideTheDatabaseOfAnotherProgram() throws SQLException {
        try (var other = DriverManager.getConnection("jdbc:sqlite:" + disk.file);
                var statement = other.createStatement()) {
            statement.execute("CREATE TABLE bookmarks(url TEXT)");
        }

        isPutAside("another program");
    }

    @Test
    void putsAsideTheFileOfAnotherVersion() throws SQLException {
        close(opened());
        try (var later = DriverManager.getConnection("jdbc:sqlite:" + disk.file);
                var statement = later.createStatement()) {
            statement.execute("PRAGMA user_version = 2");
        }

        isPutAside("version 2");
    }

    @Test
    void putsAsideATornFile() throws IOException {
        SqliteJournal first = opened();
        append(first, 1000);
        close(first);
        try (var channel = FileChannel.open(disk.file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
        }

        isPutAside("malformed");
    }

    @Test
    void putsAsideWhatAReaderFindsDamagedOnceItIsGivenUp() throws IOException {
        SqliteJournal first = opened();
        append(first, 4000);
        close(first);
        try (var channel = FileChannel.open(disk.file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(64 << 10), channel.size() / 2);
        }
        SqliteJournal second = opened();

        assertThatExceptionOfType(JournalException.class).isThrownBy(() -> all(second))
                .withMessageContaining("damaged");
        run(second.abandon());
        EventJournal.Opened again = open(second);

        assertThat(again.bounds().epoch()).isNotEqualTo(first.bounds().epoch());
        assertThat(Path.of(disk.file + ".damaged-1")).isNotEmptyFile();
    }

    @Test
    void checksAFileThatWasNotClosed() throws IOException {
        SqliteJournal killed = opened();
        append(killed, 4000);
        close(killed);
        append(opened(), 1);
        copyAsAfterAKill();
        try (var channel = FileChannel.open(disk.file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(64 << 10), channel.size() / 2);
        }

        isPutAside("");
    }

    @Test
    void beginsANewEpochAfterItWasAbandoned() {
        SqliteJournal journal = opened();
        append(journal, 5);
        String epoch = journal.bounds().epoch();
        run(journal.abandon());

        EventJournal.Opened again = open(journal);
        append(journal, 1);

        assertThat(again.bounds().epoch()).isNotEqualTo(epoch);
        assertThat(again.bounds().head()).isZero();
        assertThat(all(journal)).hasSize(1);
    }

    @Test
    void whatWasAbandonedIsNotTakenUpByTheNextProcessButKept() throws IOException {
        SqliteJournal first = opened();
        append(first, 5);
        run(first.abandon());
        close(first);

        assertThat(opened().bounds().epoch()).isNotEqualTo(first.bounds().epoch());
        assertThat(found(disk.file.resolveSibling("events.db.left-1"))).hasSize(5);
    }

    @Test
    void whatCouldNotBeOpenedIsKept() throws IOException {
        SqliteJournal first = opened();
        append(first, 5);
        close(first);
        Path obstacle = Files.createDirectory(Path.of(disk.file + "-shm"));

        SqliteJournal second = journal(BOOT);
        assertThatExceptionOfType(JournalException.class).isThrownBy(() -> open(second));
        run(second.abandon());
        close(second);

        assertThat(obstacle).doesNotExist();
        assertThat(found(disk.file.resolveSibling("events.db.left-1"))).hasSize(5);
    }

    @Test
    void leavesALinkAloneThatItDoesNotFollow() throws IOException {
        Path target = Files.writeString(folder.resolve("target"), "precious");
        Files.createSymbolicLink(disk.file, target);

        SqliteJournal journal = journal(BOOT);
        assertThatExceptionOfType(JournalException.class).isThrownBy(() -> open(journal));
        run(journal.abandon());
        close(journal);

        assertThat(disk.file).isSymbolicLink().hasContent("precious");
    }

    @Test
    void keepsTheLargestOfThoseThatWerePutAside() throws IOException {
        SqliteJournal journal = opened();
        append(journal, 1000);
        for (int i = 0; i < 5; i++) {
            run(journal.abandon());
            open(journal);
            append(journal, 1);
        }

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches(".*\\.left-\\d+"))).hasSize(3).contains("events.db.left-1");
        }
        assertThat(found(disk.file.resolveSibling("events.db.left-1"))).hasSize(1000);
    }

    @Test
    void opensTwiceIfNobodyWaitedForTheFirstTime() {
        SqliteJournal journal = opened();

        assertThat(open(journal).bounds()).isEqualTo(journal.bounds());
    }

    @Test
    void tellsOfAFolderThatIsNotThere() {
        disk = new JournalsOnDisk(folder.resolve("nowhere"));

        assertThatExceptionOfType(JournalException.class).isThrownBy(() -> open(journal(BOOT)));
    }
}
