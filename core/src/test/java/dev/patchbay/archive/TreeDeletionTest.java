package dev.patchbay.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeDeletionTest {
    @TempDir
    Path temp;

    @Test
    void deletesATreeAndFollowsNoLink() throws IOException {
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Files.writeString(outside.resolve("file"), "x");
        Path tree = temp.resolve("tree");
        Files.createDirectories(tree.resolve("a/b"));
        Files.createSymbolicLink(tree.resolve("out"), outside);
        Files.createSymbolicLink(tree.resolve("a/up"), Path.of("../.."));
        Map<String, String> before = TreeSnapshot.of(outside);

        TreeDeletion.delete(tree);

        assertThat(tree).doesNotExist();
        assertThat(TreeSnapshot.of(outside)).isEqualTo(before);
    }

    @Test
    void deletesALinkAndNotItsTarget() throws IOException {
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Path link = Files.createSymbolicLink(temp.resolve("link"), outside);

        TreeDeletion.delete(link);

        assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isFalse();
        assertThat(outside).exists();
    }

    @Test
    void takesWhatDoesNotExistForDeleted() throws IOException {
        TreeDeletion.delete(temp.resolve("never/was"));
    }

    @Test
    void refusesTheRootDirectory() {
        assertThatThrownBy(() -> TreeDeletion.delete(Path.of("/"))).isInstanceOf(FileSystemException.class);
    }

    @Test
    void deletesTreesThatAreDeeperThanPathsMayBeLong() throws IOException {
        Path tree = Files.createDirectory(temp.resolve("tree"));
        nest(tree, 500, "a".repeat(20));

        TreeDeletion.delete(tree);

        assertThat(tree).doesNotExist();
    }

    /** Grows a chain from its bottom to its top, for a path of its full length cannot be named. */
    private static void nest(Path tree, int levels, String name) throws IOException {
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(tree)) {
            var top = (SecureDirectoryStream<Path>) stream;
            for (int i = 0; i < levels; i++) {
                Path parent = Files.createDirectory(tree.resolve("next"));
                Path grown = tree.resolve(name);
                if (Files.exists(grown)) {
                    moveInto(top, Path.of(name), parent.getFileName());
                }
                Files.move(parent, grown);
            }
        }
    }

    private static void moveInto(SecureDirectoryStream<Path> top, Path name, Path folder) throws IOException {
        try (SecureDirectoryStream<Path> into = top.newDirectoryStream(folder, LinkOption.NOFOLLOW_LINKS)) {
            top.move(name, into, name);
        }
    }

    @Test
    void deletesWideTrees() throws IOException {
        Path tree = Files.createDirectory(temp.resolve("tree"));
        for (int i = 0; i < 3000; i++) {
            Files.createDirectory(tree.resolve("d" + i));
        }

        TreeDeletion.delete(tree);

        assertThat(tree).doesNotExist();
    }

    @Test
    void goesOnWhenInterrupted() throws IOException {
        Path tree = Files.createDirectories(temp.resolve("tree/a/b/c"));
        Thread.currentThread().interrupt();
        try {
            TreeDeletion.delete(temp.resolve("tree"));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(tree).doesNotExist();
    }
}
