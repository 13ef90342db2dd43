package dev.patchbay.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LayerIndexTest {
    @TempDir
    Path folder;

    private final LayerIndex index = new LayerIndex(ArchiveLimits.DEFAULT);

    @Test
    void knowsAFolderThatWasMadeFromTheLayers() throws IOException {
        add(new Layer().file("bin/p", "one").file("./etc/conf", "lower").link("l", "/etc"));
        add(new Layer().file("etc/conf", "upper"));
        write("bin/p", "one");
        write("etc/conf", "upper");
        Files.createSymbolicLink(folder.resolve("l"), Path.of("/etc"));
        write("var/log", "added by the plugin");

        assertThat(index.size()).isEqualTo(3);
        assertThat(index.isUnpackedIn(folder)).isTrue();
    }

    @Test
    void tellsContentOfTheSameLengthApart() throws IOException {
        add(new Layer().file("bin/p", "one"));
        write("bin/p", "two");

        assertThat(index.isUnpackedIn(folder)).isFalse();
    }

    @Test
    void missesWhatIsNotThereOrSomethingElse() throws IOException {
        add(new Layer().file("a/b", "x"));
        assertThat(index.isUnpackedIn(folder)).isFalse();
        Files.createDirectories(folder.resolve("a/b"));
        assertThat(index.isUnpackedIn(folder)).isFalse();
    }

    @Test
    void tellsLinksWithDifferentTargetsApart() throws IOException {
        add(new Layer().link("l", "new"));
        Files.createSymbolicLink(folder.resolve("l"), Path.of("old"));

        assertThat(index.isUnpackedIn(folder)).isFalse();
    }

    @Test
    void forgetsWhatAHigherLayerDeletes() throws IOException {
        add(new Layer().file("a/gone", "x").file("b/gone/deep", "x").file("c/gone", "x").file("kept", "x"));
        add(new Layer().file("a/.wh.gone", "")
                .file("b/.wh.gone", "")
                .file("c/.wh..wh..opq", "")
                .file("c/new", "y"));
        write("kept", "x");
        write("c/new", "y");

        assertThat(index.size()).isEqualTo(2);
        assertThat(index.isUnpackedIn(folder)).isTrue();
    }

    @Test
    void forgetsAFolderThatAHigherLayerReplaces() throws IOException {
        add(new Layer().file("a/deep", "x"));
        add(new Layer().file("a", "now a file"));

        assertThat(index.size()).isEqualTo(1);
    }

    @Test
    void comparesNothingOutsideTheFolder() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Path inside = Files.createDirectory(folder.resolve("inside"));
        Files.createSymbolicLink(inside.resolve("a"), outside);
        add(new Layer().file("a/b", "x"));

        assertThat(index.isUnpackedIn(inside)).isTrue();
    }

    @Test
    void refusesNamesThatLeadOutAndBytesThatAreNoArchive() {
        assertThatThrownBy(() -> add(new Layer().file("../x", "x"))).isInstanceOf(ArchiveException.class);
        assertThatThrownBy(() -> index.add(new ByteArrayInputStream("no tar".repeat(200).getBytes(UTF_8))))
                .isInstanceOf(ArchiveException.class);
    }

    private void add(Layer layer) throws IOException {
        index.add(new ByteArrayInputStream(layer.packed()));
    }

    private void write(String name, String content) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name), content);
    }

    private static final class Layer {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes);

        Layer file(String name, String content) throws IOException {
            var entry = new TarArchiveEntry(name);
            entry.setSize(content.length());
            tar.putArchiveEntry(entry);
            tar.write(content.getBytes(UTF_8));
            tar.closeArchiveEntry();
            return this;
        }

        Layer link(String name, String target) throws IOException {
            var entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
            entry.setLinkName(target);
            tar.putArchiveEntry(entry);
            tar.closeArchiveEntry();
            return this;
        }

        byte[] packed() throws IOException {
            tar.close();
            var packed = new ByteArrayOutputStream();
            try (var gzip = new GZIPOutputStream(packed)) {
                bytes.writeTo(gzip);
            }
            return packed.toByteArray();
        }
    }
}
