package dev.patchbay.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.syscall.RequiresRoot;
import dev.patchbay.syscall.Syscalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresRoot
class PrivilegedLayerIT {
    /** Version 2, effective, cap_setgid and cap_setuid: not valid UTF-8. */
    private static final byte[] CAPABILITY = {1, 0, 0, 2, (byte) 0xc0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0, 0};

    @TempDir
    Path temp;
    Path target;

    @BeforeEach
    void makeTarget() throws IOException {
        target = Files.createDirectory(temp.resolve("target"));
    }

    @AfterEach
    void remove() throws IOException {
        TreeDeletion.delete(target);
    }

    private void extract(byte[] tar) throws IOException {
        new LayerExtractor(ArchiveLimits.DEFAULT, Ownership.AS_ARCHIVED)
                .extract(new ByteArrayInputStream(tar), target);
    }

    private Map<String, Object> unix(String name) throws IOException {
        return Files.readAttributes(target.resolve(name), "unix:mode,uid,gid,rdev,lastModifiedTime",
                LinkOption.NOFOLLOW_LINKS);
    }

    @Test
    void setsOwnersAndKeepsSetUserId() throws IOException {
        extract(new TarBuilder().folder("d/", e -> e.setIds(7, 8)).file("d/f", "x", e -> {
            e.setIds(1000, 2000);
            e.setMode(06755);
        }).file("big", "", e -> {
            e.setUserId(3_000_000_000L);
            e.setGroupId(4_294_967_294L);
        }).entry("link", TarConstants.LF_SYMLINK, new byte[0], e -> {
            e.setLinkName("d/f");
            e.setIds(5, 6);
        }).bytes());

        assertThat(unix("d/f")).containsEntry("uid", 1000).containsEntry("gid", 2000);
        assertThat(TreeSnapshot.mode(target.resolve("d/f"))).isEqualTo(06755);
        assertThat(unix("d")).containsEntry("uid", 7).containsEntry("gid", 8);
        assertThat(unix("link")).containsEntry("uid", 5).containsEntry("gid", 6);
        assertThat(unix("big")).containsEntry("uid", (int) 3_000_000_000L).containsEntry("gid", -2);
    }

    @Test
    void makesDevicesAndFifos() throws IOException {
        extract(new TarBuilder().device("null", TarConstants.LF_CHR, 1, 3)
                .device("disk", TarConstants.LF_BLK, 259, 70_000)
                .fifo("fifo")
                .bytes());

        assertThat(unix("null")).containsEntry("mode", 0020644);
        assertThat(unix("null")).containsEntry("rdev", 0x103L)
                .containsEntry("lastModifiedTime", TarBuilder.TIME);
        assertThat(unix("disk")).containsEntry("mode", 0060644);
        assertThat(unix("disk")).containsEntry("rdev", 0x1111_0370L);
        assertThat(unix("fifo")).containsEntry("mode", 0010644);
        assertThat(unix("fifo")).containsEntry("lastModifiedTime", TarBuilder.TIME);
    }

    @Test
    void replacesDirectoriesByDevicesAndBack() throws IOException {
        extract(new TarBuilder().file("d/x", "")
                .device("d", TarConstants.LF_CHR, 1, 3)
                .fifo("d")
                .file("d", "file")
                .bytes());

        assertThat(target.resolve("d")).hasContent("file");
    }

    @Test
    void opensNoDeviceAsParentOrLinkTarget() {
        assertThatThrownBy(() -> extract(new TarBuilder().fifo("p").file("p/x", "evil").bytes()))
                .isInstanceOf(EntryNotPlacedException.class);
        byte[] tar = new TarBuilder().device("z", TarConstants.LF_CHR, 0, 0).bytes();
        System.arraycopy("7777777".getBytes(StandardCharsets.US_ASCII), 0, tar, 329, 7);
        HostileLayerTest.fixChecksum(tar);
        assertThatThrownBy(() -> extract(tar)).isInstanceOf(UnsafeEntryException.class)
                .hasMessageContaining("2097151");
    }

    @Test
    void storesBinaryCapabilitiesAfterOwnerAndContent() throws IOException {
        byte[] tar = new TarBuilder().file("tool", "x", e -> e.setIds(12, 12)).bytes();
        extract(PaxRecords.before(tar, "SCHILY.xattr.security.capability", CAPABILITY));

        assertThat(Syscalls.extendedAttribute(target.resolve("tool"), "security.capability"))
                .hasValue(CAPABILITY);
    }

    @Test
    void storesUserAndTrustedAttributesAndIgnoresOthers() throws IOException {
        byte[] tar = new TarBuilder().file("f", "x").bytes();
        tar = PaxRecords.before(tar, "SCHILY.xattr.trusted.overlay.opaque", new byte[]{'y'});
        tar = PaxRecords.before(tar, "SCHILY.xattr.security.selinux", new byte[]{'s'});
        tar = PaxRecords.before(tar, "SCHILY.xattr.system.posix_acl_access", new byte[]{'a'});
        tar = PaxRecords.before(tar, "SCHILY.xattr.trusted.key", new byte[]{'t', 0, (byte) 0xff});
        tar = PaxRecords.before(tar, "SCHILY.xattr.user.key", "value\n".getBytes(StandardCharsets.UTF_8));
        extract(tar);

        Path file = target.resolve("f");
        assertThat(Syscalls.extendedAttributeNames(file)).containsExactlyInAnyOrder("user.key",
                "trusted.key");
        assertThat(Syscalls.extendedAttribute(file, "trusted.key")).hasValue(new byte[]{'t', 0, (byte) 0xff});
    }

    @Test
    void givesSparseFilesTheirHolesBack() throws IOException {
        byte[] tar = SparseTar.of("s", 64 << 20, 32 << 20, "middle");
        extract(tar);

        byte[] content = Files.readAllBytes(target.resolve("s"));
        assertThat(content).hasSize(64 << 20);
        assertThat(
                new String(Arrays.copyOfRange(content, 32 << 20, (32 << 20) + 6), StandardCharsets.US_ASCII))
                .isEqualTo("middle");
        assertThat(DiskUse.bytes(target.resolve("s"))).isLessThan(1 << 20);
    }
}
