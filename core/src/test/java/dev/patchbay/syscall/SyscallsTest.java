package dev.patchbay.syscall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyscallsTest {
    @TempDir
    Path temp;

    @Test
    void packsDeviceNumbersAsTheCLibraryDoes() {
        assertThat(Syscalls.device(1, 3)).isEqualTo(0x103);
        assertThat(Syscalls.device(259, 70_000)).isEqualTo(0x1111_0370L);
        assertThat(Syscalls.device(0xfff, 0xfffff)).isEqualTo(0xffff_ffffL);
        assertThat(Syscalls.device(0x1000, 0)).isEqualTo(0x1000_0000_0000L);
    }

    @Test
    void namesTheErrorOfACall() {
        Path missing = temp.resolve("missing");
        assertThatThrownBy(() -> Syscalls.setExtendedAttribute(missing, "user.a", new byte[0]))
                .isInstanceOfSatisfying(ErrnoException.class,
                        e -> assertThat(e.errno()).hasValue(Errno.ENOENT))
                .hasMessage("lsetxattr " + missing + ": no such file or directory (ENOENT)");
    }

    @Test
    void makesOnlyTheCallingThreadGiveWay() throws Exception {
        int before = niceness();
        int during = CompletableFuture.supplyAsync(() -> {
            try {
                Syscalls.giveWay(before + 3);
                return niceness();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }, task -> Thread.ofPlatform().start(task)).get();
        assertThat(during).isEqualTo(before + 3);
        assertThat(niceness()).isEqualTo(before);
    }

    /** Of this thread: the nineteenth field, proc_pid_stat(5). */
    private static int niceness() throws IOException {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16]);
    }

    @Test
    void setsTimesOfALinkItself() throws IOException {
        Path link = Files.createSymbolicLink(temp.resolve("link"), Path.of("nowhere"));
        FileTime time = FileTime.from(Instant.parse("1999-12-31T23:59:59.123456789Z"));
        Syscalls.setTimes(link, time);

        assertThat(Files.getLastModifiedTime(link, LinkOption.NOFOLLOW_LINKS)).isEqualTo(time);
    }

    @Test
    void makesAFifo() throws IOException {
        Path fifo = temp.resolve("fifo");
        Syscalls.makeNode(fifo, 0010600, 0, 0);

        assertThat(Files.getAttribute(fifo, "unix:mode")).isEqualTo(0010600);
        assertThatThrownBy(() -> Syscalls.makeNode(fifo, 0010600, 0, 0)).hasMessageContaining("EEXIST");
    }

    @Test
    void refusesTextThatWouldBeCut() {
        assertThatThrownBy(() -> Syscalls.setExtendedAttribute(temp, "user.a\0b", new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
