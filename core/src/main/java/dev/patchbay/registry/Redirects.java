package dev.patchbay.registry;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Mono;

/**
 * Follows redirects by hand: a few, none twice, none from TLS to plain HTTP except to an insecure host. Another origin is
 * told neither credentials nor callers' headers.
 */
final class Redirects {
    private static final int MOST = 10;
    private static final Set<Integer> ANY_METHOD = Set.of(307, 308);
    private static final Set<Integer> READING = Set.of(301, 302, 303, 307, 308);

    private final Wire wire;
    private final InsecureHosts hosts;

    Redirects(Wire wire, InsecureHosts hosts) {
        this.wire = wire;
        this.hosts = hosts;
    }

    /** Sends a request where it leads to. Whoever gets the answer must close it. */
    Mono<Answer> send(Request request) {
        return hop(request, List.of(request.url()));
    }

    private Mono<Answer> hop(Request request, List<URI> seen) {
        return wire.send(request)
                .flatMap(answer -> isRedirect(answer)
                        ? answer.close().then(Mono.defer(() -> next(answer, seen)))
                        : Mono.just(answer));
    }

    private static boolean isRedirect(Answer answer) {
        boolean reading = Set.of("GET", "HEAD").contains(answer.request().method());
        return (reading ? READING : ANY_METHOD).contains(answer.status())
                && answer.header("Location").isPresent();
    }

    private Mono<Answer> next(Answer answer, List<URI> seen) {
        Request request = answer.request();
        URI target = Locations.resolve(answer);
        if (seen.contains(target)) {
            return broken(request, "redirects in a circle");
        }
        if (seen.size() > MOST) {
            return broken(request, "redirects more than " + MOST + " times");
        }
        var more = new ArrayList<>(seen);
        more.add(target);
        return permitted(request, target).flatMap(trust -> hop(request.movedTo(target, trust), more));
    }

    /** Whether a request may go on to another place, and how far that is to be trusted. */
    Mono<Trust> permitted(Request request, URI target) {
        Origin origin = Origin.of(target);
        return hosts.trust(origin, request.trust())
                .flatMap(trust -> switch (trust) {
                    case UNVERIFIED -> Mono.just(trust);
                    case VERIFIED -> origin.encrypted() || !request.origin().encrypted()
                            ? Mono.just(trust)
                            : broken(request, "leads to " + origin + ", which is not encrypted");
                });
    }

    private static <T> Mono<T> broken(Request request, String reason) {
        return Mono.error(() -> new RegistryException.Broken(Failures.sentence(request, reason), null));
    }
}
