package dev.patchbay.registry;

import dev.patchbay.image.Descriptor;
import dev.patchbay.image.RawManifest;
import dev.patchbay.reference.Digest;
import dev.patchbay.reference.Reference;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A repository over HTTP. */
final class HttpRepository implements Repository {
    private final Session session;

    HttpRepository(Session session) {
        this.session = session;
    }

    @Override
    public Mono<RawManifest> manifest(Reference reference) {
        return new ManifestFetch(session, reference).run();
    }

    @Override
    public Flux<ByteBuffer> blob(Descriptor blob) {
        return BlobTransfer.of(session, blob);
    }

    @Override
    public Mono<Upload> upload(Descriptor blob, Publisher<ByteBuffer> content, Optional<Reference> mountFrom,
            LongConsumer sent) {
        return Mono.error(() -> new UnsupportedOperationException("not yet"));
    }

    @Override
    public Mono<Digest> publish(String tag, RawManifest manifest) {
        return Mono.error(() -> new UnsupportedOperationException("not yet"));
    }
}
