package dev.patchbay.engine;

import dev.patchbay.image.Descriptor;
import dev.patchbay.image.RawManifest;
import java.nio.ByteBuffer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Where the parts of one image come from: a registry, or the store. Failures are the façade's exceptions. */
interface ImageSource {
    /** A manifest or index that an index names. */
    Mono<RawManifest> manifest(Descriptor manifest);

    /** The bytes of a configuration, no more than the descriptor says. */
    Flux<ByteBuffer> config(Descriptor config);
}
