package dev.patchbay.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.reference.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContextSplitterTest {
    private static final String CONFIG = "{\"description\":\"test\"}";

    @TempDir
    Path temp;
    Path rootfs;
    ByteArrayOutputStream layer = new ByteArrayOutputStream();

    @BeforeEach
    void makeRootfs() throws IOException {
        rootfs = Files.createDirectory(temp.resolve("rootfs"));
    }

    @AfterEach
    void remove() throws IOException {
        TreeDeletion.delete(rootfs);
    }

    private static TarBuilder context() {
        return new TarBuilder().file("config.json", CONFIG).folder("rootfs/");
    }

    private PluginContext split(InputStream in) throws IOException {
        return split(in, ArchiveLimits.DEFAULT, Runnable::run);
    }

    private PluginContext split(InputStream in, ArchiveLimits limits, Executor executor) throws IOException {
        return new ContextSplitter(limits, Ownership.CURRENT_USER, executor).split(in, rootfs, layer);
    }

    private byte[] tarOfLayer() throws IOException {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(layer.toByteArray()))) {
            return in.readAllBytes();
        }
    }

    private List<TarArchiveEntry> entriesOfLayer() throws IOException {
        List<TarArchiveEntry> entries = new ArrayList<>();
        try (var tar = new TarArchiveInputStream(new ByteArrayInputStream(tarOfLayer()), "UTF-8")) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                assertThat(entry.isCheckSumOK()).isTrue();
                entries.add(entry);
            }
        }
        return entries;
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    @Test
    void takesConfigAndRootfsInAnyOrderAndSkipsTheRest() throws IOException {
        PluginContext context = split(new TarBuilder().file("./README", "no")
                .file("/rootfs/bin/a", "tool")
                .file("rootfsX/b", "no")
                .file("rootfs/config.json", "inner")
                .file("./config.json", CONFIG)
                .stream());

        assertThat(context.config()).asString(StandardCharsets.UTF_8).isEqualTo(CONFIG);
        assertThat(rootfs.resolve("bin/a")).hasContent("tool");
        assertThat(rootfs.resolve("config.json")).hasContent("inner");
        try (Stream<Path> files = Files.list(rootfs)) {
            assertThat(files).hasSize(2);
        }
        assertThat(entriesOfLayer()).extracting(TarArchiveEntry::getName)
                .containsExactly("bin/a", "config.json");
    }

    @Test
    void keepsTheModeOfTheStagingDirectory() throws IOException {
        Files.setAttribute(rootfs, "unix:mode", 0700);
        split(new TarBuilder().file("config.json", CONFIG).folder("rootfs/", e -> e.setMode(0777)).stream());

        assertThat(TreeSnapshot.mode(rootfs)).isEqualTo(0700);
    }

    @Test
    @DisplayName("D10: docker plugin create --compress sends a gzip-compressed context")
    void takesACompressedContextD10() throws IOException {
        byte[] plain = context().file("rootfs/a", "x").bytes();
        PluginContext context = split(new ByteArrayInputStream(gzip(plain)));

        assertThat(context.config()).asString(StandardCharsets.UTF_8).isEqualTo(CONFIG);
        assertThat(rootfs.resolve("a")).hasContent("x");
    }

    @Test
    void takesAContextOfSeveralGzipMembers() throws IOException {
        byte[] plain = context().file("rootfs/a", "x").bytes();
        byte[] first = gzip(Arrays.copyOf(plain, 777));
        byte[] second = gzip(Arrays.copyOfRange(plain, 777, plain.length));
        split(new ByteArrayInputStream(HostileLayerTest.concat(first, second)));

        assertThat(rootfs.resolve("a")).hasContent("x");
    }

    @Test
    @DisplayName("D12: diff_ids needs the digest of the uncompressed layer")
    void digestsTheUncompressedLayerD12() throws IOException {
        PluginContext context = split(context().file("rootfs/a", "x".repeat(1_000_000)).stream());

        assertThat(context.diffId()).isEqualTo(Digest.sha256(tarOfLayer()))
                .isNotEqualTo(Digest.sha256(layer.toByteArray()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rootfs/dir/a", "./rootfs/dir/a", "/rootfs/dir/a", "dir/a"})
    @DisplayName("D77: hard link targets lose their prefix in every spelling")
    void rewritesHardLinkTargetsD77(String target) throws IOException {
        split(context().file("rootfs/dir/a", "x").hardLink("rootfs/b", target).stream());

        assertThat(Files.isSameFile(rootfs.resolve("dir/a"), rootfs.resolve("b"))).isTrue();
        assertThat(entriesOfLayer().getLast().getLinkName()).isEqualTo("dir/a");
        assertThat(entriesOfLayer().getLast().isLink()).isTrue();
    }

    @Test
    @DisplayName("D9: a create after a failed one starts from nothing")
    void leavesNothingOfAFailedContextBehindD9() throws IOException {
        byte[] whole = context().file("rootfs/a", "x".repeat(100_000)).bytes();
        assertThatThrownBy(() -> split(new ByteArrayInputStream(whole, 0, 50_000)))
                .isInstanceOf(MalformedArchiveException.class);
        assertThat(rootfs).doesNotExist();

        Files.createDirectory(rootfs);
        layer.reset();
        PluginContext context = split(new ByteArrayInputStream(whole));
        assertThat(context.diffId()).isEqualTo(Digest.sha256(tarOfLayer()));
    }

    @Test
    void packsWhatItPlaces() throws IOException {
        byte[] big = new byte[700_000];
        new Random(1).nextBytes(big);
        String longName = "n".repeat(90) + "/" + "é".repeat(80);
        FileTime precise = FileTime.from(Instant.parse("2020-01-02T03:04:05.1234567Z"));
        split(context().folder("rootfs/" + "n".repeat(90) + "/")
                .folder("rootfs/d/", e -> e.setMode(01777))
                .file("rootfs/big", big, e -> e.setMode(04755))
                .file("rootfs/" + longName, "long", e -> e.setModTime(precise))
                .symlink("rootfs/s", "/etc/" + "t".repeat(150))
                .fifo("rootfs/f")
                .file("rootfs/owned", "", e -> e.setUserId(3_000_000_000L))
                .stream());
        Path again = Files.createDirectory(temp.resolve("again"));
        new LayerExtractor(ArchiveLimits.DEFAULT, Ownership.CURRENT_USER)
                .extract(new ByteArrayInputStream(tarOfLayer()), again);

        assertThat(content(again)).isEqualTo(content(rootfs));
        assertThat(Files.readAllBytes(again.resolve("big"))).isEqualTo(big);
        assertThat(Files.getLastModifiedTime(again.resolve(longName))).isEqualTo(precise);
        assertThat(entriesOfLayer().getLast().getLongUserId()).isEqualTo(3_000_000_000L);
        TreeDeletion.delete(again);
    }

    private static List<String> content(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            List<String> seen = new ArrayList<>();
            for (Path path : (Iterable<Path>) paths.filter(p -> !p.equals(root)).sorted()::iterator) {
                seen.add(root.relativize(path) + " "
                        + TreeSnapshot.describe(path).replaceAll("ctime=[^,]*, ", ""));
            }
            return seen;
        }
    }

    @Test
    void makesTheSameBytesOnAnyNumberOfThreads() throws IOException {
        byte[] noise = new byte[3_000_000];
        new Random(2).nextBytes(noise);
        byte[] tar = context().file("rootfs/noise", noise, _ -> {})
                .file("rootfs/zeros", new byte[3_000_000], _ -> {})
                .bytes();
        split(new ByteArrayInputStream(tar));
        byte[] alone = layer.toByteArray();
        layer.reset();
        TreeDeletion.delete(rootfs);
        Files.createDirectory(rootfs);
        try (var executor = Executors.newFixedThreadPool(3)) {
            split(new ByteArrayInputStream(tar), ArchiveLimits.DEFAULT, executor);
        }

        assertThat(layer.toByteArray()).isEqualTo(alone);
        assertThat(Arrays.copyOf(alone, 10)).containsExactly(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 3);
    }

    @Test
    void dropsDeletionMarkers() throws IOException {
        split(context().file("rootfs/a", "x")
                .file("rootfs/.wh.a", "")
                .file("rootfs/.wh..wh..opq", "")
                .stream());

        assertThat(rootfs.resolve("a")).hasContent("x");
        assertThat(entriesOfLayer()).extracting(TarArchiveEntry::getName).containsExactly("a");
    }

    @Test
    void keepsBinaryAttributesInTheLayer() throws IOException {
        byte[] value = {1, 0, 0, 2, (byte) 0xc0, 0, (byte) 0xff, '\n', '=', 0};
        split(new ByteArrayInputStream(PaxRecords.before(new TarBuilder().file("rootfs/a", "x")
                .file("config.json", CONFIG)
                .bytes(), "SCHILY.xattr.security.capability", value)));

        assertThat(PaxRecords.indexOf(tarOfLayer(),
                PaxRecords.record("SCHILY.xattr.security.capability", value)))
                .isPositive();
    }

    @Test
    void reportsAMissingConfig() {
        assertThatThrownBy(() -> split(new TarBuilder().folder("rootfs/").stream()))
                .isInstanceOf(MissingConfigException.class)
                .hasMessageContaining("config not found");
        assertThat(rootfs).doesNotExist();
    }

    @Test
    void reportsAMissingRootfs() {
        assertThatThrownBy(() -> split(new TarBuilder().file("config.json", CONFIG).stream()))
                .isInstanceOf(MissingRootfsException.class)
                .hasMessageContaining("no rootfs found");
    }

    @Test
    void refusesAHugeConfigWithoutReadingIt() {
        long size = 100L << 20;
        byte[] header = new TarBuilder().file("config.json", "").bytes();
        System.arraycopy(String.format("%011o", size).getBytes(StandardCharsets.US_ASCII), 0, header, 124,
                11);
        HostileLayerTest.fixChecksum(header);
        var onlyTheHeader = new FailingStream(Arrays.copyOf(header, 512), new IOException("read too far"));
        assertThatThrownBy(() -> split(onlyTheHeader)).isInstanceOf(ArchiveLimitException.class)
                .hasMessageContaining("config.json with 104857600 bytes")
                .hasMessageContaining("maxConfigBytes = 1048576");
    }

    @Test
    void refusesAConfigOrRootfsOfTheWrongKind() throws IOException {
        assertThatThrownBy(() -> split(new TarBuilder().symlink("config.json", "/etc/shadow").stream()))
                .isInstanceOf(UnsafeEntryException.class);
        Files.createDirectory(rootfs);
        assertThatThrownBy(() -> split(new TarBuilder().symlink("rootfs", "/").file("rootfs/x", "").stream()))
                .isInstanceOf(UnsafeEntryException.class);
    }

    @Test
    void endsABomb() throws IOException {
        byte[] bomb = gzip(context().file("rootfs/zeros", new byte[20 << 20], _ -> {}).bytes());
        var limits = ArchiveLimits.DEFAULT.withMaxExpandedBytes(1 << 20);
        assertThatThrownBy(() -> split(new ByteArrayInputStream(bomb), limits, Runnable::run))
                .isInstanceOf(ArchiveLimitException.class);
        byte[] skipped = gzip(context().file("other", new byte[20 << 20], _ -> {}).bytes());
        Files.createDirectory(rootfs);
        assertThatThrownBy(() -> split(new ByteArrayInputStream(skipped), limits, Runnable::run))
                .isInstanceOf(ArchiveLimitException.class);
        byte[] after = gzip(HostileLayerTest.concat(context().bytes(), new byte[20 << 20]));
        Files.createDirectory(rootfs);
        assertThatThrownBy(() -> split(new ByteArrayInputStream(after), limits, Runnable::run))
                .isInstanceOf(ArchiveLimitException.class);
    }

    static Stream<Integer> cuts() {
        int length = cutContext().length;
        // The last 10240 bytes hold the end mark; everything before its first block is a cut.
        return Stream.of(0, 1, 511, 512, 600, 1024, 1536, 1600, 2048, 2560, length / 2)
                .filter(cut -> cut < length);
    }

    private static byte[] cutContext() {
        return context().file("rootfs/a", "x".repeat(700)).bytes();
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void noticesABodyThatIsCut(int cut) throws IOException {
        byte[] tar = cutContext();
        int end = 512 + 512 + 512 + 512 + 1024;
        if (cut < end) {
            assertThatThrownBy(() -> split(new ByteArrayInputStream(tar, 0, cut)))
                    .isInstanceOf(MalformedArchiveException.class);
            Files.createDirectories(rootfs);
        }
        byte[] compressed = gzip(tar);
        int part = (int) ((long) compressed.length * cut / tar.length);
        assertThatThrownBy(() -> split(new ByteArrayInputStream(compressed, 0, part)))
                .isInstanceOf(MalformedArchiveException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"BZh9", "\u00fd7zXZ", "(\u00b5/\u00fd", "hello, this is no tar", "\u001f\u008bxx",
            "{}"})
    void refusesWhatIsNoTar(String start) {
        byte[] body = Arrays.copyOf(start.getBytes(StandardCharsets.ISO_8859_1), 2000);
        assertThatThrownBy(() -> split(new ByteArrayInputStream(body)))
                .isInstanceOf(MalformedArchiveException.class);
    }

    @Test
    void passesErrorsOfBothStreamsOn() throws IOException {
        byte[] tar = context().file("rootfs/a", new byte[1 << 20], _ -> {}).bytes();
        IOException gone = new IOException("client went away");
        assertThatThrownBy(() -> split(new FailingStream(Arrays.copyOf(tar, 5000), gone))).isSameAs(gone);

        Files.createDirectory(rootfs);
        IOException full = new IOException("no space");
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw full;
            }
        };
        var splitter = new ContextSplitter(ArchiveLimits.DEFAULT, Ownership.CURRENT_USER, Runnable::run);
        assertThatThrownBy(() -> splitter.split(new ByteArrayInputStream(tar), rootfs, broken))
                .isSameAs(full);
        assertThat(rootfs).doesNotExist();
    }

    @Test
    void stopsAndCleansUpWhenInterrupted() throws IOException {
        byte[] tar = context().file("rootfs/a", new byte[1 << 20], _ -> {}).file("rootfs/b", "").bytes();
        Executor interrupting = task -> {
            Thread.currentThread().interrupt();
            task.run();
        };
        try {
            assertThatThrownBy(
                    () -> split(new ByteArrayInputStream(tar), ArchiveLimits.DEFAULT, interrupting))
                    .isInstanceOf(ArchiveCancelledException.class);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
        assertThat(rootfs).doesNotExist();
    }

    @Test
    void writesSparseFilesInFull() throws IOException {
        split(new ByteArrayInputStream(
                HostileLayerTest.concat(SparseTar.entry("rootfs/sparse", 65_536, 32_768, "data"),
                        new TarBuilder().file("config.json", CONFIG).bytes())));

        byte[] expected = new byte[65_536];
        System.arraycopy("data".getBytes(StandardCharsets.US_ASCII), 0, expected, 32_768, 4);
        assertThat(Files.readAllBytes(rootfs.resolve("sparse"))).isEqualTo(expected);
        assertThat(entriesOfLayer().getLast().getSize()).isEqualTo(65_536);
        assertThat(tarOfLayer()).hasSize(512 + 65_536 + 1024);
    }
}
