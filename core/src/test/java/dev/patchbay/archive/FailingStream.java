package dev.patchbay.archive;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;

/** A stream that gives some bytes and then fails. */
final class FailingStream extends FilterInputStream {
    private final IOException failure;

    FailingStream(byte[] bytes, IOException failure) {
        super(new ByteArrayInputStream(bytes));
        this.failure = failure;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        if (value < 0) {
            throw failure;
        }
        return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = super.read(target, offset, length);
        if (count < 0) {
            throw failure;
        }
        return count;
    }
}
