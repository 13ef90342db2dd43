package dev.patchbay.registry;

import dev.patchbay.reference.InvalidReferenceException;
import dev.patchbay.reference.Reference;
import dev.patchbay.text.Quoted;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Shows credentials to a registry, and asks for something that can be kept in place of the password. */
final class Login {
    /** Names under which people and old configuration files know Docker Hub. */
    private static final Set<String> HUB = Set.of("", "docker.io", "index.docker.io", "registry-1.docker.io");

    private final Toolbox tools;
    private final String server;
    private final Credentials credentials;

    Login(Toolbox tools, String server, Credentials credentials) {
        this.tools = tools;
        this.server = server;
        this.credentials = credentials;
    }

    /** An identity token, or an empty text. */
    Mono<String> run() {
        return Mono.defer(() -> {
            String domain = domain();
            var session = new Session(new Reference(domain, "login", Optional.empty(), Optional.empty()),
                    Registry.Action.PULL, RegistryAccess.ANONYMOUS, tools);
            return session.atRegistry(this::at).retryWhen(tools.repetition().asRetry()).single();
        });
    }

    private Flux<String> at(Endpoint endpoint) {
        var request = new Request("log in", "GET", endpoint.base(), endpoint.trust(), List.of(),
                Optional.empty(),
                tools.config().timeouts().headers());
        var wish = new TokenService.Wish(request, Deed.LOGIN, Scopes.none(), true);
        return Flux.defer(() -> {
            var authorizer = tools.authorizer(credentials);
            return Flux.usingWhen(authorizer.send(wish),
                    answer -> answer.status() == 200
                            ? Mono.fromSupplier(() -> authorizer.refreshToken(wish.scopes()))
                            : tools.refusals().refuse(answer, Deed.LOGIN),
                    Answer::close);
        });
    }

    private String domain() {
        String host = server.strip().replaceFirst("^https?://", "").replaceFirst("/.*$", "");
        if (HUB.contains(host)) {
            return Reference.DEFAULT_DOMAIN;
        }
        try {
            return new Reference(host, "login", Optional.empty(), Optional.empty()).domain();
        } catch (InvalidReferenceException _) {
            throw new RegistryException.NotFound(
                    "cannot log in: \"" + Quoted.shortened(server) + "\" is not the address of a registry");
        }
    }
}
