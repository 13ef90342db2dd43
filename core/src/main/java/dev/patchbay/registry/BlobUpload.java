package dev.patchbay.registry;

import dev.patchbay.image.Descriptor;
import dev.patchbay.reference.Reference;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One blob on its way to a registry (OCI distribution specification, "Pushing blobs"). It is sent whole, in one request.
 * If that breaks off, the registry is asked how much it has, and gets the rest in pieces; a registry that finds the whole
 * too large gets pieces too. An upload that the registry has forgotten begins again. Attempts come one after the other,
 * so nothing here is guarded.
 */
final class BlobUpload {
    /** How large pieces are if nobody says so. Cloud storage behind registries wants at least 5 MiB. */
    private static final long PIECE = 32 << 20;
    private static final Set<Integer> DONE = Set.of(200, 201, 202, 204);
    private static final Set<Integer> TOO_LARGE = Set.of(411, 413);
    private static final Pattern RANGE = Pattern.compile("(?:bytes=)?0-(\\d{1,18})");

    private final Session session;
    private final Order order;
    private final Repetition repetition;
    private Optional<URI> location = Optional.empty();
    private boolean inPieces;
    private boolean mountTried;
    private boolean sentBefore;
    private long piece;
    private long accepted;

    /** What is to be sent; see {@link Repository#upload}. */
    record Order(Descriptor blob, Publisher<ByteBuffer> content, Optional<Reference> mountFrom,
            LongConsumer sent) {}

    private BlobUpload(Session session, Order order) {
        this.session = session;
        this.order = order;
        this.repetition = session.tools().repetition();
        var configured = session.tools().config().uploadChunkBytes();
        this.inPieces = configured.isPresent();
        this.piece = configured.orElse(PIECE);
    }

    static Mono<Repository.Upload> of(Session session, Order order) {
        return Mono.defer(() -> {
            var upload = new BlobUpload(session, order);
            return session.atRegistry(endpoint -> upload.attempt(endpoint).flux())
                    .retryWhen(upload.repetition.asRetry())
                    .single();
        });
    }

    private Mono<Repository.Upload> attempt(Endpoint endpoint) {
        return Mono.defer(() -> location.isPresent()
                ? askProgress(endpoint)
                        .then(Mono.defer(() -> location.isPresent() ? send(endpoint) : begin(endpoint)))
                : begin(endpoint));
    }

    /** How far the registry has come with an upload that broke off. */
    private Mono<Void> askProgress(Endpoint endpoint) {
        var request = request("GET", location.orElseThrow(), endpoint);
        return Mono.usingWhen(session.send(endpoint, request), answer -> switch (answer.status()) {
            case 200, 202, 204 -> Mono.fromRunnable(() -> resume(answer));
            case 401, 403, 408, 429, 500, 502, 503, 504 -> session.refuse(answer);
            default -> Mono.fromRunnable(this::forget);
        }, Answer::close);
    }

    private void resume(Answer answer) {
        long has = progress(answer);
        // "0-0" may mean nothing as well as one byte: an upload that has hardly begun begins again.
        if (has <= 1 || has > order.blob().size()) {
            forget();
            return;
        }
        if (has > accepted) {
            repetition.progressed();
        }
        accepted = has;
        inPieces = true;
        moved(answer);
    }

    private static long progress(Answer answer) {
        Matcher range = RANGE.matcher(answer.header("Range").orElse(""));
        return range.matches() ? Long.parseLong(range.group(1)) + 1 : 0;
    }

    private void forget() {
        location = Optional.empty();
        accepted = 0;
    }

    private void moved(Answer answer) {
        if (answer.header("Location").isPresent()) {
            location = Optional.of(Locations.resolve(answer));
        }
    }

    private Mono<Repository.Upload> begin(Endpoint endpoint) {
        return isThere(endpoint).flatMap(there -> {
            if (there) {
                order.sent().accept(order.blob().size());
                return Mono.just(sentBefore ? Repository.Upload.SENT : Repository.Upload.EXISTED);
            }
            return mount(endpoint).switchIfEmpty(Mono.defer(() -> location.isPresent()
                    ? send(endpoint)
                    : open(endpoint).then(Mono.defer(() -> send(endpoint)))));
        });
    }

    private Mono<Boolean> isThere(Endpoint endpoint) {
        var request = session.request(purpose(), "HEAD", endpoint, "blobs/" + order.blob().digest());
        return Mono.usingWhen(session.send(endpoint, request), answer -> switch (answer.status()) {
            case 200 -> Mono.just(true);
            case 404 -> Mono.just(false);
            default -> session.refuse(answer);
        }, Answer::close);
    }

    /** Empty if the registry does not take it over; it may have opened an upload instead. */
    private Mono<Repository.Upload> mount(Endpoint endpoint) {
        var source = order.mountFrom()
                .filter(from -> from.domain().equals(session.name().domain())
                        && !from.path().equals(session.name().path()));
        if (source.isEmpty() || mountTried) {
            return Mono.empty();
        }
        mountTried = true;
        var scopes = session.scopes().and(Scopes.of(source.get(), Registry.Action.PULL));
        var request = withoutContent(session.request(purpose(), "POST", endpoint, "blobs/uploads/?mount="
                + order.blob().digest() + "&from=" + source.get().path()));
        return Mono.usingWhen(session.send(endpoint, request, scopes), this::mounted, Answer::close)
                .onErrorResume(RegistryException.Denied.class, _ -> Mono.empty());
    }

    private Mono<Repository.Upload> mounted(Answer answer) {
        return switch (answer.status()) {
            case 201 -> Digests.agrees(answer, order.blob().digest())
                    .then(Mono.fromSupplier(() -> Repository.Upload.MOUNTED));
            case 202 -> Mono.fromRunnable(() -> opened(answer));
            default -> Mono.empty(); // a registry that cannot mount says so in many ways
        };
    }

    private Mono<Void> open(Endpoint endpoint) {
        var request = withoutContent(session.request(purpose(), "POST", endpoint, "blobs/uploads/"));
        return Mono.usingWhen(session.send(endpoint, request),
                answer -> answer.status() == 202
                        ? Mono.fromRunnable(() -> opened(answer))
                        : session.refuse(answer),
                Answer::close);
    }

    private void opened(Answer answer) {
        location = Optional.of(Locations.resolve(answer));
        accepted = 0;
        answer.header("OCI-Chunk-Min-Length")
                .filter(text -> text.matches("\\d{1,12}"))
                .ifPresent(least -> piece = Math.max(piece, Long.parseLong(least)));
    }

    private Mono<Repository.Upload> send(Endpoint endpoint) {
        sentBefore = true;
        return inPieces ? pieces(endpoint).then(Mono.defer(() -> finish(endpoint))) : whole(endpoint);
    }

    private Mono<Repository.Upload> whole(Endpoint endpoint) {
        var request = withContent(request("PUT", named(location.orElseThrow()), endpoint), 0,
                order.blob().size())
                .within(session.tools().config().timeouts().commit());
        return Mono.usingWhen(session.send(endpoint, request), answer -> {
            if (TOO_LARGE.contains(answer.status())) {
                forget();
                inPieces = true;
                return answer.close().then(Mono.defer(() -> begin(endpoint)));
            }
            return finished(answer);
        }, Answer::close);
    }

    private Mono<Void> pieces(Endpoint endpoint) {
        return Mono.defer(() -> accepted < order.blob().size() ? onePiece(endpoint) : Mono.empty())
                .repeat(() -> accepted < order.blob().size())
                .then();
    }

    private Mono<Void> onePiece(Endpoint endpoint) {
        long length = Math.min(piece, order.blob().size() - accepted);
        var request = withContent(request("PATCH", location.orElseThrow(), endpoint), accepted, length)
                .with("Content-Range", accepted + "-" + (accepted + length - 1));
        return Mono.usingWhen(session.send(endpoint, request),
                answer -> DONE.contains(answer.status())
                        ? Mono.fromRunnable(() -> taken(answer, accepted + length))
                        : failed(answer),
                Answer::close);
    }

    private void taken(Answer answer, long sent) {
        if (progress(answer) > 1 && progress(answer) != sent) {
            throw new RegistryException.Unavailable(Failures.sentence(answer.request(),
                    "has " + progress(answer) + " bytes of " + sent), null);
        }
        accepted = sent;
        repetition.progressed();
        moved(answer);
    }

    private Mono<Repository.Upload> finish(Endpoint endpoint) {
        var request = withoutContent(request("PUT", named(location.orElseThrow()), endpoint))
                .within(session.tools().config().timeouts().commit());
        return Mono.usingWhen(session.send(endpoint, request), this::finished, Answer::close);
    }

    private Mono<Repository.Upload> finished(Answer answer) {
        return DONE.contains(answer.status())
                ? Digests.agrees(answer, order.blob().digest())
                        .then(Mono.fromSupplier(() -> Repository.Upload.SENT))
                : failed(answer);
    }

    /** An upload that the registry does not know, or not so far, begins again. */
    private <T> Mono<T> failed(Answer answer) {
        if (answer.status() != 404 && answer.status() != 416) {
            return session.refuse(answer);
        }
        forget();
        return Mono.error(() -> new RegistryException.Unavailable(
                Failures.sentence(answer.request(), "has lost the upload"), null));
    }

    private Request request(String method, URI url, Endpoint endpoint) {
        var request = session.request(purpose(), method, endpoint, "blobs/uploads/");
        return new Request(request.purpose(), method, url, request.trust(), request.headers(), request.body(),
                request.patience());
    }

    private String purpose() {
        return "send " + order.blob().digest() + " to " + session.name().familiarName();
    }

    private URI named(URI upload) {
        return URI.create(
                upload + (upload.getRawQuery() == null ? "?" : "&") + "digest=" + order.blob().digest());
    }

    private static Request withoutContent(Request request) {
        return request.with(new Request.Body(0, Mono.empty(), _ -> {}));
    }

    private Request withContent(Request request, long from, long length) {
        var written = new AtomicLong(from);
        return request.with("Content-Type", "application/octet-stream")
                .with(new Request.Body(length,
                        Slice.of(order.content(), order.blob().digest().toString(), from, length),
                        bytes -> order.sent().accept(written.addAndGet(bytes))));
    }
}
