package dev.patchbay.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is placed where, for archives that mean well. Hostile ones: {@link HostileLayerTest}. */
class LayerExtractorTest {
    @TempDir
    Path temp;
    Path target;

    @BeforeEach
    void makeTarget() throws IOException {
        target = Files.createDirectory(temp.resolve("target"));
    }

    @AfterEach
    void removeTarget() throws IOException {
        TreeDeletion.delete(target);
    }

    private void extract(TarBuilder tar) throws IOException {
        new LayerExtractor(ArchiveLimits.DEFAULT, Ownership.CURRENT_USER).extract(tar.stream(), target);
    }

    private String text(String name) throws IOException {
        return Files.readString(target.resolve(name));
    }

    @Test
    void placesFilesWithContentModeAndTime() throws IOException {
        extract(new TarBuilder().folder("bin/").file("bin/tool", "#!", entry -> entry.setMode(04755)));

        assertThat(text("bin/tool")).isEqualTo("#!");
        assertThat(TreeSnapshot.mode(target.resolve("bin/tool"))).isEqualTo(04755);
        assertThat(Files.getLastModifiedTime(target.resolve("bin/tool"))).isEqualTo(TarBuilder.TIME);
    }

    @Test
    void givesDirectoriesTheirTimeAfterTheirContent() throws IOException {
        extract(new TarBuilder().folder("d/", entry -> entry.setMode(01777))
                .file("d/a", "a")
                .file("d/b", "b"));

        assertThat(Files.getLastModifiedTime(target.resolve("d"))).isEqualTo(TarBuilder.TIME);
        assertThat(TreeSnapshot.mode(target.resolve("d"))).isEqualTo(01777);
    }

    @Test
    void appliesTheRootEntryToTheTarget() throws IOException {
        extract(new TarBuilder().folder("./", entry -> entry.setMode(0711)).file("./a", "a"));

        assertThat(TreeSnapshot.mode(target)).isEqualTo(0711);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "/a/b", "./a/b", "//a/./b", "a//b"})
    void takesLeadingSlashesAndDotsForTheRoot(String name) throws IOException {
        extract(new TarBuilder().file(name, "x"));

        assertThat(text("a/b")).isEqualTo("x");
    }

    @Test
    void makesMissingParentsWhateverTheUmask() throws IOException {
        extract(new TarBuilder().file("a/b/c", "x"));

        assertThat(TreeSnapshot.mode(target.resolve("a/b"))).isEqualTo(0755);
    }

    @ParameterizedTest
    @ValueSource(strings = {"usr/lib", "/usr/lib", "../../usr/lib", "./usr/../usr/lib", "/../usr/lib/"})
    void followsASymlinkedParentWithinTheRoot(String link) throws IOException {
        extract(new TarBuilder().folder("usr/lib/").symlink("lib", link).file("lib/x", "in usr"));

        assertThat(text("usr/lib/x")).isEqualTo("in usr");
        assertThat(Files.readSymbolicLink(target.resolve("lib"))).isEqualTo(Path.of(link));
    }

    @Test
    void makesTheTargetOfADanglingParentLinkWithinTheRoot() throws IOException {
        extract(new TarBuilder().symlink("lib", "/usr/lib").file("lib/x", "x"));

        assertThat(text("usr/lib/x")).isEqualTo("x");
    }

    @Test
    void storesSymlinksAsTheyAre() throws IOException {
        extract(new TarBuilder().symlink("a", "/etc/passwd").symlink("b", "../../.."));

        assertThat(Files.readSymbolicLink(target.resolve("a"))).isEqualTo(Path.of("/etc/passwd"));
        assertThat(Files.readSymbolicLink(target.resolve("b"))).isEqualTo(Path.of("../../.."));
        assertThat(Files.getLastModifiedTime(target.resolve("a"), LinkOption.NOFOLLOW_LINKS))
                .isEqualTo(TarBuilder.TIME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/file", "/a/file", "./a/file", "link/file"})
    void linksHardWithinTheRoot(String to) throws IOException {
        extract(new TarBuilder().file("a/file", "x").symlink("link", "a").hardLink("b", to));

        assertThat(Files.isSameFile(target.resolve("a/file"), target.resolve("b"))).isTrue();
    }

    @Test
    void keepsAFileThatLinksToItself() throws IOException {
        extract(new TarBuilder().file("a", "x").hardLink("a", "a"));

        assertThat(text("a")).isEqualTo("x");
    }

    @Test
    void readsPaxAndGnuLongNames() throws IOException {
        String name = "d".repeat(120) + "/" + "é".repeat(100);
        extract(new TarBuilder().file(name, "pax").symlink("l", "t".repeat(200)));
        assertThat(text(name)).isEqualTo("pax");
        assertThat(Files.readSymbolicLink(target.resolve("l")).toString()).hasSize(200);

        extract(new TarBuilder().gnuLongNames().file("g".repeat(200), "gnu").symlink("l", "u".repeat(200)));
        assertThat(text("g".repeat(200))).isEqualTo("gnu");
        assertThat(Files.readSymbolicLink(target.resolve("l")).toString()).startsWith("u").hasSize(200);
    }

    @Test
    void letsTheLastOfTwoEntriesWin() throws IOException {
        extract(new TarBuilder().file("a", "1").file("a", "2"));

        assertThat(text("a")).isEqualTo("2");
    }

    @Test
    void changesTheKindOfAnEntry() throws IOException {
        extract(new TarBuilder().file("a/b/c", "x")
                .file("a", "file")
                .symlink("a", "/etc")
                .folder("a/")
                .file("a/new", "y")
                .symlink("s", "a")
                .file("s", "no link now"));

        try (Stream<Path> files = Files.list(target.resolve("a"))) {
            assertThat(files).containsExactly(target.resolve("a/new"));
        }
        assertThat(text("s")).isEqualTo("no link now");
    }

    @Test
    void keepsADirectoryThatComesTwice() throws IOException {
        extract(new TarBuilder().file("a/b", "x").folder("a/", entry -> entry.setMode(0700)));

        assertThat(text("a/b")).isEqualTo("x");
        assertThat(TreeSnapshot.mode(target.resolve("a"))).isEqualTo(0700);
    }

    @Test
    void whitesOutWhatLowerLayersPlaced() throws IOException {
        extract(new TarBuilder().file("d/gone", "1").file("d/tree/x", "1").file("d/kept", "1"));
        extract(new TarBuilder().file("d/.wh.gone", "").file("d/.wh.tree", "").file("d/.wh.never-was", ""));

        try (Stream<Path> files = Files.list(target.resolve("d"))) {
            assertThat(files).containsExactly(target.resolve("d/kept"));
        }
    }

    @Test
    void whitesOutLowerLayersOnly() throws IOException {
        extract(new TarBuilder().file("d/old", "1").file("e/old", "1"));
        extract(new TarBuilder().file("d/new", "2")
                .file("d/.wh..wh..opq", "")
                .file("e/sub/new", "2")
                .file(".wh.e", "")
                .file("f", "2")
                .file(".wh.f", ""));

        assertThat(target.resolve("d/old")).doesNotExist();
        assertThat(text("d/new")).isEqualTo("2");
        assertThat(target.resolve("e/old")).doesNotExist();
        assertThat(text("e/sub/new")).isEqualTo("2");
        assertThat(text("f")).isEqualTo("2");
    }

    @Test
    void replacesAWhitedOutDirectoryByANewOne() throws IOException {
        extract(new TarBuilder().file("d/old", "1"));
        extract(new TarBuilder().file(".wh.d", "").folder("d/").file("d/new", "2"));

        assertThat(target.resolve("d/old")).doesNotExist();
        assertThat(text("d/new")).isEqualTo("2");
    }

    @Test
    void placesNoMarkers() throws IOException {
        extract(new TarBuilder().file("a", "x")
                .file(".wh.a", "")
                .file(".wh..wh..opq", "")
                .folder(".wh..wh.plnk/")
                .file(".wh..wh.plnk/12.34", ""));

        try (Stream<Path> files = Files.list(target)) {
            assertThat(files).containsExactly(target.resolve("a"));
        }
    }

    @Test
    void placesFilesOfABlockAndMore() throws IOException {
        byte[] content = "0123456789abcdef".repeat(60_000).getBytes(StandardCharsets.UTF_8);
        extract(new TarBuilder().file("a", content, _ -> {}).file("empty", "").file("b", "after"));

        assertThat(Files.readAllBytes(target.resolve("a"))).isEqualTo(content);
        assertThat(text("empty")).isEmpty();
        assertThat(text("b")).isEqualTo("after");
    }

    @Test
    void takesTheOldFormOfADirectory() throws IOException {
        extract(new TarBuilder().entry("old/", TarConstants.LF_OLDNORM, new byte[0], _ -> {})
                .file("old/a", "x"));

        assertThat(text("old/a")).isEqualTo("x");
    }

    @Test
    void readsTheStreamToItsEnd() throws IOException {
        byte[] tar = new TarBuilder().file("a", "x").bytes();
        byte[] longer = Arrays.copyOf(tar, tar.length + 100_000);
        var stream = new ByteArrayInputStream(longer);
        new LayerExtractor(ArchiveLimits.DEFAULT, Ownership.CURRENT_USER).extract(stream, target);

        assertThat(stream.available()).isZero();
    }

    @Test
    void takesALayerWithoutEndMark() throws IOException {
        byte[] tar = new TarBuilder().file("a", "x").bytes();
        var stream = new ByteArrayInputStream(tar, 0, 1024);
        new LayerExtractor(ArchiveLimits.DEFAULT, Ownership.CURRENT_USER).extract(stream, target);

        assertThat(text("a")).isEqualTo("x");
    }

    @Test
    @DisplayName("an interrupt ends the work and stays set")
    void stopsWhenInterrupted() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> extract(new TarBuilder().file("a", "x")))
                    .isInstanceOf(ArchiveCancelledException.class);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
    }
}
