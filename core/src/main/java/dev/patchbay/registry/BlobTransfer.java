package dev.patchbay.registry;

import dev.patchbay.image.Descriptor;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One blob on its way to one subscriber. Whatever breaks, the next request asks for the rest; a server that sends the
 * whole again is listened to from where the last one stopped. Signals come one after the other, so nothing here is guarded.
 */
final class BlobTransfer {
    private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");

    private final Session session;
    private final Descriptor blob;
    private final Repetition repetition;
    private long delivered;
    private boolean wholeOnly;

    private BlobTransfer(Session session, Descriptor blob) {
        this.session = session;
        this.blob = blob;
        this.repetition = session.tools().repetition();
    }

    /** The bytes of a blob. */
    static Flux<ByteBuffer> of(Session session, Descriptor blob) {
        return Flux.defer(() -> {
            var transfer = new BlobTransfer(session, blob);
            return session.anywhere(transfer::from).retryWhen(transfer.repetition.asRetry());
        });
    }

    private Flux<ByteBuffer> from(Endpoint endpoint) {
        return Flux.defer(
                () -> Flux.usingWhen(session.send(endpoint, request(endpoint)), this::read, Answer::close));
    }

    private Request request(Endpoint endpoint) {
        var whole = session.request("fetch " + blob.digest() + " of " + session.name().familiarName(), "GET",
                endpoint, "blobs/" + blob.digest()).with("Accept", blob.mediaType() + ", */*");
        return delivered > 0 && !wholeOnly ? whole.with("Range", "bytes=" + delivered + "-") : whole;
    }

    private Flux<ByteBuffer> read(Answer answer) {
        return switch (answer.status()) {
            case 200 -> {
                if (answer.length().orElse(blob.size()) != blob.size()) {
                    yield broken(answer, "has it with " + answer.length().orElse(0) + " bytes instead of "
                            + blob.size());
                }
                yield content(answer, delivered);
            }
            case 206 -> partial(answer);
            case 416 -> {
                boolean asked = delivered > 0 && !wholeOnly;
                wholeOnly = true;
                yield asked
                        ? unavailable(answer, "does not send the rest from byte " + delivered)
                        : broken(answer, "answers with status 416");
            }
            default -> session.<ByteBuffer>refuse(answer).flux();
        };
    }

    private Flux<ByteBuffer> partial(Answer answer) {
        Matcher range = RANGE.matcher(answer.header("Content-Range").orElse(""));
        boolean fits = range.matches() && Long.parseLong(range.group(1)) == delivered
                && Long.parseLong(range.group(2)) < blob.size()
                && (range.group(3).equals("*") || Long.parseLong(range.group(3)) == blob.size());
        if (!fits) {
            wholeOnly = true;
            return unavailable(answer, "sends another part than the one from byte " + delivered);
        }
        return content(answer, 0);
    }

    private Flux<ByteBuffer> content(Answer answer, long known) {
        var part = new Part(known);
        return answer.stream()
                .<ByteBuffer>handle((chunk, sink) -> {
                    ByteBuffer fresh = part.fresh(chunk);
                    if (fresh.remaining() > blob.size() - delivered) {
                        sink.error(new RegistryException.Broken(Failures.sentence(answer.request(),
                                "sends more than its " + blob.size() + " bytes"), null));
                    } else if (fresh.hasRemaining()) {
                        take(fresh);
                        sink.next(fresh);
                    }
                })
                .concatWith(Mono.defer(() -> end(answer)))
                .onErrorResume(RegistryException.Unavailable.class,
                        failure -> delivered == blob.size() ? end(answer) : Mono.error(failure));
    }

    /** Leaves out the beginning of an answer that was delivered before. */
    private static final class Part {
        private long known;

        Part(long known) {
            this.known = known;
        }

        ByteBuffer fresh(ByteBuffer chunk) {
            int skipped = (int) Math.min(known, chunk.remaining());
            known -= skipped;
            return chunk.position(chunk.position() + skipped);
        }
    }

    private void take(ByteBuffer fresh) {
        delivered += fresh.remaining();
        repetition.progressed();
    }

    private Mono<ByteBuffer> end(Answer answer) {
        return delivered == blob.size()
                ? Mono.empty()
                : Mono.error(() -> new RegistryException.Unavailable(Failures.sentence(answer.request(),
                        "ended after " + delivered + " of " + blob.size() + " bytes"), null));
    }

    private static Flux<ByteBuffer> broken(Answer answer, String reason) {
        return Flux
                .error(() -> new RegistryException.Broken(Failures.sentence(answer.request(), reason), null));
    }

    private static Flux<ByteBuffer> unavailable(Answer answer, String reason) {
        return Flux.error(
                () -> new RegistryException.Unavailable(Failures.sentence(answer.request(), reason), null));
    }
}
