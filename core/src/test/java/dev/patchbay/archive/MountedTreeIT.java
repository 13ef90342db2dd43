package dev.patchbay.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.syscall.Mounts;
import dev.patchbay.syscall.RequiresRoot;
import dev.patchbay.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresRoot
class MountedTreeIT {
    @TempDir
    Path temp;
    Path tree;
    Path precious;

    @BeforeEach
    void makeTree() throws IOException {
        tree = Files.createDirectories(temp.resolve("tree"));
        precious = Files.createDirectories(temp.resolve("precious"));
        Files.writeString(precious.resolve("file"), "x");
        Files.createDirectories(tree.resolve("a/with space"));
        Files.writeString(tree.resolve("a/file"), "y");
    }

    @AfterEach
    void unmount() throws IOException {
        Mounts.unmountBelow(temp);
    }

    @Test
    void deletesNothingBelowAMountAndNamesIt() throws IOException {
        Mounts.bind(precious, tree.resolve("a/with space"));

        assertThatThrownBy(() -> TreeDeletion.delete(tree)).isInstanceOf(FileSystemException.class)
                .hasMessageContaining("a/with space is a mount point");
        assertThat(precious.resolve("file")).hasContent("x");
        assertThat(tree.resolve("a/file")).hasContent("y");

        Mounts.unmountBelow(tree);
        TreeDeletion.delete(tree);
        assertThat(tree).doesNotExist();
        assertThat(precious.resolve("file")).hasContent("x");
    }

    @Test
    void deletesNoMountPointItself() throws IOException {
        Syscalls.mount("none", tree, "tmpfs", 0, "size=64k");
        Files.writeString(tree.resolve("in-tmpfs"), "z");

        assertThatThrownBy(() -> TreeDeletion.delete(tree)).hasMessageContaining("tmpfs");
        assertThat(tree.resolve("in-tmpfs")).hasContent("z");
    }
}
