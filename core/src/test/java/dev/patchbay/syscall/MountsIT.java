package dev.patchbay.syscall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresRoot
class MountsIT {
    @TempDir
    Path temp;

    @AfterEach
    void unmount() throws IOException {
        Mounts.unmountBelow(temp);
    }

    @Test
    void unmountsNestedAndStackedMountsDeepestFirst() throws IOException {
        Path top = Files.createDirectory(temp.resolve("top"));
        Mounts.bind(top, top);
        Mounts.makeRecursivelyShared(top);
        Syscalls.mount("none", top, "tmpfs", Mounts.NO_SUID | Mounts.NO_DEV, "size=64k");
        Path inner = Files.createDirectory(top.resolve("in ner"));
        Syscalls.mount("none", inner, "tmpfs", 0, "size=64k");
        Syscalls.mount("none", inner, "tmpfs", 0, "size=32k");

        assertThat(MountTable.read().atOrBelow(top)).extracting(MountEntry::mountPoint)
                .containsExactly(inner, inner, top, top);
        assertThat(MountTable.read().atOrBelow(top).getLast().shared()).isTrue();

        Mounts.unmountBelow(top);
        assertThat(MountTable.read().atOrBelow(top)).hasSize(2);
        Mounts.detachAll(top);
        assertThat(MountTable.read().atOrBelow(top)).isEmpty();
    }

    @Test
    void detachesAllThatIsMountedAtAPlaceAndBelow() throws IOException {
        Path top = Files.createDirectory(temp.resolve("top"));
        Mounts.bind(top, top);
        Syscalls.mount("none", top, "tmpfs", 0, "size=64k");
        Path inner = Files.createDirectory(top.resolve("inner"));
        Syscalls.mount("none", inner, "tmpfs", 0, "size=64k");

        Mounts.detachAll(top);
        assertThat(MountTable.read().atOrBelow(top)).isEmpty();
        Mounts.detachAll(top);
        Mounts.detachAll(temp.resolve("nothing"));
    }

    @Test
    void tellsABindMountFromTheFolderAroundIt() throws IOException {
        Path top = Files.createDirectory(temp.resolve("top"));
        assertThat(Mounts.isMounted(top)).isFalse();
        Mounts.bind(top, top);
        assertThat(Mounts.isMounted(top)).isTrue();
        Path inner = Files.createDirectory(top.resolve("inner"));
        assertThat(Mounts.isMounted(inner)).isFalse();
    }

    @Test
    void saysWhichCallFailedWhereAndWhy() {
        assertThatThrownBy(() -> Syscalls.mount("none", temp, "nosuchfs", 0, ""))
                .isInstanceOfSatisfying(ErrnoException.class, e -> {
                    assertThat(e.call()).isEqualTo("mount");
                    assertThat(e.path()).isEqualTo(temp.toString());
                    assertThat(e.is(Errno.ENODEV)).isTrue();
                })
                .hasMessageContaining("ENODEV");
        assertThatThrownBy(() -> Mounts.detach(temp)).hasMessageContaining("EINVAL");
    }

    @Test
    void followsNoLinkWhenItUnmounts() throws IOException {
        Path mounted = Files.createDirectory(temp.resolve("mounted"));
        Syscalls.mount("none", mounted, "tmpfs", 0, "size=64k");
        Path link = Files.createSymbolicLink(temp.resolve("link"), mounted);

        assertThatThrownBy(() -> Mounts.detach(link)).isInstanceOf(ErrnoException.class);
        assertThat(MountTable.read().atOrBelow(mounted)).hasSize(1);
    }
}
