package dev.patchbay.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.patchbay.syscall.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreeIT {
    @TempDir
    Path work;

    private Path elsewhere;
    private Path mounted;

    @BeforeEach
    void mount() throws IOException {
        elsewhere = Files.createDirectory(work.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("kept"), "x");
        mounted = Files.createDirectories(work.resolve("tree/below"));
        Mounts.bind(elsewhere, mounted);
    }

    @AfterEach
    void unmount() throws IOException {
        Mounts.unmountBelow(work);
    }

    @Test
    void removesNothingOfAMount() {
        assertThatIOException().isThrownBy(() -> FileTree.remove(work.resolve("tree")))
                .withMessage(mounted + " is still mounted");
        assertThat(elsewhere.resolve("kept")).exists();
    }

    @Test
    void unmountsBeforeItRemoves() throws IOException {
        Path file = Files.createFile(work.resolve("tree/file"));
        Mounts.bind(elsewhere.resolve("kept"), file);
        FileTree.unmountAndRemove(work.resolve("tree"));
        assertThat(work.resolve("tree")).doesNotExist();
        assertThat(elsewhere.resolve("kept")).exists();
        FileTree.unmountAndRemove(work.resolve("tree"));
    }
}
