package dev.patchbay.store;

import dev.patchbay.reference.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Content that is being written. Hashes what passes; {@link #commit} makes it a blob, {@link #close} without commit
 * leaves nothing behind. Belongs to one thread at a time.
 */
final class Ingest extends OutputStream {
    private final ContentStore store;
    private final Path data;
    private final FileChannel channel;
    private final Digest.Algorithm algorithm;
    private final MessageDigest hash;
    private long size;
    private Optional<Blob> sealed = Optional.empty();

    Ingest(ContentStore store, Path data, FileChannel channel, Digest.Algorithm algorithm) {
        this.store = store;
        this.data = data;
        this.channel = channel;
        this.algorithm = algorithm;
        this.hash = algorithm.newMessageDigest();
    }

    /** What was written: its digest and its size in bytes. */
    record Blob(Digest digest, long size) {}

    @Override
    public void write(int b) {
        write(new byte[]{(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        store.append(data, channel, ByteBuffer.wrap(bytes, offset, length));
        hash.update(bytes, offset, length);
        size += length;
    }

    /** The file that is written to. */
    Path data() {
        return data;
    }

    /** How many bytes were written. */
    long size() {
        return size;
    }

    /** Says what was written. Nothing may be written afterwards. */
    Blob seal() {
        Blob blob = sealed.orElseGet(() -> new Blob(Digest.of(algorithm, hash.digest()), size));
        sealed = Optional.of(blob);
        return blob;
    }

    /** Waits until what was written is on the disk, so that {@link #commit} need not. */
    void sync() {
        store.sync(data, channel);
    }

    /**
     * Makes the content durable and visible under its digest.
     *
     * @param lease protects the blob from now on
     */
    Blob commit(BlobLeases.Lease lease) {
        Blob blob = seal();
        lease.claim(blob.digest());
        store.commit(data, channel, blob.digest());
        return blob;
    }

    /** Ends the writing and removes what is left of it. What cannot be removed expires. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw DiskTrouble.at(DiskStep.WRITE, data, e);
        } finally {
            store.abandon(DurableFiles.parent(data));
        }
    }
}
