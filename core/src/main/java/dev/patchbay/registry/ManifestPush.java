package dev.patchbay.registry;

import dev.patchbay.image.RawManifest;
import dev.patchbay.reference.Digest;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Publishes a manifest under a tag, unless the tag names it already. */
final class ManifestPush {
    private static final String DIGEST = "Docker-Content-Digest";
    private static final Set<Integer> DONE = Set.of(200, 201, 202, 204);

    private final Session session;
    private final String tag;
    private final RawManifest manifest;

    ManifestPush(Session session, String tag, RawManifest manifest) {
        this.session = session;
        this.tag = tag;
        this.manifest = manifest;
    }

    Mono<Digest> run() {
        return Mono.defer(() -> session.atRegistry(this::at)
                .retryWhen(session.tools().repetition().asRetry())
                .then(Mono.just(manifest.digest())));
    }

    private Flux<Void> at(Endpoint endpoint) {
        return isThere(endpoint).filter(there -> !there).flatMap(_ -> put(endpoint)).flux();
    }

    private Mono<Boolean> isThere(Endpoint endpoint) {
        var request = request("HEAD", endpoint).with("Accept", manifest.mediaType() + ", */*");
        return Mono.usingWhen(session.send(endpoint, request),
                answer -> Mono.just(answer.status() == 200
                        && answer.header(DIGEST).equals(Optional.of(manifest.digest().toString()))),
                Answer::close);
    }

    private Mono<Void> put(Endpoint endpoint) {
        byte[] bytes = manifest.bytes();
        var request = request("PUT", endpoint)
                .with("Content-Type", manifest.mediaType())
                .with(new Request.Body(bytes.length, Mono.fromSupplier(() -> ByteBuffer.wrap(bytes)),
                        _ -> {}));
        return Mono.usingWhen(session.send(endpoint, request), this::judge, Answer::close);
    }

    private Mono<Void> judge(Answer answer) {
        return DONE.contains(answer.status())
                ? Digests.agrees(answer, manifest.digest())
                : session.refuse(answer);
    }

    private Request request(String method, Endpoint endpoint) {
        return session.request("publish " + session.name().familiarName() + ":" + tag, method, endpoint,
                "manifests/" + tag);
    }
}
