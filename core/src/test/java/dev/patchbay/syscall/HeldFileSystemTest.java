package dev.patchbay.syscall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HeldFileSystemTest {
    @TempDir
    private Path folder;

    @Test
    void syncsAsOftenAsItIsAsked() throws IOException {
        try (HeldFileSystem held = HeldFileSystem.of(folder)) {
            held.sync();
            Files.writeString(folder.resolve("file"), "content");
            held.sync();
        }
    }

    @Test
    void isNotHeldByALinkOrAFile() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
        for (Path wrong : new Path[]{file, link}) {
            assertThatThrownBy(() -> HeldFileSystem.of(wrong))
                    .isInstanceOfSatisfying(ErrnoException.class,
                            e -> assertThat(e.is(Errno.ENOTDIR)).isTrue());
        }
    }

    @Test
    void isClosedOnceHoweverOften() throws IOException {
        HeldFileSystem held = HeldFileSystem.of(folder);
        held.close();
        try (HeldFileSystem next = HeldFileSystem.of(folder)) { // has the same descriptor
            held.close();
            next.sync();
        }
        assertThatThrownBy(held::sync).isInstanceOf(ErrnoException.class);
    }
}
