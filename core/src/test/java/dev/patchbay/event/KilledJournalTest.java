package dev.patchbay.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a journal whose process was killed. */
class KilledJournalTest {
    @TempDir
    Path folder;

    @Test
    void keepsAllThatWasAcknowledgedInItsEpoch() throws Exception {
        Cursor acknowledged = new Cursor("none", 0);
        for (int round = 1; round <= 2; round++) {
            JournalProcess process = JournalProcess.in(folder);
            acknowledged = process.kill(process.hear(50));
        }

        SqliteJournal journal = new JournalsOnDisk(folder).journal();
        EventJournal.Opened found = JournalsOnDisk.open(journal);
        try {
            assertThat(found.notices()).isEmpty();
            assertThat(found.bounds().epoch()).isEqualTo(acknowledged.epoch());
            assertThat(found.bounds().oldest()).isOne();
            assertThat(found.bounds().head()).isGreaterThanOrEqualTo(acknowledged.seq());
            assertThat(found.bounds().head() % 7).as("batches are whole").isZero();
            long seq = 0;
            while (seq < found.bounds().head()) {
                EventPage page = JournalsOnDisk.get(journal.read(seq, EventLog.MAX_PAGE, EventFilter.ALL));
                for (LoggedEvent logged : page.events()) {
                    seq++;
                    assertThat(logged.event())
                            .isEqualTo(JournalsOnDisk.happening((int) seq).at(acknowledged.at(seq)));
                }
            }
        } finally {
            JournalsOnDisk.run(journal.close());
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).as("no native library is left").containsExactly(folder.resolve("events.db"));
        }
    }
}
