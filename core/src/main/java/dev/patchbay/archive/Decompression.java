package dev.patchbay.archive;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** Opens archives that may be compressed with gzip (RFC 1952) or zstd (RFC 8878), told by their first bytes. */
final class Decompression {
    /**
     * The largest window taken, as a power of two: 128 MiB, which is what zstd's own decoder takes unless it is asked for
     * more (ZSTD_WINDOWLOG_LIMIT_DEFAULT), so whatever is packed without {@code --ultra --long=28} or more can be read. The
     * window is memory outside the heap, for as long as the stream is read.
     */
    static final int ZSTD_WINDOW_LOG = 27;

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int MAGIC_BYTES = 4;

    private Decompression() {}

    /**
     * Returns the plain bytes. Broken compression fails reads with {@link MalformedArchiveException}, an error of the
     * source stays what it is. To be closed, which frees memory outside the heap and leaves the source open.
     */
    static InputStream open(InputStream source) throws IOException {
        return open(source, Isal.ofThisHost());
    }

    /** As {@link #open(InputStream)}, with a library that unpacks gzip faster than the JDK does, or without. */
    static InputStream open(InputStream source, Optional<Isal> isal) throws IOException {
        PushbackInputStream start = new PushbackInputStream(source, MAGIC_BYTES);
        byte[] magic = start.readNBytes(MAGIC_BYTES);
        start.unread(magic);
        Packed packed = new Packed(start);
        if (startsWith(magic, 0x1f, 0x8b)) {
            return new Checked("gzip", gunzip(packed, isal), packed);
        }
        if (startsWith(magic, 0x28, 0xb5, 0x2f, 0xfd) || isSkippableFrame(magic)) {
            return new Checked("zstd", unzstd(packed), packed);
        }
        refuse(magic, "bzip2", 'B', 'Z', 'h');
        refuse(magic, "xz", 0xfd, '7', 'z', 'X');
        return packed;
    }

    private static InputStream gunzip(Packed source, Optional<Isal> isal) throws IOException {
        if (isal.isPresent()) {
            return isal.get().gunzip(source);
        }
        try {
            return new GZIPInputStream(source, BUFFER_BYTES);
        } catch (EOFException | ZipException e) {
            source.rethrowFailure();
            throw new MalformedArchiveException("its gzip header is broken", e);
        }
    }

    private static InputStream unzstd(Packed source) throws IOException {
        try {
            return new ZstdInputStreamNoFinalizer(source).setLongMax(ZSTD_WINDOW_LOG);
        } catch (LinkageError e) {
            throw new IOException(
                    "it is compressed with zstd, for which this host has no library: " + e.getMessage(),
                    e);
        }
    }

    /** Frames for other purposes may stand anywhere, at the beginning too (RFC 8878, 3.1.2). */
    private static boolean isSkippableFrame(byte[] magic) {
        return magic.length == MAGIC_BYTES && (magic[0] & 0xf0) == 0x50 && magic[1] == 0x2a
                && magic[2] == 0x4d
                && magic[3] == 0x18;
    }

    private static void refuse(byte[] start, String name, int... magic) throws MalformedArchiveException {
        if (startsWith(start, magic)) {
            throw new MalformedArchiveException(
                    "it is compressed with " + name + "; send it plain, or with gzip or zstd");
        }
    }

    private static boolean startsWith(byte[] start, int... magic) {
        for (int i = 0; i < magic.length; i++) {
            if (i >= start.length || (start[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    /** The source as decompressors see it: they must not close it, nor take its errors for the end. */
    private static final class Packed extends FilterInputStream {
        private @Nullable IOException failure;

        Packed(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                return super.read(target, offset, length);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }

        /** The JDK reads a further gzip member only if bytes seem to be available, which a network never promises. */
        @Override
        public int available() {
            return 1;
        }

        @Override
        public void close() {
            // It belongs to somebody else.
        }

        /** The JDK takes whatever happens after a gzip member for the end of the stream, a broken network too. */
        void rethrowFailure() throws IOException {
            if (failure != null) {
                throw failure;
            }
        }
    }

    private static final class Checked extends FilterInputStream {
        private final String name;
        private final Packed source;

        Checked(String name, InputStream in, Packed source) {
            super(in);
            this.name = name;
            this.source = source;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                int count = super.read(target, offset, length);
                if (count < 0) {
                    source.rethrowFailure();
                }
                return count;
            } catch (StackOverflowError e) {
                // The JDK calls itself for each further gzip member that turns out to be empty.
                throw new MalformedArchiveException("its " + name + " stream has too many empty members", e);
            } catch (EOFException e) {
                source.rethrowFailure();
                throw new MalformedArchiveException("its " + name + " stream is cut off", e);
            } catch (ZipException | ZstdIOException e) {
                source.rethrowFailure();
                throw new MalformedArchiveException("its " + name + " stream is broken: " + e.getMessage(),
                        e);
            }
        }
    }
}
