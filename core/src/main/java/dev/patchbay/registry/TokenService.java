package dev.patchbay.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.patchbay.json.JsonTrees;
import dev.patchbay.text.Quoted;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Gets tokens from the service that a registry's challenge names (distribution, "Token Authentication Specification" and
 * "Oauth2 Token Authentication"). Credentials are posted; a service that knows no such form is asked again as of old, with
 * {@code GET} and Basic authentication.
 */
final class TokenService {
    private static final int LARGEST = 1 << 20;
    /** A service that does not say how long its token lasts means a minute. */
    private static final int USUAL_SECONDS = 60;
    private static final int LONGEST_SECONDS = 24 * 3600;
    /** Token services know which clients may ask for refresh tokens by this name (containerd's). */
    private static final String CLIENT = "containerd-client";
    private static final Set<Integer> NO_FORM = Set.of(400, 401, 404, 405);

    private final Redirects redirects;
    private final Wire wire;
    private final InsecureHosts hosts;
    private final Refusals refusals;
    private final Settings settings;

    /** What stays the same from one token to the next. */
    record Settings(RegistryTimeouts timeouts, Timers timers) {}

    TokenService(Wire wire, Redirects redirects, InsecureHosts hosts, Refusals refusals, Settings settings) {
        this.wire = wire;
        this.redirects = redirects;
        this.hosts = hosts;
        this.refusals = refusals;
        this.settings = settings;
    }

    /**
     * What a token is wanted for.
     *
     * @param asked the request that was challenged
     * @param scopes what the token is to allow, without what the challenge asks for
     * @param offline whether a refresh token is wanted too
     */
    record Wish(Request asked, Deed deed, Scopes scopes, boolean offline) {}

    /** Asks for a token. */
    Mono<Grant> grant(Challenge challenge, Wish wish, Credentials credentials) {
        return Mono.defer(() -> {
            URI realm = realm(challenge, wish.asked());
            var call = new Call(realm, challenge.parameter("service").orElse(""),
                    wish.scopes().and(challenge.parameter("scope").orElse("")), wish);
            return hosts.trust(Origin.of(realm), wish.asked().trust())
                    .flatMap(trust -> ask(call, permitted(realm, trust, wish.asked()), credentials));
        });
    }

    private record Call(URI realm, String service, Scopes scopes, Wish wish) {}

    private static URI realm(Challenge challenge, Request asked) {
        String text = challenge.parameter("realm").orElse("");
        try {
            var realm = URI.create(text);
            var _ = Origin.of(realm); // throws if it is none of HTTP
            if (realm.getRawUserInfo() == null) {
                return realm;
            }
        } catch (IllegalArgumentException _) {
            // Falls through: the sentence says all that the cause would.
        }
        throw new RegistryException.Broken(Failures.sentence(asked,
                "wants a token from a service whose address makes no sense: \"" + Quoted.shortened(text)
                        + "\""),
                null);
    }

    private static Trust permitted(URI realm, Trust trust, Request asked) {
        return switch (trust) {
            case UNVERIFIED -> trust;
            case VERIFIED -> {
                if (!Origin.of(realm).encrypted()) {
                    throw new RegistryException.Broken(Failures.sentence(asked, "wants a token from "
                            + Origin.of(realm) + ", which is not encrypted and not an insecure registry"),
                            null);
                }
                yield trust;
            }
        };
    }

    private Mono<Grant> ask(Call call, Trust trust, Credentials credentials) {
        return switch (credentials) {
            case Credentials.Anonymous _,Credentials.RegistryToken _ -> get(call, trust, Optional.empty());
            case Credentials.Password(var name, var password) when name.isEmpty() || password.isEmpty() ->
                get(call, trust, Optional.empty());
            case Credentials.Password(var name, var password) -> post(call, trust, List.of(
                    Map.entry("grant_type", "password"), Map.entry("username", name),
                    Map.entry("password", password)))
                    .switchIfEmpty(Mono.defer(() -> get(call, trust, Optional.of(basic(name, password)))));
            case Credentials.IdentityToken(var token) -> post(call, trust, List.of(
                    Map.entry("grant_type", "refresh_token"), Map.entry("refresh_token", token)))
                    .switchIfEmpty(Mono.error(() -> new RegistryException.Denied(Refusals.denied(
                            call.wish().asked(), call.wish().deed(),
                            "its token service " + Origin.of(call.realm())
                                    + " does not take the identity token"))));
        };
    }

    static String basic(String name, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(UTF_8));
    }

    /** Empty if the service seems not to know the form. Never follows a redirect: the body is a secret. */
    private Mono<Grant> post(Call call, Trust trust, List<Map.Entry<String, String>> proof) {
        var fields = new ArrayList<>(proof);
        fields.add(Map.entry("client_id", CLIENT));
        fields.add(Map.entry("service", call.service()));
        fields.add(Map.entry("scope", String.join(" ", call.scopes().values())));
        if (call.wish().offline()) {
            fields.add(Map.entry("access_type", "offline"));
        }
        byte[] form = encoded(fields).getBytes(UTF_8);
        var request = request("POST", call, call.realm(), trust)
                .with("Content-Type", "application/x-www-form-urlencoded")
                .with(new Request.Body(form.length, Mono.fromSupplier(() -> ByteBuffer.wrap(form)), _ -> {}));
        return Mono.usingWhen(wire.send(request),
                answer -> NO_FORM.contains(answer.status()) ? Mono.empty() : read(answer, call),
                Answer::close);
    }

    private Mono<Grant> get(Call call, Trust trust, Optional<String> authorization) {
        var fields = new ArrayList<Map.Entry<String, String>>();
        if (!call.service().isEmpty()) {
            fields.add(Map.entry("service", call.service()));
        }
        call.scopes().values().forEach(scope -> fields.add(Map.entry("scope", scope)));
        if (call.wish().offline()) {
            fields.add(Map.entry("offline_token", "true"));
            fields.add(Map.entry("client_id", CLIENT));
        }
        String query = call.realm().getRawQuery() == null ? "?" : "&";
        var url = URI.create(call.realm().toString().replaceFirst("#.*$", "") + query + encoded(fields));
        var request = request("GET", call, url, trust);
        return Mono.usingWhen(
                redirects.send(
                        authorization.map(value -> request.with("Authorization", value)).orElse(request)),
                answer -> read(answer, call), Answer::close);
    }

    private Request request(String method, Call call, URI url, Trust trust) {
        return new Request("get a token to " + call.wish().asked().purpose(), method, url, trust, List.of(),
                Optional.empty(), settings.timeouts().headers());
    }

    private static String encoded(List<Map.Entry<String, String>> fields) {
        return fields.stream()
                .map(field -> URLEncoder.encode(field.getKey(), UTF_8) + "="
                        + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }

    private Mono<Grant> read(Answer answer, Call call) {
        return switch (answer.status()) {
            case 200 -> answer.bytes(LARGEST).map(body -> parsed(answer, body));
            case 400, 401, 403 ->
                answer.explanation().flatMap(body -> Mono.error(() -> refused(answer, call, body)));
            default -> refusals.refuse(answer, call.wish().deed());
        };
    }

    private static RegistryException refused(Answer answer, Call call, String body) {
        String said = Refusals.said(body);
        return new RegistryException.Denied(Refusals.denied(call.wish().asked(), call.wish().deed(),
                "its token service " + answer.origin() + " refuses" + (said.isEmpty() ? "" : ": " + said)));
    }

    private Grant parsed(Answer answer, byte[] body) {
        try {
            JsonNode root = JsonTrees.LENIENT.read(body);
            String token = root.path("token").asString("");
            String header = "Bearer " + (token.isEmpty() ? root.path("access_token").asString("") : token);
            if (header.length() > "Bearer ".length() && header.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
                long seconds = Math.clamp(root.path("expires_in").asLong(USUAL_SECONDS), USUAL_SECONDS,
                        LONGEST_SECONDS);
                return new Grant(header,
                        settings.timers().clock().instant().plus(Duration.ofSeconds(seconds)),
                        root.path("refresh_token").asString(""));
            }
        } catch (JacksonException _) {
            // Falls through: the exception quotes the text, which may hold a token.
        }
        throw new RegistryException.Broken(
                Failures.sentence(answer.request(), "answers without a token that can be used"), null);
    }
}
