package dev.patchbay.registry;

import dev.patchbay.reference.Reference;
import reactor.core.publisher.Mono;

/** Where plugins are published. A port: the engine knows this, and not how registries are talked to. */
public interface Registry {
    /** What may be done with a repository; says what is asked of a token service. */
    enum Action {
        /** Reading. */
        PULL,
        /** Reading and writing. */
        PUSH
    }

    /** For hosts that use no registries: whatever is asked of it fails with a sentence that says so. */
    static Registry none() {
        return new NoRegistry("this host was set up without registries");
    }

    /**
     * One repository, for one operation: what is learnt while it is used (tokens, the endpoint that answers) is kept
     * for as long as the object lives. No I/O happens here.
     *
     * @param name its domain and path count
     */
    Repository repository(Reference name, Action action, RegistryAccess access);

    /**
     * Checks credentials, as {@code docker login} does.
     *
     * @param server a host with or without a port, or a URL, as users type it; empty means Docker Hub
     * @return an identity token to be used from now on instead of the password, or an empty text; fails with
     *     {@link RegistryException.Denied} if the registry refuses the credentials, and as {@link Repository} does
     */
    Mono<String> login(String server, Credentials credentials);

    /** Closes connections and threads; what is under way fails. */
    Mono<Void> close();
}
