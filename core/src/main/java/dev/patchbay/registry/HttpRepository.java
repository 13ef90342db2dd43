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
    private final Mono<Void> closed;

    /**
     * Makes one.
     *
     * @param closed fails when the client is closed, and everything with it
     */
    HttpRepository(Session session, Mono<Void> closed) {
        this.session = session;
        this.closed = closed;
    }

    @Override
    public Mono<RawManifest> manifest(Reference reference) {
        return new ManifestFetch(session, reference).run().takeUntilOther(closed);
    }

    @Override
    public Flux<ByteBuffer> blob(Descriptor blob) {
        return BlobTransfer.of(session, blob).takeUntilOther(closed);
    }

    @Override
    public Mono<Upload> upload(Descriptor blob, Publisher<ByteBuffer> content, Optional<Reference> mountFrom,
            LongConsumer sent) {
        return BlobUpload.of(session, new BlobUpload.Order(blob, content, mountFrom, sent))
                .takeUntilOther(closed);
    }

    @Override
    public Mono<Digest> publish(String tag, RawManifest manifest) {
        return new ManifestPush(session, tag, manifest).run().takeUntilOther(closed);
    }
}
