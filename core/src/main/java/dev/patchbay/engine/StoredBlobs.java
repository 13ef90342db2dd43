package dev.patchbay.engine;

import dev.patchbay.PluginStorageException;
import dev.patchbay.image.Descriptor;
import dev.patchbay.image.InvalidImageException;
import dev.patchbay.reference.Digest;
import dev.patchbay.store.BlobHold;
import dev.patchbay.store.PluginStore;
import dev.patchbay.store.StoreException;
import dev.patchbay.stream.UntilFailure;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads blobs of the store; failures are the façade's. */
final class StoredBlobs {
    private final PluginStore store;
    private final Limits limits;
    private final EngineThreads threads;

    StoredBlobs(Works works) {
        this.store = works.store();
        this.limits = works.config().limits();
        this.threads = works.threads();
    }

    static PluginStorageException unreadable(StoreException e) {
        return new PluginStorageException(String.valueOf(e.getMessage()), e);
    }

    /** The size of a blob; empty if there is none. */
    Mono<Long> size(Digest digest) {
        return limited(store.blobSize(digest), "looking for " + digest, limits.look());
    }

    /** Keeps something small as a blob. */
    Mono<Digest> put(byte[] content, BlobHold hold) {
        return limited(store.put(content, hold), "writing a blob", limits.write());
    }

    private <T> Mono<T> limited(Mono<T> work, String what, Duration limit) {
        return Mono
                .defer(() -> Mono.firstWithSignal(work, new Patience(what, limit, () -> true, threads).end()))
                .onErrorMap(StoreException.class, StoredBlobs::unreadable);
    }

    /** The bytes of a blob, verified by the end. Whoever reads slowly may do so. */
    Flux<ByteBuffer> read(Digest digest) {
        return Flux.defer(() -> {
            var asked = new Reading(digest);
            return UntilFailure.of(asked.bytes(), asked.patience.end());
        }).onErrorMap(StoreException.class, StoredBlobs::unreadable);
    }

    /** A blob, and whose turn it is: the disk's when somebody asks for bytes. */
    private final class Reading {
        private final Digest digest;
        private final Debt debt = new Debt(this::moved);
        private final Patience patience;

        Reading(Digest digest) {
            this.digest = digest;
            this.patience = new Patience("reading " + digest, limits.look(), debt::isOwed, threads);
        }

        private void moved() {
            patience.moved();
        }

        Flux<ByteBuffer> bytes() {
            return debt.counting(store.blob(digest));
        }
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
