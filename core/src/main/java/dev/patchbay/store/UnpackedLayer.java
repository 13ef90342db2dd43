package dev.patchbay.store;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Stand-in until the archive package opens layers. */
final class UnpackedLayer {
    private static final int BUFFER_BYTES = 256 << 10;

    private UnpackedLayer() {}

    static InputStream open(InputStream packed) throws IOException {
        var in = new BufferedInputStream(packed, BUFFER_BYTES);
        in.mark(2);
        int first = in.read();
        int second = in.read();
        in.reset();
        return first == 0x1f && second == 0x8b ? new GZIPInputStream(in, BUFFER_BYTES) : in;
    }
}
