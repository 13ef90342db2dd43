package dev.patchbay.registry;

import dev.patchbay.image.Descriptor;
import dev.patchbay.image.RawManifest;
import dev.patchbay.reference.Digest;
import dev.patchbay.reference.Reference;
import dev.patchbay.stream.UntilFailure;
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
        return UntilFailure.of(new ManifestFetch(session, reference).run(), closed);
    }

    @Override
    public Flux<ByteBuffer> blob(Descriptor blob) {
        return UntilFailure.of(BlobTransfer.of(session, blob), closed);
    }

    @Override
    public Mono<Upload> upload(Descriptor blob, Publisher<ByteBuffer> content, Optional<Reference> mountFrom,
            LongConsumer sent) {
        return UntilFailure.of(
                BlobUpload.of(session, new BlobUpload.Order(blob, content, mountFrom, sent)), closed);
    }

    @Override
    public Mono<Digest> publish(String tag, RawManifest manifest) {
        return UntilFailure.of(new ManifestPush(session, tag, manifest).run(), closed);
    }
}
