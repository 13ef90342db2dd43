package dev.patchbay.registry;

import dev.patchbay.reference.Digest;
import dev.patchbay.text.Quoted;
import reactor.core.publisher.Mono;

/** What a registry says it has got. */
final class Digests {
    private Digests() {}

    /** Fails if an answer names another digest. Many registries name none. */
    static Mono<Void> agrees(Answer answer, Digest sent) {
        return answer.header("Docker-Content-Digest")
                .filter(told -> !told.equals(sent.toString()))
                .<Mono<Void>>map(told -> Mono.error(() -> new RegistryException.Broken(
                        Failures.sentence(answer.request(), "got " + sent + " and says it has "
                                + Quoted.shortened(told)),
                        null)))
                .orElseGet(Mono::empty);
    }
}
