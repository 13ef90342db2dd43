package dev.patchbay.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives that try to reach outside, or to exhaust us. A canary beside the target must never change. */
class HostileLayerTest {
    @TempDir
    Path temp;
    Path target;
    Path canary;
    Map<String, String> before = Map.of();

    @BeforeEach
    void makeCanary() throws IOException {
        target = Files.createDirectory(temp.resolve("target"));
        canary = Files.createDirectory(temp.resolve("canary"));
        Files.writeString(canary.resolve("file"), "untouched");
        Files.createDirectory(canary.resolve("folder"));
        before = TreeSnapshot.of(canary);
    }

    @AfterEach
    void nothingOutsideWasTouched() throws IOException {
        assertThat(TreeSnapshot.of(canary)).isEqualTo(before);
        try (Stream<Path> beside = Files.list(temp)) {
            assertThat(beside).containsExactlyInAnyOrder(target, canary);
        }
        TreeDeletion.delete(target);
        assertThat(TreeSnapshot.of(canary)).isEqualTo(before);
    }

    private void extract(InputStream tar, ArchiveLimits limits) throws IOException {
        new LayerExtractor(limits, Ownership.CURRENT_USER).extract(tar, target);
    }

    private void extract(TarBuilder tar) throws IOException {
        extract(tar.stream(), ArchiveLimits.DEFAULT);
    }

    private AbstractThrowableAssert<?, ?> refused(TarBuilder tar) {
        return assertThatThrownBy(() -> extract(tar)).isInstanceOf(UnsafeEntryException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../canary/file", "a/../../canary/file", "/../canary/file", "./../x", "..", "a/.."})
    void refusesNamesThatLeadOut(String name) {
        refused(new TarBuilder().file(name, "evil")).hasMessageContaining(name);
    }

    @Test
    void putsAbsoluteNamesInsideTheTarget() throws IOException {
        extract(new TarBuilder().file(canary.resolve("file").toString(), "evil"));

        assertThat(target.resolve(canary.resolve("file").toString().substring(1))).hasContent("evil");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ABSOLUTE", "../canary", "../../../../../../../../../../../../../tmp"})
    void writesThroughNoSymlink(String link) throws IOException {
        String to = link.equals("ABSOLUTE") ? canary.toString() : link;
        extract(new TarBuilder().symlink("out", to)
                .file("out/file", "evil")
                .folder("out/folder/", e -> e.setMode(0)));
    }

    @Test
    void writesThroughNoSymlinkOfAnEarlierLayer() throws IOException {
        extract(new TarBuilder().symlink("out", canary.toString())
                .symlink("f", canary.resolve("file").toString()));
        extract(new TarBuilder().file("out/file", "evil")
                .file("f", "evil")
                .file("out/.wh.file", "")
                .file("out/.wh..wh..opq", ""));
    }

    @Test
    void writesThroughNoChainOfSymlinks() throws IOException {
        extract(new TarBuilder().symlink("a", "b")
                .symlink("b", "c/../..")
                .folder("c/")
                .symlink("d", "a/canary")
                .file("d/file", "evil"));
    }

    @Test
    void changesNoModeOrOwnerThroughASymlink() throws IOException {
        extract(new TarBuilder().symlink("f", canary.resolve("file").toString())
                .entry("f", TarConstants.LF_SYMLINK, new byte[0], entry -> {
                    entry.setLinkName(canary.resolve("file").toString());
                    entry.setMode(0777);
                    entry.setIds(1234, 1234);
                }));
    }

    @Test
    void finishesNoDirectoryThatBecameALink() throws IOException {
        extract(new TarBuilder().folder("d/folder/", entry -> entry.setMode(0))
                .symlink("d", canary.toString())
                .folder("e/", entry -> entry.setMode(0))
                .symlink("e", canary.toString()));
    }

    @Test
    void replacesNothingThroughALinkThatReplacedADirectory() throws IOException {
        extract(new TarBuilder().file("d/x", "1").symlink("d", canary.toString()).file("d/file", "evil"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../canary/file", "a/../../canary/file", "", "/", "."})
    void refusesHardLinksThatLeadOut(String to) {
        refused(new TarBuilder().file("a/x", "").hardLink("l", to));
    }

    @Test
    void linksHardToNothingOutside() {
        assertThatThrownBy(
                () -> extract(new TarBuilder().symlink("out", canary.toString()).hardLink("l", "out/file")))
                .isInstanceOf(EntryNotPlacedException.class)
                .hasMessageContaining("hard link target");
        assertThatThrownBy(() -> extract(new TarBuilder().hardLink("l", canary.resolve("file").toString())))
                .isInstanceOf(EntryNotPlacedException.class);
    }

    @Test
    void writesThroughNoHardLinkToASymlink() throws IOException {
        extract(new TarBuilder().symlink("s", canary.resolve("file").toString())
                .hardLink("h", "s")
                .file("h", "evil"));

        assertThat(target.resolve("h")).hasContent("evil");
    }

    @Test
    void refusesHardLinksToDirectories() {
        refused(new TarBuilder().folder("d/").hardLink("l", "d"));
    }

    @ParameterizedTest
    @ValueSource(strings = {".wh...", "a/.wh..", ".wh.", "a/.wh...", ".wh.x/y", "a/.wh.b/.wh.c"})
    void refusesMarkersWithoutAName(String name) {
        refused(new TarBuilder().file("a/b", "x").file(name, ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../.wh.canary", "/../.wh.canary", "../canary/.wh..wh..opq"})
    void refusesMarkersThatLeadOut(String name) throws IOException {
        Files.writeString(target.resolve("lower"), "");
        refused(new TarBuilder().file(name, ""));
    }

    @Test
    void emptiesNothingThroughASymlink() throws IOException {
        extract(new TarBuilder().symlink("out", canary.toString()).symlink("up", "..").file("keep", ""));
        extract(new TarBuilder().file("out/.wh..wh..opq", "")
                .file("out/.wh.file", "")
                .file("up/.wh.canary", ""));
        extract(new TarBuilder().file(".wh.out", ""));

        assertThat(Files.isSymbolicLink(target.resolve("out"))).isFalse();
    }

    @Test
    void deletesALinkItselfAndNotItsTarget() throws IOException {
        extract(new TarBuilder().symlink("d/out", canary.toString()).symlink("out", canary.toString()));
        extract(new TarBuilder().file(".wh.d", "").file("out", "now a file"));

        assertThat(target.resolve("out")).hasContent("now a file");
    }

    @Test
    void refusesToReplaceTheRoot() {
        refused(new TarBuilder().symlink(".", canary.toString()));
        refused(new TarBuilder().file("/", "x".repeat(0), entry -> entry.setLinkName("")).symlink("./", "x"));
    }

    @Test
    void endsALoopOfLinks() {
        refused(new TarBuilder().symlink("a", "b").symlink("b", "a").file("a/x", ""))
                .hasMessageContaining("40");
    }

    @Test
    void refusesAFileAsParent() {
        assertThatThrownBy(() -> extract(new TarBuilder().file("a", "").file("a/b", "")))
                .isInstanceOf(EntryNotPlacedException.class)
                .hasMessageContaining("a/b");
    }

    @Test
    void refusesANameThatNoFileSystemTakes() {
        assertThatThrownBy(() -> extract(new TarBuilder().file("n".repeat(300), "")))
                .isInstanceOf(EntryNotPlacedException.class)
                .hasMessageContaining("too long");
    }

    @Test
    void refusesNamesThatAreNotUtf8() {
        byte[] tar = new TarBuilder().file("bad", "x").bytes();
        tar[1] = (byte) 0xe9;
        fixChecksum(tar);
        assertThatThrownBy(() -> extract(new ByteArrayInputStream(tar), ArchiveLimits.DEFAULT))
                .isInstanceOf(UnsafeEntryException.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void limitsTheNumberOfEntries() {
        TarBuilder tar = new TarBuilder();
        for (int i = 0; i < 100_001; i++) {
            tar.hardLink("a", "a");
        }
        TarBuilder all = new TarBuilder().file("a", "x");
        byte[] bytes = concat(Arrays.copyOf(all.bytes(), 1024), tar.bytes());
        assertThatThrownBy(() -> extract(new ByteArrayInputStream(bytes),
                ArchiveLimits.DEFAULT.withMaxEntries(100_000)))
                .isInstanceOfSatisfying(ArchiveLimitException.class, e -> {
                    assertThat(e.limit()).isEqualTo("maxEntries");
                    assertThat(e.value()).isEqualTo(100_000);
                });
    }

    @Test
    void limitsNames() {
        limited("maxPathBytes", new TarBuilder().file("a/".repeat(2048) + "b", ""));
        limited("maxPathBytes", new TarBuilder().symlink("b", "a/".repeat(2048)));
        limited("maxPathBytes", new TarBuilder().gnuLongNames().file("a/".repeat(2048) + "b", ""));
    }

    @Test
    void limitsTheMemoryForHeaders() {
        limited("maxMetadataBytes", new TarBuilder().file("a", "",
                entry -> entry.addPaxHeader("SCHILY.xattr.user.big", "x".repeat(2 << 20))));
        limited("maxMetadataBytes", new TarBuilder().entry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME,
                new byte[2 << 20], _ -> {}).file("a", ""));
    }

    @Test
    void limitsAFileBeforeItIsRead() {
        byte[] tar = new TarBuilder().file("huge", "x").bytes();
        byte[] size = "77777777777\0".getBytes(StandardCharsets.US_ASCII); // 8 GiB - 1
        System.arraycopy(size, 0, tar, 124, size.length);
        fixChecksum(tar);
        assertThatThrownBy(() -> extract(new ByteArrayInputStream(tar),
                ArchiveLimits.DEFAULT.withMaxFileBytes(1 << 20)))
                .isInstanceOf(ArchiveLimitException.class)
                .hasMessageContaining("\"huge\"")
                .hasMessageContaining("maxFileBytes = 1048576");
    }

    @Test
    void limitsTheWhole() {
        var small = ArchiveLimits.DEFAULT.withMaxExpandedBytes(4096);
        assertThatThrownBy(() -> extract(
                new TarBuilder().file("a", "x".repeat(3000)).file("b", "x".repeat(3000)).stream(),
                small)).isInstanceOf(ArchiveLimitException.class).hasMessageContaining("maxExpandedBytes");
    }

    private void limited(String limit, TarBuilder tar) {
        assertThatThrownBy(() -> extract(tar)).isInstanceOf(ArchiveLimitException.class)
                .hasMessageContaining(limit);
    }

    static Stream<byte[]> broken() {
        byte[] good = new TarBuilder().file("a", "x".repeat(2000)).file("b", "y").bytes();
        byte[] badSum = good.clone();
        badSum[0] = 'c';
        byte[] badType = good.clone();
        badType[156] = 'V';
        fixChecksum(badType);
        byte[] linkWithSize = new TarBuilder().hardLink("l", "a").bytes();
        linkWithSize[134] = '5';
        fixChecksum(linkWithSize);
        byte[] badSize = good.clone();
        badSize[124] = 'z';
        fixChecksum(badSize);
        byte[] negative = good.clone();
        Arrays.fill(negative, 124, 136, (byte) 0xff);
        fixChecksum(negative);
        return Stream.of(
                badSum, badType, linkWithSize, badSize, negative, "not a tar at all".repeat(100)
                        .getBytes(
                                StandardCharsets.UTF_8),
                Arrays.copyOf(good, 100), Arrays.copyOf(good, 700), Arrays.copyOf(good, 2512),
                Arrays.copyOf(good, 2800));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void refusesBrokenArchives(byte[] tar) {
        assertThatThrownBy(() -> extract(new ByteArrayInputStream(tar), ArchiveLimits.DEFAULT))
                .isInstanceOf(MalformedArchiveException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"size=-1", "size=99999999999999999999", "size=x", "mtime=1e400", "mtime=x", "uid=-5",
                    "gid=99999999999", "uid=4294967295", "path=", "path=../canary/file", "GNU.sparse.major=x",
                    "GNU.sparse.realsize=-3", "GNU.sparse.size=9223372036854775807", "SCHILY.devmajor=-1"})
    void refusesOrIgnoresAbsurdPaxRecords(String record) throws IOException {
        String body = " " + record + "\n";
        int length = body.length() + 2;
        byte[] pax = (length + body).getBytes(StandardCharsets.UTF_8);
        byte[] header = new TarBuilder().entry("x", TarConstants.LF_PAX_EXTENDED_HEADER_LC, pax, _ -> {})
                .bytes();
        byte[] tar = concat(Arrays.copyOf(header, 1024), new TarBuilder().file("a", "x").bytes());
        try {
            extract(new ByteArrayInputStream(tar), ArchiveLimits.DEFAULT);
        } catch (ArchiveException e) {
            assertThat(e).hasMessageContaining(" ");
        }
    }

    @Test
    void survivesAThousandNestedHeaders() {
        byte[] pax = new TarBuilder().entry("x", TarConstants.LF_PAX_EXTENDED_HEADER_LC, new byte[0], _ -> {})
                .bytes();
        byte[] many = new byte[2000 * 512];
        for (int i = 0; i < 2000; i++) {
            System.arraycopy(pax, 0, many, i * 512, 512);
        }
        byte[] tar = concat(many, new TarBuilder().file("a", "x").bytes());
        try {
            extract(new ByteArrayInputStream(tar), ArchiveLimits.DEFAULT);
        } catch (IOException e) {
            assertThat(e).isInstanceOf(ArchiveException.class);
        }
    }

    @Test
    void passesAnErrorOfTheStreamOn() {
        IOException mine = new IOException("network gone");
        InputStream failing = new FailingStream(new byte[0], mine);
        assertThatThrownBy(() -> extract(failing, ArchiveLimits.DEFAULT)).isSameAs(mine);
    }

    static byte[] concat(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /** Makes the checksum of the first header right again (pax(1), chksum). */
    static void fixChecksum(byte[] tar) {
        Arrays.fill(tar, 148, 156, (byte) ' ');
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += tar[i] & 0xff;
        }
        byte[] digits = String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, tar, 148, digits.length);
    }
}
