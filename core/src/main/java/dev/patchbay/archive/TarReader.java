package dev.patchbay.archive;

import dev.patchbay.archive.TarItem.DeviceType;
import dev.patchbay.archive.TarItem.Kind;
import dev.patchbay.archive.TarItem.Metadata;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/**
 * A tar archive as a row of {@link TarItem}s, within limits. Whatever the parser makes of bad bytes ends as an
 * {@link ArchiveException}; an error of the source itself is passed on as it is.
 */
final class TarReader implements Content {
    /** What must stand at the end of an archive. */
    enum Ending {
        /** An end-of-archive block: without it, a stream cut between two entries would look whole. */
        MARKED,
        /** Anything: something else, such as a digest, proves that the archive is whole. */
        ANY
    }

    private static final int PERMISSIONS = 07777;

    private final ArchiveLimits limits;
    private final Ending ending;
    private final HeaderTap tap;
    private final TarArchiveInputStream tar;
    private final byte[] scratch = new byte[64 * 1024];
    private String current = "";
    private long entries;
    private long expandedBytes;

    TarReader(InputStream source, ArchiveLimits limits, Ending ending) {
        this.limits = limits;
        this.ending = ending;
        this.tap = new HeaderTap(source, limits);
        // ISO-8859-1 keeps the bytes of names; whether they are UTF-8 is checked below instead of guessed.
        this.tar = new TarArchiveInputStream(tap, TarConstants.DEFAULT_RCDSIZE, TarConstants.DEFAULT_RCDSIZE,
                StandardCharsets.ISO_8859_1.name());
    }

    /** Ends the call of an interrupted thread; the thread stays interrupted. */
    static void stopIfInterrupted() throws ArchiveCancelledException {
        if (Thread.currentThread().isInterrupted()) {
            throw new ArchiveCancelledException();
        }
    }

    /** Skips what is left of the current entry and returns the next; empty after the last one. */
    Optional<TarItem> next() throws IOException {
        while (read(scratch) >= 0) {
            // To the end of an entry that nobody wanted, or only in part.
        }
        tap.startHeaders();
        Optional<TarArchiveEntry> entry = parsed(() -> Optional.ofNullable(tar.getNextEntry()));
        RawHeaders raw = tap.endHeaders();
        if (entry.isEmpty()) {
            checkEnd(raw);
            parsed(() -> {
                tap.drain();
                return Optional.empty();
            });
            return Optional.empty();
        }
        if (++entries > limits.maxEntries()) {
            throw new ArchiveLimitException("maxEntries", limits.maxEntries(),
                    "the number of archive entries");
        }
        return Optional.of(parsed(() -> item(entry.get(), raw.parsed())));
    }

    /** Reads from the current entry's content. Holes of sparse files read as zeros. */
    @Override
    public int read(byte[] buffer) throws IOException {
        return read(buffer, 0, buffer.length);
    }

    /** As {@link #read(byte[])}, into a part of a buffer. */
    int read(byte[] buffer, int offset, int length) throws IOException {
        stopIfInterrupted();
        return entries == 0 ? -1 : parsed(() -> tar.read(buffer, offset, length));
    }

    /** Reads the current entry's content, whose size is known to be small. */
    byte[] readAll(int size) throws IOException {
        byte[] content = new byte[size];
        byte[] buffer = new byte[size + 1];
        int at = 0;
        for (int count = read(buffer); count >= 0; count = read(buffer)) {
            if (count > size - at) {
                throw malformed("an entry is longer than its header says",
                        new IOException("content goes on"));
            }
            System.arraycopy(buffer, 0, content, at, count);
            at += count;
        }
        return content;
    }

    private void checkEnd(RawHeaders raw) throws MalformedArchiveException {
        boolean cutInHeader = !raw.endMarked() && !raw.empty();
        if (cutInHeader || (ending == Ending.MARKED && !raw.endMarked())) {
            throw new MalformedArchiveException(entries == 0
                    ? "it ends before its first entry is complete"
                    : "it is cut off after entry " + ArchiveException.quoted(current));
        }
    }

    private TarItem item(TarArchiveEntry entry, RawHeaders raw) throws IOException {
        if (!entry.isCheckSumOK()) {
            throw new MalformedArchiveException("the header after entry " + ArchiveException.quoted(current)
                    + " has a wrong checksum");
        }
        String name = text(entry.getName(), raw.nameInPax());
        current = name;
        Metadata metadata = new Metadata(entry.getMode() & PERMISSIONS, entry.getLongUserId(),
                entry.getLongGroupId(),
                entry.getLastModifiedTime(), raw.attributes());
        TarItem item = new TarItem(name, kind(entry, name, raw), metadata);
        checkContent(entry, item);
        return item;
    }

    private Kind kind(TarArchiveEntry entry, String name, RawHeaders raw) throws IOException {
        return switch (entry.getLinkFlag()) {
            case TarConstants.LF_NORMAL, TarConstants.LF_OLDNORM, TarConstants.LF_CONTIG ->
                // Before POSIX a trailing slash was the only sign of a directory.
                name.endsWith("/") ? new Kind.Directory() : regular(entry);
            case TarConstants.LF_GNUTYPE_SPARSE -> regular(entry);
            case TarConstants.LF_DIR -> new Kind.Directory();
            case TarConstants.LF_LINK -> new Kind.HardLink(text(entry.getLinkName(), raw.linkInPax()));
            case TarConstants.LF_SYMLINK -> new Kind.Symlink(text(entry.getLinkName(), raw.linkInPax()));
            case TarConstants.LF_CHR -> device(entry, DeviceType.CHARACTER);
            case TarConstants.LF_BLK -> device(entry, DeviceType.BLOCK);
            case TarConstants.LF_FIFO -> new Kind.Fifo();
            default -> throw new MalformedArchiveException("entry " + ArchiveException.quoted(name)
                    + " has the unknown type "
                    + ArchiveException.quoted(String.valueOf((char) entry.getLinkFlag())));
        };
    }

    private static Kind regular(TarArchiveEntry entry) {
        return new Kind.Regular(entry.getRealSize(), entry.isSparse());
    }

    private static Kind device(TarArchiveEntry entry, DeviceType type) {
        return new Kind.Device(type, entry.getDevMajor(), entry.getDevMinor());
    }

    private void checkContent(TarArchiveEntry entry, TarItem item) throws ArchiveException {
        switch (item.kind()) {
            case Kind.Regular(long size, _) -> checkSize(item, size);
            // Some writers give directories a size; no content follows, in Go's archive/tar neither.
            case Kind.Directory() -> {
            }
            // Parsers disagree on whether content follows these: one of them would be led astray.
            case Kind.Symlink _,Kind.HardLink _,Kind.Device _,Kind.Fifo _ -> {
                if (entry.getSize() != 0) {
                    throw new MalformedArchiveException("entry " + ArchiveException.quoted(item.name())
                            + " has a size, but its type has no content");
                }
            }
        }
    }

    private void checkSize(TarItem item, long size) throws ArchiveException {
        String what = "archive entry " + ArchiveException.quoted(item.name()) + " with " + size + " bytes";
        if (size < 0) {
            throw new MalformedArchiveException(
                    "entry " + ArchiveException.quoted(item.name()) + " has a negative size");
        }
        if (size > limits.maxFileBytes()) {
            throw new ArchiveLimitException("maxFileBytes", limits.maxFileBytes(), what);
        }
        expandedBytes += size;
        if (expandedBytes > limits.maxExpandedBytes()) {
            throw new ArchiveLimitException("maxExpandedBytes", limits.maxExpandedBytes(), what);
        }
    }

    private String text(String parsed, boolean fromPax) throws ArchiveException {
        // A character beyond ISO-8859-1 can only come from a PAX record, here from a global one.
        String text = fromPax || parsed.chars().anyMatch(c -> c > 0xff) ? parsed : utf8(parsed);
        if (text.indexOf('\uFFFD') >= 0) {
            throw new UnsafeEntryException(text, "its name is not valid UTF-8");
        }
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > limits.maxPathBytes()) {
            throw new ArchiveLimitException("maxPathBytes", limits.maxPathBytes(),
                    "a name of " + bytes + " bytes, " + ArchiveException.quoted(text) + ",");
        }
        return text;
    }

    private static String utf8(String bytes) throws UnsafeEntryException {
        try {
            return StandardCharsets.UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException _) {
            throw new UnsafeEntryException(bytes, "its name is not valid UTF-8");
        }
    }

    private <T> T parsed(Parsing<T> parsing) throws IOException {
        try {
            return parsing.run();
        } catch (ArchiveException e) {
            throw e;
        } catch (InterruptedIOException | ClosedByInterruptException e) {
            Thread.currentThread().interrupt();
            throw new ArchiveCancelledException(e);
        } catch (IOException e) {
            if (tap.failure().isPresent()) {
                throw tap.failure().get();
            }
            throw malformed(e.getMessage(), e);
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException
                | IndexOutOfBoundsException
                | NegativeArraySizeException e) {
            throw malformed(e.getMessage(), e);
        } catch (StackOverflowError e) {
            // The parser recurses for each extension header and for each piece of a sparse file.
            throw malformed("its headers are nested too deeply", e);
        }
    }

    private MalformedArchiveException malformed(@Nullable String detail, Throwable cause) {
        String where = entries == 0 ? "" : ", at or after entry " + ArchiveException.quoted(current);
        return new MalformedArchiveException((detail == null ? cause.toString() : detail) + where, cause);
    }

    @FunctionalInterface
    private interface Parsing<T> {
        T run() throws IOException;
    }
}
