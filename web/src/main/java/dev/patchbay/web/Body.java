package dev.patchbay.web;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.function.IntConsumer;
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
        return bytes(limit, "the request body is too large: at most " + limit + " bytes are taken here",
                _ -> {});
    }

    /**
     * The whole body; fails with {@link HttpFailure} 413 and this sentence if it is longer than so many bytes.
     *
     * @param room is told of bytes before they are kept, and may fail: of all at once where their number is declared
     */
    Mono<byte[]> bytes(int most, String tooLarge, IntConsumer room) {
        return Mono.defer(() -> {
            if (declaredLength.orElse(0) > most) {
                return Mono.error(new HttpFailure(413, tooLarge));
            }
            int declared = (int) declaredLength.orElse(0);
            room.accept(declared);
            return chunks
                    .reduceWith(() -> new ByteArrayOutputStream(declared),
                            (all, chunk) -> append(all, chunk, most, tooLarge,
                                    declaredLength.isPresent() ? _ -> {} : room))
                    .map(ByteArrayOutputStream::toByteArray);
        });
    }

    private static ByteArrayOutputStream append(ByteArrayOutputStream all, ByteBuffer chunk, int most,
            String tooLarge, IntConsumer room) {
        if (all.size() + chunk.remaining() > most) {
            throw new HttpFailure(413, tooLarge);
        }
        room.accept(chunk.remaining());
        all.write(chunk.array(), chunk.arrayOffset() + chunk.position(), chunk.remaining());
        return all;
    }

    /** The same body, now that it was read: exactly these bytes, as often as they are wanted. */
    Body read(byte[] bytes) {
        Flux<ByteBuffer> again = bytes.length == 0
                ? Flux.empty()
                : Flux.defer(() -> Flux.just(ByteBuffer.wrap(bytes)));
        return new Body(again, declaredLength, limit);
    }
}
