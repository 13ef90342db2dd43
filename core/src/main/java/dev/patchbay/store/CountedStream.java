package dev.patchbay.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;

/** Bytes that are counted while they are read: of a layer as it is stored, or of a context as it is sent. */
final class CountedStream extends FilterInputStream {
    private final LongConsumer progress;
    private final IntConsumer more;
    private long count;

    /**
     * Counts.
     *
     * @param progress told how much was read in all
     * @param more told how much each read brought
     */
    CountedStream(InputStream in, LongConsumer progress, IntConsumer more) {
        super(in);
        this.progress = progress;
        this.more = more;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read = super.read(target, offset, length);
        if (read > 0) {
            count += read;
            progress.accept(count);
            more.accept(read);
        }
        return read;
    }
}
