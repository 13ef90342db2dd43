package dev.patchbay.event;

import static dev.patchbay.event.JournalsOnDisk.all;
import static dev.patchbay.event.JournalsOnDisk.append;
import static dev.patchbay.event.JournalsOnDisk.open;
import static dev.patchbay.event.JournalsOnDisk.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In which epoch a journal on disk goes on, whatever ended the process before. */
final class JournalEpochTest {
    @AutoClose
    private final JournalsOnDisk disk;

    JournalEpochTest(@TempDir Path folder) {
        this.disk = new JournalsOnDisk(folder);
    }

    @Test
    void keepsTheEpochOfAKilledProcessInTheSameRunOfTheMachine() throws IOException {
        SqliteJournal killed = disk.opened();
        append(killed, 5);
        disk.copyAsAfterAKill();

        SqliteJournal next = disk.opened();

        assertThat(next.bounds()).isEqualTo(killed.bounds());
        assertThat(all(next)).hasSize(5);
    }

    @Test
    void beginsANewEpochWhenTheMachineWentDownBeforeItWasClosed() throws IOException {
        SqliteJournal killed = disk.opened();
        append(killed, 5);
        disk.copyAsAfterAKill();

        EventJournal.Opened next = open(disk.journal("the next run"));

        assertThat(next.notices()).singleElement().asString().contains("may be lost", "events.db.cut-1");
        assertThat(disk.eventsIn(disk.file.resolveSibling("events.db.cut-1"))).hasSize(5);
        assertThat(next.bounds().epoch()).isNotEqualTo(killed.bounds().epoch());
        assertThat(next.bounds().head()).isZero();
    }

    @Test
    void takesNoFileForOneOfThisRunWhereRunsHaveNoName() throws IOException {
        SqliteJournal killed = disk.journal("");
        open(killed);
        append(killed, 5);
        disk.copyAsAfterAKill();

        assertThat(open(disk.journal("")).bounds().epoch()).isNotEqualTo(killed.bounds().epoch());
    }

    @Test
    void keepsTheEpochWhenTheMachineWentDownAfterItWasClosed() {
        SqliteJournal first = disk.opened();
        append(first, 5);
        disk.close(first);

        SqliteJournal next = disk.journal("the next run");

        assertThat(open(next).bounds()).isEqualTo(first.bounds());
    }

    @Test
    void keepsTheEpochWhenEveryEventWasOnTheDisk() throws IOException {
        disk.durability = Durability.SYNC;
        SqliteJournal killed = disk.opened();
        append(killed, 5);
        disk.copyAsAfterAKill();
        disk.durability = Durability.BATCH;

        EventJournal.Opened next = open(disk.journal("the next run"));

        assertThat(next.notices()).isEmpty();
        assertThat(next.bounds()).isEqualTo(killed.bounds());
    }

    @Test
    void beginsANewEpochAfterItWasAbandoned() {
        SqliteJournal journal = disk.opened();
        append(journal, 5);
        String epoch = journal.bounds().epoch();
        run(journal.abandon());

        EventJournal.Opened again = open(journal);
        append(journal, 1);

        assertThat(again.bounds().epoch()).isNotEqualTo(epoch);
        assertThat(again.bounds().head()).isZero();
        assertThat(all(journal)).hasSize(1);
    }
}
