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

/**
 * One repository of a registry, as one operation sees it.
 *
 * <p>Every publisher is <b>cold</b>. Broken connections, 429 and 5xx are tried again with growing pauses, on the next
 * endpoint too where there are several; each step has a limit of time, each answer a limit of size. Failures are
 * {@link RegistryException}s. <b>Cancelling</b> closes the exchange. <b>Threads:</b> signals arrive on the client's event
 * loops: whoever subscribes must not block there. May be used by several subscribers at once.
 */
public interface Repository {
    /**
     * The manifest or index that a tag or digest names, verified.
     *
     * @param reference of this repository; by digest if it has one, else by tag, else by the default tag
     * @return fails with {@link RegistryException.NotFound} if there is none
     */
    Mono<RawManifest> manifest(Reference reference);

    /**
     * The bytes of a blob, exactly as many as the descriptor says, or an error. Goes on where it stopped when a connection
     * breaks. <b>Honours demand.</b> <b>Not verified:</b> whether the bytes have the descriptor's digest is for the
     * subscriber to tell, which sees all of them, and hashes on a thread of its own rather than on an event loop.
     *
     * @return heap buffers that the subscriber owns
     */
    Flux<ByteBuffer> blob(Descriptor blob);

    /**
     * Makes sure that the repository has a blob: looks whether it is there, else mounts it from another repository of the
     * same registry, else sends it.
     *
     * @param content subscribed to again if the transfer has to begin again
     * @param mountFrom a repository of the same registry that may have it
     * @param sent told the number of bytes sent so far, from any thread; must not block
     */
    Mono<Upload> upload(Descriptor blob, Publisher<ByteBuffer> content, Optional<Reference> mountFrom,
            LongConsumer sent);

    /** How a blob came to be in the repository. */
    enum Upload {
        /** It was there. */
        EXISTED,
        /** It was taken over from another repository. */
        MOUNTED,
        /** It was sent. */
        SENT
    }

    /**
     * Publishes a manifest under a tag. All that it names must be there. Sends nothing if the tag has this digest already.
     *
     * @return its digest
     */
    Mono<Digest> publish(String tag, RawManifest manifest);
}
