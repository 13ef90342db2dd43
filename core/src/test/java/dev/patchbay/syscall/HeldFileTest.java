package dev.patchbay.syscall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HeldFileTest {
    @TempDir
    private Path folder;

    @Test
    void staysWhatItWasWhateverIsPutAtItsPlace() throws IOException {
        Path place = Files.writeString(folder.resolve("a"), "first");
        try (HeldFile held = HeldFile.at(place)) {
            Files.move(Files.writeString(folder.resolve("b"), "second"), place,
                    StandardCopyOption.REPLACE_EXISTING);

            assertThat(place).hasContent("second");
            assertThat(held.path()).hasContent("first");
        }
    }

    @Test
    void isALinkItselfNotWhatItLeadsTo() throws IOException {
        Path place = Files.createSymbolicLink(folder.resolve("a"), Files.createFile(folder.resolve("b")));
        try (HeldFile held = HeldFile.at(place)) {
            assertThat(Files.readAttributes(held.path(), BasicFileAttributes.class).isSymbolicLink())
                    .isTrue();
        }
    }

    @Test
    void isClosedOnceHoweverOften() throws IOException {
        HeldFile held = HeldFile.at(Files.createFile(folder.resolve("a")));
        held.close();
        Path other = Files.createFile(folder.resolve("b"));
        try (HeldFile next = HeldFile.at(other)) { // has the same descriptor
            held.close();

            assertThat(next.path()).isRegularFile();
        }
    }

    @Test
    void goesOnNameByNameAndFollowsNoLink() throws IOException {
        Path inside = Files.createDirectories(folder.resolve("a/b"));
        Files.createSymbolicLink(folder.resolve("a/link"), inside);
        Files.createFile(inside.resolve("file"));
        try (HeldFile top = HeldFile.at(folder);
                HeldFile a = top.below("a");
                HeldFile b = a.below("b");
                HeldFile file = b.below("file");
                HeldFile link = a.below("link")) {
            assertThat(b.isFolder()).isTrue();
            assertThat(file.isFolder()).isFalse();
            assertThat(link.isFolder()).as("a link to a folder is none").isFalse();
            assertThatThrownBy(() -> link.below("file")).isInstanceOf(ErrnoException.class);
            assertThatThrownBy(() -> file.below("x")).isInstanceOf(ErrnoException.class);
            for (String bad : List.of("", ".", "..", "b/file", "/etc")) {
                assertThatThrownBy(() -> a.below(bad)).isInstanceOf(IllegalArgumentException.class);
            }
        }
    }
}
