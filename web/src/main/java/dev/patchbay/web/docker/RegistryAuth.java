package dev.patchbay.web.docker;

import dev.patchbay.registry.Credentials;
import dev.patchbay.registry.RegistryAccess;
import dev.patchbay.web.Exchange;
import dev.patchbay.web.Json;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What a client sends about itself for the registry: the header {@value #HEADER} (base64url of a JSON object) and headers
 * that are passed on. A header that makes no sense counts as none, as in moby ({@code api/types/registry}). Nothing of it is
 * ever logged.
 */
final class RegistryAuth {
    static final String HEADER = "X-Registry-Auth";

    private static final String PASSED_ON = "X-Meta-";

    private RegistryAuth() {}

    /** On whose behalf a request talks to the registry. */
    static RegistryAccess access(Exchange exchange) {
        Credentials credentials = exchange.header(HEADER)
                .flatMap(RegistryAuth::decode)
                .map(RegistryAuth::credentials)
                .orElseGet(Credentials.Anonymous::new);
        return new RegistryAccess(credentials, passedOn(exchange.headers()));
    }

    /**
     * Who an auth object says they are. Of several proofs the most particular counts: a token for the registry, an identity
     * token, a user's name and password, the same two in {@code auth}.
     */
    static Credentials credentials(JsonNode auth) {
        return text(auth, "registrytoken").<Credentials>map(Credentials.RegistryToken::new)
                .or(() -> text(auth, "identitytoken").map(Credentials.IdentityToken::new))
                .or(() -> password(text(auth, "username"), text(auth, "password")))
                .or(() -> text(auth, "auth").flatMap(RegistryAuth::pair))
                .orElseGet(Credentials.Anonymous::new);
    }

    private static Map<String, List<String>> passedOn(HttpHeaders headers) {
        var found = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
        headers.names()
                .stream()
                .filter(name -> name.regionMatches(true, 0, PASSED_ON, 0, PASSED_ON.length()))
                .forEach(name -> found.putIfAbsent(name, List.copyOf(headers.getAll(name))));
        return found;
    }

    private static Optional<JsonNode> decode(String header) {
        try {
            byte[] json = Base64.getUrlDecoder().decode(header.strip());
            return Optional.of(Json.mapper().readTree(json)).filter(JsonNode::isObject);
        } catch (IllegalArgumentException | JacksonException _) {
            return Optional.empty(); // the messages of both quote what they read: secrets
        }
    }

    private static Optional<Credentials> pair(String encoded) {
        try {
            String[] halves = new String(Base64.getDecoder().decode(encoded.strip()), StandardCharsets.UTF_8)
                    .split(":", 2);
            return halves.length < 2
                    ? Optional.empty()
                    : password(Optional.of(halves[0]), Optional.of(halves[1]));
        } catch (IllegalArgumentException _) {
            return Optional.empty(); // as above
        }
    }

    private static Optional<Credentials> password(Optional<String> username, Optional<String> password) {
        return username.filter(name -> !name.isEmpty())
                .flatMap(name -> password.filter(word -> !word.isEmpty())
                        .map(word -> new Credentials.Password(name, word)));
    }

    /** A text that is not empty. */
    static Optional<String> text(JsonNode object, String key) {
        return LooseJson.field(object, key)
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue)
                .filter(text -> !text.isEmpty());
    }
}
