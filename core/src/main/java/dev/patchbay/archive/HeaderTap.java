package dev.patchbay.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * The stream between an archive's source and the tar parser: buffers, counts, limits, and keeps a copy of headers.
 *
 * <p>The parser holds long names and PAX records in memory whatever size they claim, and it turns PAX values into
 * text, which destroys binary ones. So between {@link #startHeaders} and {@link #endHeaders} at most
 * {@link ArchiveLimits#maxMetadataBytes()} pass, and {@link RawHeaders} reads what passed. An error of the source is
 * remembered, which tells it apart from an error of the parser.
 */
final class HeaderTap extends InputStream {
    private static final int BUFFER_BYTES = 128 * 1024;

    private final InputStream source;
    private final ArchiveLimits limits;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final ByteArrayOutputStream headers = new ByteArrayOutputStream();
    private int position;
    private int limit;
    private long passed;
    private long headersStart;
    private boolean inHeaders;
    private Optional<IOException> failure = Optional.empty();

    HeaderTap(InputStream source, ArchiveLimits limits) {
        this.source = source;
        this.limits = limits;
    }

    void startHeaders() {
        headers.reset();
        headersStart = passed;
        inHeaders = true;
    }

    /** Stops copying and returns the bytes that passed meanwhile. */
    RawHeaders endHeaders() {
        inHeaders = false;
        return new RawHeaders(headers.toByteArray(), headersStart);
    }

    /** Returns what the source failed with, if it did. */
    Optional<IOException> failure() {
        return failure;
    }

    /** Reads the source to its end. */
    void drain() throws IOException {
        byte[] scratch = new byte[BUFFER_BYTES];
        while (read(scratch, 0, scratch.length) >= 0) {
            TarReader.stopIfInterrupted();
        }
    }

    @Override
    public int read() throws IOException {
        if (position == limit && !fill()) {
            return -1;
        }
        byte value = buffer[position++];
        count(1);
        if (inHeaders) {
            headers.write(value);
        }
        return value & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int count;
        if (position == limit && length >= BUFFER_BYTES) {
            count = fromSource(target, offset, length);
        } else if (position == limit && !fill()) {
            return -1;
        } else {
            count = Math.min(length, limit - position);
            System.arraycopy(buffer, position, target, offset, count);
            position += count;
        }
        if (count > 0) {
            count(count);
            if (inHeaders) {
                headers.write(target, offset, count);
            }
        }
        return count;
    }

    @Override
    public int available() {
        return limit - position;
    }

    private void count(int bytes) throws ArchiveLimitException {
        passed += bytes;
        if (passed > limits.maxExpandedBytes()) {
            throw new ArchiveLimitException("maxExpandedBytes", limits.maxExpandedBytes(), "the archive");
        }
        // A record's padding may come before the first header.
        if (inHeaders && headers.size() + bytes > limits.maxMetadataBytes() + RawHeaders.BLOCK) {
            throw new ArchiveLimitException("maxMetadataBytes", limits.maxMetadataBytes(),
                    "the headers of one archive entry");
        }
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = 0;
        int count = fromSource(buffer, 0, buffer.length);
        limit = Math.max(0, count);
        return count > 0;
    }

    private int fromSource(byte[] target, int offset, int length) throws IOException {
        try {
            return source.read(target, offset, length);
        } catch (IOException e) {
            failure = Optional.of(e);
            throw e;
        }
    }
}
