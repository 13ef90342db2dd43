package dev.patchbay.registry;

import dev.patchbay.image.MediaType;
import dev.patchbay.image.RawManifest;
import dev.patchbay.json.JsonTrees;
import dev.patchbay.reference.Digest;
import dev.patchbay.reference.InvalidDigestException;
import dev.patchbay.reference.Reference;
import dev.patchbay.text.Quoted;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;

/** Gets a manifest, to the byte. One request: what {@code HEAD} would tell, {@code GET} tells too. */
final class ManifestFetch {
    /** What we read, then anything: an error about a strange manifest tells more than one about a missing one. */
    static final String ACCEPT = String.join(", ", MediaType.DOCKER_MANIFEST, MediaType.DOCKER_MANIFEST_LIST,
            MediaType.OCI_MANIFEST, MediaType.OCI_INDEX, "*/*");

    private final Session session;
    private final Reference reference;

    ManifestFetch(Session session, Reference reference) {
        this.session = session;
        this.reference = reference.withDefaultTag();
    }

    Mono<RawManifest> run() {
        return Mono.defer(() -> session.anywhere(this::from)
                .retryWhen(session.tools().repetition().asRetry())
                .singleOrEmpty());
    }

    private Flux<RawManifest> from(Endpoint endpoint) {
        String named = reference.digest()
                .map(Digest::toString)
                .orElseGet(() -> reference.tag().orElseThrow());
        var request = session.request("fetch the manifest of " + reference.familiar(), "GET", endpoint,
                "manifests/" + named).with("Accept", ACCEPT);
        return Flux.defer(() -> Flux.usingWhen(session.send(endpoint, request), this::read, Answer::close));
    }

    private Mono<RawManifest> read(Answer answer) {
        return answer.status() == 200
                ? answer.bytes(RawManifest.MAX_BYTES).map(bytes -> checked(answer, bytes))
                : session.refuse(answer);
    }

    private RawManifest checked(Answer answer, byte[] bytes) {
        if (bytes.length == 0) {
            throw broken(answer, "answers with an empty manifest");
        }
        Optional<Digest> told = answer.header("Docker-Content-Digest").map(text -> digest(answer, text));
        Digest named = reference.digest().or(() -> told).orElseGet(() -> Digest.sha256(bytes));
        reject(answer, named, bytes);
        told.ifPresent(digest -> reject(answer, digest, bytes));
        return new RawManifest(mediaType(answer, bytes), named, bytes);
    }

    private static void reject(Answer answer, Digest wanted, byte[] bytes) {
        var found = Digest.of(wanted.algorithm(), wanted.algorithm().newMessageDigest().digest(bytes));
        if (!found.equals(wanted)) {
            throw broken(answer, "sends something else than " + wanted + ": its digest is " + found);
        }
    }

    private static Digest digest(Answer answer, String text) {
        try {
            return Digest.parse(text);
        } catch (InvalidDigestException e) {
            throw broken(answer, "names a digest that is none: \"" + Quoted.shortened(text) + "\"");
        }
    }

    /** What the headers say, else what the manifest says of itself, else nothing. */
    private static String mediaType(Answer answer, byte[] bytes) {
        String told = answer.header("Content-Type").orElse("").replaceFirst(";.*$", "").strip();
        if (!told.isEmpty()) {
            return told;
        }
        try {
            return JsonTrees.LENIENT.read(bytes).path("mediaType").asString("");
        } catch (JacksonException _) {
            return ""; // not a manifest at all, which whoever reads it will say
        }
    }

    private static RegistryException.Broken broken(Answer answer, String reason) {
        return new RegistryException.Broken(Failures.sentence(answer.request(), reason), null);
    }
}
