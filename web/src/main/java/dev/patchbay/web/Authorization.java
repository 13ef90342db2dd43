package dev.patchbay.web;

import dev.patchbay.authz.AuthzChain;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * Who must agree to requests.
 *
 * @param chain the plugins that are asked
 * @param wayOut if root may find and get rid of plugins on a unix socket whatever they say: where that is told
 */
public record Authorization(AuthzChain chain, Optional<Audit> wayOut) {
    /** Where it is told what root did. */
    @FunctionalInterface
    public interface Audit {
        /** Tells of one request, with details. Completes when it is told. */
        Mono<Void> note(Map<String, String> details);
    }
}
