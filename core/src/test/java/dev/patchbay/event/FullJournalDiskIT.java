package dev.patchbay.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patchbay.syscall.Mounts;
import dev.patchbay.syscall.RequiresRoot;
import dev.patchbay.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal on a file system of 4 MiB that fills up, and lets no code be loaded from it. */
@RequiresRoot
final class FullJournalDiskIT {
    private static final int DISK_BYTES = 4 << 20;
    private static final long MS_NOEXEC = 8;

    @TempDir
    Path folder;

    private Path disk;
    private SqliteJournal journal;

    @BeforeEach
    void mount() throws IOException {
        disk = Files.createDirectory(folder.resolve("disk"));
        Syscalls.mount("tmpfs", disk, "tmpfs", MS_NOEXEC, "size=" + DISK_BYTES);
        journal = new JournalsOnDisk(disk).journal();
        JournalsOnDisk.open(journal);
    }

    @AfterEach
    void unmount() throws IOException {
        JournalsOnDisk.run(journal.close());
        Mounts.detach(disk);
    }

    @Test
    void saysThatTheDiskIsFullKeepsWhatItHasAndBeginsAnewOnceThereIsRoom() throws IOException {
        String epoch = journal.bounds().epoch();
        assertThatExceptionOfType(JournalException.class).isThrownBy(() -> {
            for (int i = 0; i < 1000; i++) {
                JournalsOnDisk.append(journal, 1000);
            }
        }).withMessageContaining("free space");
        long head = journal.bounds().head();
        assertThat(head).isPositive();
        assertThat(JournalsOnDisk.get(journal.read(head - 1, 10, EventFilter.ALL)).events())
                .extracting(LoggedEvent::seq)
                .containsExactly(head);

        JournalsOnDisk.run(journal.abandon());
        assertThatExceptionOfType(JournalException.class).isThrownBy(() -> JournalsOnDisk.open(journal))
                .withMessageContaining("free space");
        Path kept = disk.resolve("events.db.left-1");
        Path end = disk.resolve("events.db.left-1-wal"); // there is no room to put it into the file
        assertThat(Files.size(kept) + Files.size(end)).isGreaterThan(1 << 20);
        Files.delete(kept);
        Files.delete(end);
        JournalsOnDisk.open(journal);
        JournalsOnDisk.append(journal, 10);

        assertThat(journal.bounds().epoch()).isNotEqualTo(epoch);
        assertThat(JournalsOnDisk.all(journal)).hasSize(10);
    }

    @Test
    void putsAsideWhenItIsClosedWhatItCouldNotPutAsideBefore() throws IOException {
        String epoch = journal.bounds().epoch();
        JournalsOnDisk.append(journal, 10);
        Path file = disk.resolve("events.db");
        Mounts.bind(file, file); // a mount point cannot be renamed
        JournalsOnDisk.run(journal.abandon());
        assertThatExceptionOfType(JournalException.class).isThrownBy(() -> JournalsOnDisk.open(journal))
                .withMessageContaining("put aside");
        Mounts.detach(file);
        JournalsOnDisk.run(journal.close());

        journal = new JournalsOnDisk(disk).journal();
        JournalsOnDisk.open(journal);
        assertThat(journal.bounds().epoch()).isNotEqualTo(epoch);
        assertThat(disk.resolve("events.db.left-1")).isRegularFile();
    }

    @Test
    void loadsItsLibraryFromElsewhere() throws IOException {
        JournalsOnDisk.append(journal, 1);

        try (var files = Files.list(disk)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("events.db", "events.db-wal", "events.db-shm");
        }
    }
}
