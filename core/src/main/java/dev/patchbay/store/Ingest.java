package dev.patchbay.store;

import dev.patchbay.reference.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;

/**
 * Content that is being written. Hashes what passes; {@link #commit} makes it a blob, {@link #close} without commit
 * leaves nothing behind. Belongs to one thread.
 */
final class Ingest extends OutputStream {
    private final ContentStore store;
    private final Path folder;
    private final Path data;
    private final FileChannel channel;
    private final MessageDigest hash = Digest.Algorithm.SHA256.newMessageDigest();
    private long size;

    Ingest(ContentStore store, Path folder, Path data, FileChannel channel) {
        this.store = store;
        this.folder = folder;
        this.data = data;
        this.channel = channel;
    }

    /** A committed blob and its size in bytes. */
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

    /**
     * Makes the content durable and visible under its digest.
     *
     * @param lease protects the blob from now on
     */
    Blob commit(BlobLeases.Lease lease) {
        Digest digest = Digest.of(Digest.Algorithm.SHA256, hash.digest());
        lease.hold(digest);
        store.commit(data, channel, digest);
        return new Blob(digest, size);
    }

    /**
     * As {@link #commit(BlobLeases.Lease)}, for content whose digest and size are known beforehand.
     *
     * @throws StoreException if they are not what was written; nothing becomes visible then
     */
    Blob commit(BlobLeases.Lease lease, Blob expected) {
        Digest digest = Digest.of(Digest.Algorithm.SHA256, hash.digest());
        if (!new Blob(digest, size).equals(expected)) {
            throw new StoreException(
                    "refused to store content as " + expected.digest() + " (" + expected.size()
                            + " bytes): it has " + size + " bytes and the digest " + digest,
                    null);
        }
        lease.hold(digest);
        store.commit(data, channel, digest);
        return expected;
    }

    /** Ends the writing and removes what is left of it. What cannot be removed expires. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw DiskTrouble.at(DiskStep.WRITE, data, e);
        } finally {
            store.abandon(folder);
        }
    }
}
