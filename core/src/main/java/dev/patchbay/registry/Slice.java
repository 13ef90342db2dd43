package dev.patchbay.registry;

import java.nio.ByteBuffer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A part of some content: what comes before it is read and left out, what comes after is not read. */
final class Slice {
    private final String what;
    private long skip;
    private long left;

    private Slice(String what, long skip, long left) {
        this.what = what;
        this.skip = skip;
        this.left = left;
    }

    /**
     * The bytes from {@code from} on, {@code length} of them; fails if there are fewer.
     *
     * @param what names the content in the failure
     */
    static Flux<ByteBuffer> of(Publisher<ByteBuffer> content, String what, long from, long length) {
        return Flux.defer(() -> {
            var slice = new Slice(what, from, length);
            return Flux.from(content)
                    .map(slice::cut)
                    .filter(ByteBuffer::hasRemaining)
                    .takeUntil(_ -> slice.left == 0)
                    .concatWith(Mono.defer(slice::end));
        });
    }

    /** Leaves the buffer as it is: it may be shared. */
    private ByteBuffer cut(ByteBuffer whole) {
        int skipped = (int) Math.min(skip, whole.remaining());
        int taken = (int) Math.min(left, whole.remaining() - skipped);
        skip -= skipped;
        left -= taken;
        return whole.slice(whole.position() + skipped, taken);
    }

    private Mono<ByteBuffer> end() {
        return left == 0
                ? Mono.empty()
                : Mono.error(() -> new RegistryException.Broken(
                        "cannot send " + what + ": " + left + " bytes are missing at its end", null));
    }
}
