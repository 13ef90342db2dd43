package dev.patchbay.store;

import dev.patchbay.reference.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;

/** Streams blobs to readers, as fast as they ask, and verifies them on the way. */
final class BlobReader {
    private static final int CHUNK_BYTES = 64 << 10;

    private final Layout layout;
    private final DurableFiles files;
    private final BlobLeases leases;
    private final BlockingWork io;

    BlobReader(Layout layout, DurableFiles files, BlobLeases leases, BlockingWork io) {
        this.layout = layout;
        this.files = files;
        this.leases = leases;
        this.io = io;
    }

    Flux<ByteBuffer> read(Digest blob) {
        return Flux.<ByteBuffer, Open>generate(() -> open(blob), Open::next, Open::close)
                .subscribeOn(io.threads());
    }

    private Open open(Digest blob) {
        leases.settle(blob);
        Path file = layout.blob(blob);
        InputStream in = files.step(DiskStep.READ, file,
                () -> Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS));
        return new Open(blob, file, in, blob.algorithm().newMessageDigest());
    }

    /** A blob being read, by one thread at a time. */
    private record Open(Digest blob, Path file, InputStream in, MessageDigest hash) {
        Open next(SynchronousSink<ByteBuffer> sink) {
            try {
                byte[] chunk = in.readNBytes(CHUNK_BYTES);
                hash.update(chunk);
                if (chunk.length > 0) {
                    sink.next(ByteBuffer.wrap(chunk).asReadOnlyBuffer());
                } else if (Digest.of(blob.algorithm(), hash.digest()).equals(blob)) {
                    sink.complete();
                } else {
                    sink.error(ContentStore.damaged(file));
                }
            } catch (IOException e) {
                sink.error(DiskTrouble.at(DiskStep.READ, file, e));
            }
            return this;
        }

        void close() {
            try {
                in.close();
            } catch (IOException e) {
                throw DiskTrouble.at(DiskStep.READ, file, e);
            }
        }
    }
}
