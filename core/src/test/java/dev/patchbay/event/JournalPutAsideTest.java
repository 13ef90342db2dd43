package dev.patchbay.event;

import static dev.patchbay.event.JournalsOnDisk.all;
import static dev.patchbay.event.JournalsOnDisk.append;
import static dev.patchbay.event.JournalsOnDisk.open;
import static dev.patchbay.event.JournalsOnDisk.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a file that no journal can be, or that one gave up. */
final class JournalPutAsideTest {
    @AutoClose
    private final JournalsOnDisk disk;

    private final Path folder;

    JournalPutAsideTest(@TempDir Path folder) {
        this.folder = folder;
        this.disk = new JournalsOnDisk(folder);
    }

    private void isPutAside(String why) {
        SqliteJournal journal = disk.journal();
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
        disk.close(disk.opened());
        try (var later = DriverManager.getConnection("jdbc:sqlite:" + disk.file);
                var statement = later.createStatement()) {
            statement.execute("PRAGMA user_version = 2");
        }

        isPutAside("version 2");
    }

    @Test
    void putsAsideATornFile() throws IOException {
        SqliteJournal first = disk.opened();
        append(first, 1000);
        disk.close(first);
        try (var channel = FileChannel.open(disk.file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
        }

        isPutAside("malformed");
    }

    @Test
    void putsAsideWhatAReaderFindsDamagedOnceItIsGivenUp() throws IOException {
        SqliteJournal first = disk.opened();
        append(first, 4000);
        disk.close(first);
        try (var channel = FileChannel.open(disk.file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(64 << 10), channel.size() / 2);
        }
        SqliteJournal second = disk.opened();

        assertThatExceptionOfType(JournalException.class).isThrownBy(() -> all(second))
                .withMessageContaining("damaged");
        run(second.abandon());
        EventJournal.Opened again = open(second);

        assertThat(again.bounds().epoch()).isNotEqualTo(first.bounds().epoch());
        assertThat(Path.of(disk.file + ".damaged-1")).isNotEmptyFile();
    }

    @Test
    void checksAFileThatWasNotClosed() throws IOException {
        SqliteJournal killed = disk.opened();
        append(killed, 4000);
        disk.close(killed);
        append(disk.opened(), 1);
        disk.copyAsAfterAKill();
        try (var channel = FileChannel.open(disk.file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(64 << 10), channel.size() / 2);
        }

        isPutAside("");
    }

    @Test
    void whatWasAbandonedIsNotTakenUpByTheNextProcessButKept() throws IOException {
        SqliteJournal first = disk.opened();
        append(first, 5);
        run(first.abandon());
        disk.close(first);

        assertThat(disk.opened().bounds().epoch()).isNotEqualTo(first.bounds().epoch());
        assertThat(disk.eventsIn(disk.file.resolveSibling("events.db.left-1"))).hasSize(5);
    }

    @Test
    void whatCouldNotBeOpenedIsKept() throws IOException {
        SqliteJournal first = disk.opened();
        append(first, 5);
        disk.close(first);
        Path obstacle = Files.createDirectory(Path.of(disk.file + "-shm"));

        SqliteJournal second = disk.journal();
        assertThatExceptionOfType(JournalException.class).isThrownBy(() -> open(second));
        run(second.abandon());
        disk.close(second);

        assertThat(obstacle).doesNotExist();
        assertThat(disk.eventsIn(disk.file.resolveSibling("events.db.left-1"))).hasSize(5);
    }

    @Test
    void leavesALinkAloneThatItDoesNotFollow() throws IOException {
        Path target = Files.writeString(folder.resolve("target"), "precious");
        Files.createSymbolicLink(disk.file, target);

        SqliteJournal journal = disk.journal();
        assertThatExceptionOfType(JournalException.class).isThrownBy(() -> open(journal));
        run(journal.abandon());
        disk.close(journal);

        assertThat(disk.file).isSymbolicLink().hasContent("precious");
    }

    @Test
    void keepsTheLargestOfThoseThatWerePutAside() throws IOException {
        SqliteJournal journal = disk.opened();
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
        assertThat(disk.eventsIn(disk.file.resolveSibling("events.db.left-1"))).hasSize(1000);
    }
}
