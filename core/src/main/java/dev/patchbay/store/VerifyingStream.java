package dev.patchbay.store;

import dev.patchbay.reference.Digest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;

/** Reads a stored blob; its end is an error if the blob is not what its name says. */
final class VerifyingStream extends FilterInputStream {
    private final Digest expected;
    private final Path file;
    private final MessageDigest hash;
    private boolean judged;

    VerifyingStream(InputStream in, Digest expected, Path file) {
        super(in);
        this.expected = expected;
        this.file = file;
        this.hash = expected.algorithm().newMessageDigest();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = super.read(target, offset, length);
        if (count > 0) {
            hash.update(target, offset, count);
        } else if (count < 0 && !judged) {
            judged = true;
            judge();
        }
        return count;
    }

    private void judge() {
        if (!Digest.of(expected.algorithm(), hash.digest()).equals(expected)) {
            throw ContentStore.damaged(file);
        }
    }
}
