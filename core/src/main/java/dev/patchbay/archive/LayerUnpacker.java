package dev.patchbay.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.concurrent.Executor;

/**
 * Unpacks layers as they are published, plain or compressed with gzip or zstd, as their first bytes say: decompresses them
 * on one thread while another writes files. Under the rules of {@link LayerExtractor}.
 *
 * <p>Instances hold settings only and may be shared between threads; two calls must not share a target.
 */
public final class LayerUnpacker {
    private final LayerExtractor extractor;
    private final Executor decompression;

    /**
     * Makes an unpacker.
     *
     * @param limits apply to each layer by itself, unpacked
     * @param decompression where layers are read and decompressed: one task for each call, which blocks when its
     *     layer does and lives as long as the call. Must start it at once: a task that waits for a thread that the caller of
     *     {@link #unpack} occupies waits for ever
     */
    public LayerUnpacker(ArchiveLimits limits, Ownership ownership, Executor decompression) {
        this.extractor = new LayerExtractor(limits, ownership);
        this.decompression = decompression;
    }

    /**
     * Unpacks one layer on top of what the target holds. Call it for the lowest layer first. Blocks; an interrupt ends
     * it promptly, if {@code layer} lets itself be interrupted. Reads the layer to its end, also beyond the end of what is
     * compressed in it, on the other thread, which has let go of it when this returns; does not close it. After an exception
     * the target holds a part of the layer and must be thrown away.
     *
     * <p>Nothing proves here that the layer is whole: compare its digest before the target is used.
     *
     * @param target an existing directory that nobody else writes to and that has no mounts below it
     * @throws ArchiveException if the layer is bad, too big or cannot be placed, or the thread was interrupted
     * @throws IOException if {@code layer} fails: its own exception
     */
    public void unpack(InputStream layer, Path target) throws IOException {
        unpack(layer, target, (_, _, _) -> {});
    }

    /**
     * As {@link #unpack(InputStream, Path)}, and hashes what is unpacked, which is what the layer's diff id is made of (OCI
     * image specification, {@code config.md}).
     *
     * @param unpacked gets every byte of the decompressed archive, on this thread: decompressing takes longer than writing
     *     does, so the hash goes with the writing; complete when this returns
     */
    public void unpack(InputStream layer, Path target, MessageDigest unpacked) throws IOException {
        unpack(layer, target, unpacked::update);
    }

    private void unpack(InputStream layer, Path target, ReadAhead.Witness witness) throws IOException {
        try (var tar = new ReadAhead(decompression, () -> new Whole(Decompression.open(layer), layer),
                witness)) {
            extractor.extract(tar, target);
        }
    }

    /** The plain bytes of a layer; at their end, what is left of the layer is read too. */
    private static final class Whole extends FilterInputStream {
        private final InputStream layer;

        Whole(InputStream plain, InputStream layer) {
            super(plain);
            this.layer = layer;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = super.read(target, offset, length);
            if (count < 0) {
                layer.transferTo(OutputStream.nullOutputStream());
            }
            return count;
        }
    }
}
