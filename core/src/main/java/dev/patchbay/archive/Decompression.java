package dev.patchbay.archive;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Opens archives that may be gzip-compressed, told by their first bytes (RFC 1952, 2.3.1). */
final class Decompression {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int MAGIC_BYTES = 4;

    private Decompression() {}

    /** Returns the plain bytes. Broken compression fails reads with {@link MalformedArchiveException}. */
    static InputStream open(InputStream source) throws IOException {
        PushbackInputStream stream = new PushbackInputStream(source, MAGIC_BYTES);
        byte[] start = stream.readNBytes(MAGIC_BYTES);
        stream.unread(start);
        if (startsWith(start, 0x1f, 0x8b)) {
            return new Checked(gunzip(new Endless(stream)));
        }
        refuse(start, "bzip2", 'B', 'Z', 'h');
        refuse(start, "xz", 0xfd, '7', 'z', 'X');
        refuse(start, "zstd", 0x28, 0xb5, 0x2f, 0xfd);
        return stream;
    }

    private static InputStream gunzip(InputStream source) throws IOException {
        try {
            return new GZIPInputStream(source, BUFFER_BYTES);
        } catch (EOFException | ZipException e) {
            throw new MalformedArchiveException("its gzip header is broken", e);
        }
    }

    private static void refuse(byte[] start, String name, int... magic) throws MalformedArchiveException {
        if (startsWith(start, magic)) {
            throw new MalformedArchiveException(
                    "it is compressed with " + name + "; send it plain or with gzip");
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

    /** The JDK reads a further gzip member only if bytes seem to be available, which a network never promises. */
    private static final class Endless extends FilterInputStream {
        Endless(InputStream in) {
            super(in);
        }

        @Override
        public int available() {
            return 1;
        }
    }

    private static final class Checked extends FilterInputStream {
        Checked(InputStream in) {
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
            } catch (EOFException e) {
                throw new MalformedArchiveException("its gzip stream is cut off", e);
            } catch (ZipException e) {
                throw new MalformedArchiveException("its gzip stream is broken: " + e.getMessage(), e);
            }
        }
    }
}
