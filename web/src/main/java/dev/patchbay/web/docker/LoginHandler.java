package dev.patchbay.web.docker;

import dev.patchbay.registry.Credentials;
import dev.patchbay.registry.Registry;
import dev.patchbay.registry.RegistryException;
import dev.patchbay.web.Exchange;
import dev.patchbay.web.Handler;
import dev.patchbay.web.HttpFailure;
import dev.patchbay.web.Json;
import dev.patchbay.web.Reply;
import java.util.LinkedHashMap;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** {@code POST /auth}: whether credentials are good. Nothing is kept here: clients send them with each request. */
final class LoginHandler implements Handler {
    private final Registry registry;

    LoginHandler(Registry registry) {
        this.registry = registry;
    }

    @Override
    public Mono<Reply> handle(Exchange exchange) {
        return JsonBody.tree(exchange).flatMap(this::login);
    }

    private Mono<Reply> login(JsonNode auth) {
        if (!auth.isObject()) {
            throw JsonBody.mismatch(auth, "Go value of type registry.AuthConfig");
        }
        Credentials credentials = RegistryAuth.credentials(auth);
        if (credentials instanceof Credentials.Anonymous) {
            throw HttpFailure.badRequest("a login needs a user name and a password, or an identity token");
        }
        return registry.login(RegistryAuth.text(auth, "serveraddress").orElse(""), credentials)
                .map(LoginHandler::succeeded)
                .onErrorMap(RegistryException.class,
                        failure -> new HttpFailure(status(failure), String.valueOf(failure.getMessage())));
    }

    private static Reply succeeded(String identityToken) {
        var answer = new LinkedHashMap<String, String>();
        answer.put("Status", "Login Succeeded");
        answer.put("IdentityToken", identityToken);
        return Json.reply(200, answer);
    }

    private static int status(RegistryException failure) {
        return switch (failure) {
            case RegistryException.Denied _ -> 401;
            case RegistryException.NotFound _ -> 404;
            case RegistryException.Unavailable _,RegistryException.Broken _ -> 502;
        };
    }
}
