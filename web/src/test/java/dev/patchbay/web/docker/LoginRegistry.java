package dev.patchbay.web.docker;

import dev.patchbay.reference.Reference;
import dev.patchbay.registry.Credentials;
import dev.patchbay.registry.Registry;
import dev.patchbay.registry.RegistryAccess;
import dev.patchbay.registry.RegistryException;
import dev.patchbay.registry.Repository;
import reactor.core.publisher.Mono;

/** A registry that only knows one user, and tells an identity token to those who log in at {@code tokens.example}. */
final class LoginRegistry implements Registry {
    static final Credentials GOOD = new Credentials.Password("me", "pa:ss");

    @Override
    public Mono<String> login(String server, Credentials credentials) {
        return switch (server) {
            case "down.example" ->
                Mono.error(new RegistryException.Unavailable("down.example: no answer", null));
            case "gone.example" -> Mono.error(new RegistryException.NotFound("gone.example is no registry"));
            default -> credentials.equals(GOOD)
                    ? Mono.just(server.equals("tokens.example") ? "tok" : "")
                    : Mono.error(
                            new RegistryException.Denied(server + " refuses the user name or the password"));
        };
    }

    @Override
    public Repository repository(Reference name, Action action, RegistryAccess access) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Mono<Void> close() {
        return Mono.empty();
    }
}
