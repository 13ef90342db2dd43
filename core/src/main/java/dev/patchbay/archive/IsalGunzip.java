package dev.patchbay.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.zip.CRC32;
import java.util.zip.ZipException;

/**
 * Unpacks gzip (RFC 1952) with ISA-L, in half the time that the JDK takes. Made by {@link Isal#gunzip}.
 *
 * <p>Takes what {@link java.util.zip.GZIPInputStream} takes: one member or several; what follows the last one and does not
 * begin like another is not looked at. Checks length and CRC of each, and the CRC of a header that has one.
 *
 * <p>States: before a member; within one; ended. One thread makes, uses and closes it. Closing frees its memory outside
 * the heap, some 450 KiB, and leaves the source open.
 */
final class IsalGunzip extends InputStream {
    private static final int IN_BYTES = 64 * 1024;
    private static final int OUT_BYTES = 256 * 1024;

    private static final int MAGIC_1 = 0x1f;
    private static final int MAGIC_2 = 0x8b;
    private static final int DEFLATE = 8;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;
    private static final int TIME_FLAGS_AND_SYSTEM_BYTES = 6;

    private final Isal isal;
    private final InputStream source;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment in = arena.allocate(IN_BYTES);
    private final MemorySegment out = arena.allocate(OUT_BYTES);
    private final byte[] received = new byte[IN_BYTES];
    private final CRC32 headerCrc = new CRC32();
    private final Isal.State state;
    private boolean sourceEnded;
    private boolean within;
    private boolean ended;
    private boolean closed;
    private int position;
    private int limit;

    IsalGunzip(Isal isal, InputStream source) {
        this.isal = isal;
        this.source = source;
        this.state = isal.newState(arena);
        state.input(in, 0, 0);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (closed) {
            throw new IOException("the stream is closed");
        }
        while (length > 0 && position == limit) {
            if (ended) {
                return -1;
            }
            if (within) {
                unpackSome();
            } else {
                readHeader();
            }
        }
        int count = Math.min(length, limit - position);
        MemorySegment.copy(out, ValueLayout.JAVA_BYTE, position, target, offset, count);
        position += count;
        return count;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            arena.close();
        }
    }

    private void unpackSome() throws IOException {
        if (state.availableIn() == 0) {
            receive();
        }
        int given = state.availableIn();
        state.output(out);
        check(isal.inflate(state));
        position = 0;
        limit = OUT_BYTES - state.availableOut();
        if (state.isFinished()) {
            within = false;
            isal.reset(state);
        } else if (limit == 0) {
            checkProgress(given);
        }
    }

    private void checkProgress(int given) throws IOException {
        if (given == 0 && sourceEnded) {
            throw new EOFException("the end of the stream is missing");
        }
        if (given > 0 && state.availableIn() == given) {
            throw new ZipException("nothing follows from what is there"); // else we would ask for ever
        }
    }

    /** Reads the header of a member; without one, what was read before was the last. */
    private void readHeader() throws IOException {
        headerCrc.reset();
        if (next() != MAGIC_1 || next() != MAGIC_2) {
            ended = true;
            return;
        }
        if (headerByte() != DEFLATE) {
            throw new ZipException("it is packed by an unknown method");
        }
        int flags = headerByte();
        if ((flags & RESERVED) != 0) {
            throw new ZipException("its header has unknown flags");
        }
        skip(TIME_FLAGS_AND_SYSTEM_BYTES);
        if ((flags & EXTRA) != 0) {
            skip(headerByte() | headerByte() << Byte.SIZE);
        }
        for (int text : new int[]{NAME, COMMENT}) {
            if ((flags & text) != 0) {
                skipText();
            }
        }
        if ((flags & HEADER_CRC) != 0) {
            int computed = (int) headerCrc.getValue() & 0xffff;
            if ((headerByte() | headerByte() << Byte.SIZE) != computed) {
                throw new ZipException("the checksum of its header does not match");
            }
        }
        within = true;
    }

    private void skip(int bytes) throws IOException {
        for (int left = bytes; left > 0; left--) {
            headerByte();
        }
    }

    private void skipText() throws IOException {
        while (headerByte() != 0) {
            // Until its end.
        }
    }

    private int headerByte() throws IOException {
        int value = next();
        if (value < 0) {
            throw new EOFException("the rest of the header is missing");
        }
        return value;
    }

    /** The next byte of a header, -1 at the end of the source. */
    private int next() throws IOException {
        while (state.availableIn() == 0) {
            if (sourceEnded) {
                return -1;
            }
            receive();
        }
        int offset = state.inputOffset(in);
        state.input(in, offset + 1, state.availableIn() - 1);
        int value = in.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
        headerCrc.update(value);
        return value;
    }

    private void receive() throws IOException {
        int count = sourceEnded ? -1 : source.read(received, 0, IN_BYTES);
        if (count < 0) {
            sourceEnded = true;
        } else {
            MemorySegment.copy(received, 0, in, ValueLayout.JAVA_BYTE, 0, count);
        }
        state.input(in, 0, Math.max(0, count));
    }

    private static void check(int result) throws ZipException {
        if (result < 0) {
            throw new ZipException(switch (result) {
                case Isal.INCORRECT_CHECKSUM -> "a checksum does not match";
                case Isal.INVALID_LOOKBACK -> "a distance points before the beginning";
                case Isal.INVALID_SYMBOL -> "a code stands for nothing";
                default -> "a block is invalid";
            });
        }
    }
}
