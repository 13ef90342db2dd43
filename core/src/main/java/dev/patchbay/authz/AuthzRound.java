package dev.patchbay.authz;

import dev.patchbay.authz.AuthzChain.Member;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Those who are asked about one request, one after the other, before it is carried out and again before it is answered. The
 * first who does not agree ends it; who was disabled meanwhile is passed over.
 *
 * <p><b>Threads:</b> verdicts arrive on those of {@link dev.patchbay.PluginClient}. <b>Cancelling</b> ends the call that is
 * under way.
 */
public final class AuthzRound {
    private final AuthzChain chain;
    private final List<Member> members;

    AuthzRound(AuthzChain chain, List<Member> members) {
        this.chain = chain;
        this.members = List.copyOf(members);
    }

    /** Whether there is nobody to be asked. */
    public boolean isEmpty() {
        return members.isEmpty();
    }

    /** Whether the request may be carried out. <b>Cold.</b> Never empty, and never fails. */
    public Mono<Verdict> request(AuthzRequest request) {
        return unfailing(Mono.defer(() -> ask(Phase.REQUEST, AuthzMessage.of(request))));
    }

    /** Whether it may be answered so, now that it was carried out. <b>Cold.</b> Never empty, and never fails. */
    public Mono<Verdict> response(AuthzRequest request, AuthzResponse response) {
        return unfailing(Mono.defer(() -> ask(Phase.RESPONSE, AuthzMessage.of(request, response))));
    }

    private static Mono<Verdict> unfailing(Mono<Verdict> asked) {
        return asked.onErrorResume(failure -> Mono.just(new Verdict.NotAsked(failure)));
    }

    private Mono<Verdict> ask(Phase phase, AuthzMessage message) {
        return members.isEmpty() ? Mono.just(AuthzRules.ALLOWED) : ask(0, phase, message);
    }

    /** Those from one place in the list on. */
    private Mono<Verdict> ask(int from, Phase phase, AuthzMessage message) {
        Mono<Verdict> one = chain.ask(members.get(from), phase, message);
        return from + 1 == members.size()
                ? one
                : one.flatMap(verdict -> verdict.equals(AuthzRules.ALLOWED)
                        ? ask(from + 1, phase, message)
                        : Mono.just(verdict));
    }
}
