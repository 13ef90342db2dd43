package dev.patchbay.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LockHolderTest {
    @TempDir
    Path folder;

    @Test
    void tellsWhichProcessHasALock() throws IOException {
        Path file = folder.resolve("lock");
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            assertThat(LockHolder.of(file, DockerdWatch.PROC)).contains(ProcessHandle.current().pid());
        }
        assertThat(LockHolder.of(file, DockerdWatch.PROC)).isEmpty();
    }

    @Test
    void knowsNothingWhereLocksAreNotShown() throws IOException {
        Path file = Files.writeString(folder.resolve("lock"), "");

        assertThat(LockHolder.of(file, folder)).isEmpty();
        Files.writeString(folder.resolve("locks"), "1: POSIX\n2: nonsense\n\n");
        assertThat(LockHolder.of(file, folder)).isEmpty();
    }
}
