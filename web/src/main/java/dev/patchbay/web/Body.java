package dev.patchbay.web;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The body of a request. It can be read once.
 *
 * @param chunks the bytes in heap buffers of their own, read from the socket as fast as they are asked for; fails
 *     with {@link HttpFailure} if the client goes away before the end
 * @param declaredLength the {@code Content-Length}; empty for a chunked body, 0 if there is none
 * @param limit how many bytes {@link #bytes} takes at most
 */
public record Body(Flux<ByteBuffer> chunks, OptionalLong declaredLength, int limit) {
    /** Whether the request says that it has no body. */
    public boolean isAbsent() {
        return declaredLength.isPresent() && declaredLength.getAsLong() == 0;
    }

    /** The whole body; fails with {@link HttpFailure} 413 if it is longer than the limit. */
    public Mono<byte[]> bytes() {
        return Mono.defer(() -> {
            if (declaredLength.orElse(0) > limit) {
                return Mono.error(tooLarge());
            }
            return chunks.reduceWith(ByteArrayOutputStream::new, this::append)
                    .map(ByteArrayOutputStream::toByteArray);
        });
    }

    private ByteArrayOutputStream append(ByteArrayOutputStream all, ByteBuffer chunk) {
        if (all.size() + chunk.remaining() > limit) {
            throw tooLarge();
        }
        all.write(chunk.array(), chunk.arrayOffset() + chunk.position(), chunk.remaining());
        return all;
    }

    private HttpFailure tooLarge() {
        return new HttpFailure(413,
                "the request body is too large: at most " + limit + " bytes are taken here");
    }
}
