package dev.patchbay.web;

import dev.patchbay.authz.Verdict;
import dev.patchbay.authz.Verdict.Cure;
import dev.patchbay.text.Quoted;
import dev.patchbay.web.Authorization.Audit;
import dev.patchbay.web.ErrorReplies.Refusal;
import dev.patchbay.web.Route.WayOut;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * What becomes of one request that authorization plugins do not let through: it is refused, unless root may go past them.
 *
 * <p>Each is a line in the log. Only the latter is an event: whoever is denied must not be able to fill the journal by
 * asking again and again.
 *
 * @param wayOut where it is told that root has gone past them; empty if it may not
 */
record Denials(Optional<Audit> wayOut, Route route, Exchange exchange) {
    private static final Logger LOG = LoggerFactory.getLogger("dev.patchbay.authz");

    /**
     * Goes on if plugins agree.
     *
     * @param agreed what follows then
     * @param past what follows if they do not, but root may go past them
     */
    Mono<Reply> judge(Verdict verdict, Supplier<Mono<Reply>> agreed, Supplier<Mono<Reply>> past) {
        return switch (verdict) {
            case Verdict.Allowed _ -> agreed.get();
            case Verdict.Denied denied -> refuse(
                    new Refusal(403, "authorization-denied", "An authorization plugin denies it",
                            denied.sentence(), false),
                    past);
            case Verdict.Failed failed -> refuse(
                    new Refusal(failed.cure() == Cure.TIME ? 503 : 500, "authorization-failed",
                            "An authorization plugin did not answer as it should", failed.sentence(),
                            failed.cure() == Cure.TIME),
                    past);
        };
    }

    /** An answer that cannot be shown to them. */
    Mono<Reply> tooLarge(String sentence, Supplier<Mono<Reply>> past) {
        return refuse(new Refusal(500, "authorization-failed",
                "An authorization plugin did not answer as it should", sentence, false), past);
    }

    private Mono<Reply> refuse(Refusal refusal, Supplier<Mono<Reply>> past) {
        Caller caller = exchange.caller();
        String method = exchange.target().method().name();
        String path = Quoted.shortened(exchange.target().path());
        String why = Quoted.shortened(refusal.sentence());
        if (wayOut.isPresent() && route.wayOut() == WayOut.OPEN_TO_ROOT && caller.isRoot()) {
            LOG.warn("root goes past the authorization plugins with {} {}, because {} request={}", method,
                    path,
                    why, caller.requestId());
            return told(wayOut.get(), Map.of("method", method, "path", path, "refusal", why, "user", "uid 0"))
                    .then(Mono.defer(past));
        }
        LOG.warn("{} {} is refused, because {} request={}", method, path, why, caller.requestId());
        return Mono.just(ErrorReplies.refusal(exchange.target().path(), caller, refusal));
    }

    /** The way out leads on even if nothing can be told: the log has it. */
    private Mono<Void> told(Audit audit, Map<String, String> details) {
        return audit.note(details).onErrorResume(Throwable.class, failure -> {
            LOG.warn("it could not be put among the events request={}", exchange.caller().requestId(),
                    failure);
            return Mono.empty();
        });
    }
}
