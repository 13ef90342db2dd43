package dev.patchbay.engine;

import dev.patchbay.PluginStorageException;
import dev.patchbay.PrivilegesException;
import dev.patchbay.engine.Decision.Outcome;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.store.StoreException;
import reactor.core.publisher.Mono;

/**
 * The way in for content of every kind: reserves, stages on the caller's demand, installs. Ends in a new plugin, in a new
 * version, or in nothing, however it ends: what is reserved is given back, what is staged is discarded.
 */
final class Intake {
    private final Works works;

    Intake(Works works) {
        this.works = works;
    }

    /** An id for a plugin that is yet to be. */
    static PluginId newId(Works works) {
        return PluginId.random(works.threads().chance());
    }

    /**
     * One attempt.
     *
     * @param staging subscribed to once what the ticket claims is kept for it
     * @return what the state thread answered; fails as {@code staging} does, with what stands against the claim, and with
     *     {@link dev.patchbay.EngineClosedException} as soon as the engine closes, unless it is being installed by then
     */
    Mono<Outcome.Done> of(Ticket ticket, Mono<Delivery> staging) {
        var attempt = Mono.usingWhen(
                // The ticket itself is the resource, not its reservation: a caller who leaves while the
                // reservation is on its way would leave it behind.
                Mono.just(ticket),
                started -> works.reserve(started).then(Mono.defer(() -> stageAndInstall(started, staging))),
                this::end,
                (ended, _) -> end(ended),
                this::end);
        return works.untilClosing(attempt, ticket::giveUp);
    }

    private Mono<Outcome.Done> stageAndInstall(Ticket ticket, Mono<Delivery> staging) {
        return staging
                .onErrorMap(StoreException.class,
                        e -> new PluginStorageException(String.valueOf(e.getMessage()), e))
                .onErrorResume(PrivilegesException.class,
                        e -> works.privilegeRefused(ticket, e).then(Mono.error(e)))
                // Also when its asker left while the last byte was written: somebody must discard it.
                .flatMap(delivery -> {
                    ticket.deliver();
                    return works.install(ticket, delivery);
                });
    }

    /** Means nothing once the state thread installs it. */
    private Mono<Void> end(Ticket ticket) {
        return Mono.fromRunnable(() -> {
            ticket.end(); // before the release, so that a reservation that comes after it is refused
            works.report(new Letter.Release(ticket));
        });
    }
}
