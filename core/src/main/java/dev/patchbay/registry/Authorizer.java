package dev.patchbay.registry;

import dev.patchbay.text.Quoted;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Proves to one endpoint who we are, and remembers how: once challenged, requests carry what the challenge asked for. A
 * token that ends, or is refused in the middle, is replaced once; if that does not help either, access is denied.
 */
final class Authorizer {
    private final Credentials credentials;
    private final Redirects redirects;
    private final TokenService tokens;
    private final Timers timers;
    private final AtomicReference<@Nullable Challenge> known = new AtomicReference<>();
    private final Map<Scopes, Grant> grants = new ConcurrentHashMap<>();

    Authorizer(Credentials credentials, Redirects redirects, TokenService tokens, Timers timers) {
        this.credentials = credentials;
        this.redirects = redirects;
        this.tokens = tokens;
        this.timers = timers;
    }

    /** Sends the request that is wished for with what proves enough. Whoever gets the answer must close it. */
    Mono<Answer> send(TokenService.Wish wish) {
        Request request = wish.asked();
        return Mono.defer(() -> remembered(wish))
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .flatMap(grant -> redirects.send(authorized(request, grant))
                        .flatMap(answer -> isChallenge(request, answer)
                                ? challenged(answer, wish, grant)
                                : Mono.just(answer)));
    }

    private static Request authorized(Request request, Optional<Grant> grant) {
        return grant.map(g -> request.with("Authorization", g.header())).orElse(request);
    }

    /** A redirect's target has no business asking for credentials. */
    private static boolean isChallenge(Request request, Answer answer) {
        return answer.status() == 401 && answer.origin().equals(request.origin());
    }

    /** What worked before, or what the registry is known to want; empty if nothing is known yet. */
    private Mono<Grant> remembered(TokenService.Wish wish) {
        if (credentials instanceof Credentials.RegistryToken(var token)) {
            return Mono.just(new Grant("Bearer " + token, Instant.MAX, ""));
        }
        Grant grant = grants.get(wish.scopes());
        if (grant != null && timers.clock().instant().isBefore(grant.until())) {
            return Mono.just(grant);
        }
        Challenge challenge = known.get();
        return challenge == null ? Mono.empty() : obtain(challenge, wish);
    }

    private Mono<Answer> challenged(Answer answer, TokenService.Wish wish, Optional<Grant> used) {
        return answer.explanation()
                .flatMap(body -> answer.close().then(Mono.defer(() -> {
                    used.ifPresent(grant -> grants.remove(wish.scopes(), grant));
                    String said = Refusals.said(body);
                    Challenge challenge = chosen(answer, wish, said);
                    if (used.isPresent() && !mayRenew(challenge)) {
                        throw denied(wish, said);
                    }
                    known.set(challenge);
                    return obtain(challenge, wish);
                })))
                .flatMap(grant -> redirects.send(authorized(wish.asked(), Optional.of(grant))))
                .flatMap(second -> isChallenge(wish.asked(), second)
                        ? second.explanation().flatMap(body -> second.close().then(Mono.error(() -> {
                            grants.remove(wish.scopes());
                            return denied(wish, Refusals.said(body));
                        })))
                        : Mono.just(second));
    }

    /** Only what a service hands out can be had anew. */
    private boolean mayRenew(Challenge challenge) {
        return challenge.scheme().equals("bearer") && !(credentials instanceof Credentials.RegistryToken);
    }

    private Challenge chosen(Answer answer, TokenService.Wish wish, String said) {
        List<String> headers = answer.headers("WWW-Authenticate");
        if (headers.isEmpty()) {
            throw denied(wish, said.isEmpty() ? "it does not say what it wants to see" : said);
        }
        var challenges = headers.stream().flatMap(header -> Challenge.parse(header).stream()).toList();
        return challenges.stream()
                .filter(challenge -> challenge.scheme().equals("bearer")
                        && challenge.parameter("realm").isPresent())
                .findFirst()
                .or(() -> challenges.stream()
                        .filter(challenge -> challenge.scheme().equals("basic"))
                        .findFirst())
                .orElseThrow(() -> new RegistryException.Broken(Failures.sentence(wish.asked(),
                        "asks for credentials in a way that makes no sense: \""
                                + Quoted.shortened(String.join(", ", headers)) + "\""),
                        null));
    }

    private Mono<Grant> obtain(Challenge challenge, TokenService.Wish wish) {
        Mono<Grant> grant = challenge.scheme().equals("bearer")
                ? tokens.grant(challenge, wish, credentials)
                : basic(wish);
        return grant.map(fresh -> {
            grants.put(wish.scopes(), fresh);
            return fresh;
        });
    }

    private Mono<Grant> basic(TokenService.Wish wish) {
        return credentials instanceof Credentials.Password(var name, var password) && !name.isEmpty()
                && !password.isEmpty()
                        ? Mono.just(new Grant(TokenService.basic(name, password), Instant.MAX, ""))
                        : Mono.error(() -> denied(wish, "it wants a user name and a password"));
    }

    /** The refresh token that came with the last token for these scopes; empty if there was none. */
    String refreshToken(Scopes scopes) {
        Grant grant = grants.get(scopes);
        return grant == null ? "" : grant.refreshToken();
    }

    private static RegistryException denied(TokenService.Wish wish, String said) {
        return new RegistryException.Denied(Refusals.denied(wish.asked(), wish.deed(), said));
    }
}
