package dev.patchbay.web;

import reactor.core.publisher.Mono;

/**
 * What answers the requests of one route: it decodes the exchange, calls the façade and encodes the reply.
 *
 * <p>Called on an event loop: it must not block. It may throw, or fail its {@code Mono}, with a
 * {@link dev.patchbay.PluginException} or an {@link HttpFailure}, which become replies ({@link ErrorReplies}); all else
 * is a bug, logged and answered with 500. The {@code Mono} is cancelled when the client goes away.
 */
@FunctionalInterface
public interface Handler {
    /** Answers one request. A {@code Mono} that completes empty is a bug. */
    Mono<Reply> handle(Exchange exchange);
}
