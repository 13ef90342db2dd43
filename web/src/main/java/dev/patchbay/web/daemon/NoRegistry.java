package dev.patchbay.web.daemon;

import dev.patchbay.reference.Reference;
import dev.patchbay.registry.Credentials;
import dev.patchbay.registry.Registry;
import dev.patchbay.registry.RegistryAccess;
import dev.patchbay.registry.Repository;
import reactor.core.publisher.Mono;

/** Stands in until the client is there. */
final class NoRegistry implements Registry {
    @Override
    public Repository repository(Reference name, Action action, RegistryAccess access) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Mono<String> login(String server, Credentials credentials) {
        return Mono.error(new UnsupportedOperationException());
    }

    @Override
    public Mono<Void> close() {
        return Mono.empty();
    }
}
