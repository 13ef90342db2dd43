package dev.patchbay.store;

import dev.patchbay.image.Descriptor;
import java.nio.ByteBuffer;
import reactor.core.publisher.Flux;

/** Where blobs come from that the store does not have. */
@FunctionalInterface
public interface BlobSource {
    /** The bytes of a blob; cold. The store verifies them itself, honours back-pressure, and cancels when it gives up. */
    Flux<ByteBuffer> open(Descriptor blob);
}
