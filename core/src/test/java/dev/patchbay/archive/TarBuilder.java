package dev.patchbay.archive;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Tars for tests, names kept exactly as given. */
final class TarBuilder {
    static final FileTime TIME = FileTime.from(Instant.parse("2001-02-03T04:05:06Z"));

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");

    TarBuilder() {
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(true);
    }

    TarBuilder gnuLongNames() {
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
        return this;
    }

    TarBuilder file(String name, String content) {
        return file(name, content, _ -> {});
    }

    TarBuilder file(String name, String content, Consumer<TarArchiveEntry> change) {
        return file(name, content.getBytes(StandardCharsets.UTF_8), change);
    }

    TarBuilder file(String name, byte[] content, Consumer<TarArchiveEntry> change) {
        return entry(name, TarConstants.LF_NORMAL, content, change);
    }

    TarBuilder folder(String name) {
        return folder(name, _ -> {});
    }

    TarBuilder folder(String name, Consumer<TarArchiveEntry> change) {
        return entry(name, TarConstants.LF_DIR, new byte[0], entry -> {
            entry.setMode(0755);
            change.accept(entry);
        });
    }

    TarBuilder symlink(String name, String target) {
        return entry(name, TarConstants.LF_SYMLINK, new byte[0], entry -> entry.setLinkName(target));
    }

    TarBuilder hardLink(String name, String target) {
        return entry(name, TarConstants.LF_LINK, new byte[0], entry -> entry.setLinkName(target));
    }

    TarBuilder fifo(String name) {
        return entry(name, TarConstants.LF_FIFO, new byte[0], _ -> {});
    }

    TarBuilder device(String name, byte type, int major, int minor) {
        return entry(name, type, new byte[0], entry -> {
            entry.setDevMajor(major);
            entry.setDevMinor(minor);
        });
    }

    TarBuilder entry(String name, byte type, byte[] content, Consumer<TarArchiveEntry> change) {
        try {
            TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
            entry.setMode(0644);
            entry.setIds(0, 0);
            entry.setModTime(TIME);
            entry.setSize(content.length);
            change.accept(entry);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The archive with its end marked. */
    byte[] bytes() {
        try {
            tar.close();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    InputStream stream() {
        return new ByteArrayInputStream(bytes());
    }
}
