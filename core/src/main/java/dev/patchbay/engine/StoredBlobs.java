package dev.patchbay.engine;

import dev.patchbay.PluginStorageException;
import dev.patchbay.image.Descriptor;
import dev.patchbay.image.InvalidImageException;
import dev.patchbay.reference.Digest;
import dev.patchbay.store.PluginStore;
import dev.patchbay.store.StoreException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads blobs of the store; failures are the façade's. */
final class StoredBlobs {
    private final PluginStore store;

    StoredBlobs(PluginStore store) {
        this.store = store;
    }

    static PluginStorageException unreadable(StoreException e) {
        return new PluginStorageException(String.valueOf(e.getMessage()), e);
    }

    /** The size of a blob; empty if there is none. */
    Mono<Long> size(Digest digest) {
        return store.blobSize(digest).onErrorMap(StoreException.class, StoredBlobs::unreadable);
    }

    /** The bytes of a blob, verified by the end. */
    Flux<ByteBuffer> read(Digest digest) {
        return store.blob(digest).onErrorMap(StoreException.class, StoredBlobs::unreadable);
    }

    /** A small blob whole; fails with {@link InvalidImageException} if it is not small. */
    Mono<byte[]> bytes(Descriptor blob, int maxBytes) {
        return blob.size() > maxBytes
                ? Mono.error(() -> new InvalidImageException(
                        blob.digest() + " has " + blob.size() + " bytes, more than the " + maxBytes
                                + " that are taken"))
                : collected(read(blob.digest()));
    }

    /** The first bytes of a blob, or all if it has fewer. */
    Mono<byte[]> start(Digest digest, int count) {
        return collected(read(digest).filter(ByteBuffer::hasRemaining).take(count))
                .map(bytes -> Arrays.copyOf(bytes, Math.min(bytes.length, count)));
    }

    private static Mono<byte[]> collected(Flux<ByteBuffer> buffers) {
        return buffers.collect(ByteArrayOutputStream::new, StoredBlobs::append)
                .map(ByteArrayOutputStream::toByteArray);
    }

    static void append(ByteArrayOutputStream bytes, ByteBuffer buffer) {
        byte[] chunk = new byte[buffer.remaining()];
        buffer.get(chunk);
        bytes.writeBytes(chunk);
    }
}
