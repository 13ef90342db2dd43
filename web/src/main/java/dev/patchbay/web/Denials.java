package dev.patchbay.web;

import dev.patchbay.authz.Verdict;
import dev.patchbay.authz.Verdict.Cure;
import dev.patchbay.text.Quoted;
import dev.patchbay.web.Authorization.Audit;
import dev.patchbay.web.ErrorReplies.Refusal;
import dev.patchbay.web.Route.WayOut;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * What becomes of one request that authorization plugins do not let through: it is refused, unless root may go past them.
 *
 * <p>Each is a line in the log, as long as there are not too many. Only the latter is an event: whoever is denied must not be able to fill the journal by
 * asking again and again.
 *
 * @param wayOut where it is told that root has gone past them; empty if it may not
 * @param lines how many more lines about refusals there may be
 */
record Denials(Optional<Audit> wayOut, Route route, Exchange exchange, DenialLog lines) {
    private static final Logger LOG = LoggerFactory.getLogger("dev.patchbay.authz");
    private static final String NOBODY = "";
    private static final String FAILED = "authorization-failed";
    private static final String NOT_ASKED = "An authorization plugin did not answer as it should";
    private static final String WITHHELD = "The request was carried out, but its answer is withheld";
    private static final String DONE = "; the request was carried out, but its answer is withheld";

    /**
     * Goes on if plugins agree.
     *
     * @param agreed what follows then
     * @param past what follows if they do not, but root may go past them
     */
    Mono<Reply> judge(Verdict verdict, Supplier<Mono<Reply>> agreed, Supplier<Mono<Reply>> past) {
        return switch (verdict) {
            case Verdict.Allowed _ -> agreed.get();
            case Verdict.Denied denied -> denied(denied, past);
            case Verdict.Failed failed -> refuse(failed.plugin(),
                    new Refusal(failed.cure() == Cure.TIME ? 503 : 500, FAILED, NOT_ASKED, failed.sentence(),
                            failed.cure() == Cure.TIME),
                    past);
            case Verdict.NotAsked(Throwable failure) -> failed(failure, past);
        };
    }

    /** Gives an answer if plugins agree. The request was carried out: nothing may invite to repeat it. */
    Mono<Reply> judgeAnswer(Verdict verdict, Supplier<Mono<Reply>> given) {
        return switch (verdict) {
            case Verdict.Allowed _ -> given.get();
            case Verdict.Denied denied -> denied(denied, given);
            case Verdict.Failed failed -> refuse(failed.plugin(),
                    new Refusal(500, FAILED, WITHHELD, failed.sentence() + DONE, false), given);
            case Verdict.NotAsked(Throwable failure) -> refuse(NOBODY,
                    new Refusal(500, FAILED, WITHHELD, why(failure) + DONE, false), given);
        };
    }

    private Mono<Reply> denied(Verdict.Denied denied, Supplier<Mono<Reply>> past) {
        return refuse(denied.plugin(), new Refusal(403, "authorization-denied",
                "An authorization plugin denies it", denied.sentence(), false), past);
    }

    /** Plugins could not be asked, for a reason that is none of theirs. */
    Mono<Reply> failed(Throwable failure, Supplier<Mono<Reply>> past) {
        return refuse(NOBODY, new Refusal(500, FAILED, NOT_ASKED, why(failure), false), past);
    }

    private String why(Throwable failure) {
        return "authorization plugins could not be asked: "
                + ErrorReplies.sentence(failure, exchange.caller());
    }

    /** An answer that cannot be shown to them. */
    Mono<Reply> tooLarge(String sentence, Supplier<Mono<Reply>> past) {
        return refuse(NOBODY, new Refusal(500, FAILED, WITHHELD, sentence + DONE, false), past);
    }

    private Mono<Reply> refuse(String plugin, Refusal refusal, Supplier<Mono<Reply>> past) {
        Caller caller = exchange.caller();
        String method = exchange.target().method().name();
        String path = Quoted.shortened(exchange.target().path());
        String why = Quoted.shortened(refusal.sentence());
        if (wayOut.isPresent() && route.wayOut() == WayOut.OPEN_TO_ROOT && caller.isRoot()) {
            LOG.warn("root goes past the authorization plugins with {} {}, because {} request={}", method,
                    path,
                    why, caller.requestId());
            return told(wayOut.get(), details(method, path, why))
                    .then(Mono.defer(past));
        }
        OptionalInt passedOver = lines.admit(plugin);
        if (passedOver.isPresent()) {
            LOG.warn("{} {} is refused, because {} request={}{}", method, path, why, caller.requestId(),
                    passedOver.getAsInt() > 0 ? " (" + passedOver.getAsInt() + " more before it)" : "");
        }
        return Mono.just(ErrorReplies.refusal(exchange.target().path(), caller, refusal));
    }

    private Map<String, String> details(String method, String path, String why) {
        Caller caller = exchange.caller();
        String pid = caller.process().map(peer -> Integer.toString(peer.pid())).orElse("");
        return Map.of("method", method, "path", path, "refusal", why, "user", "uid 0", "pid", pid,
                "request", caller.requestId());
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
