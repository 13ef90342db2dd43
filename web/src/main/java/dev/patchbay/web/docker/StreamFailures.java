package dev.patchbay.web.docker;

import dev.patchbay.web.Caller;
import dev.patchbay.web.ErrorReplies;
import dev.patchbay.web.Reply;
import reactor.core.publisher.Mono;

/**
 * Failures of what is told as a progress stream: an ordinary error before the first object, an object within the stream
 * after it.
 *
 * @param caller who asked
 */
record StreamFailures(Caller caller) implements Reply.Failures {
    @Override
    public Reply.Full before(Throwable failure) {
        return ErrorReplies.of(failure, caller);
    }

    @Override
    public Mono<byte[]> amid(Throwable failure) {
        return Mono.fromSupplier(() -> ProgressJson.failure(ErrorReplies.sentence(failure, caller)));
    }
}
