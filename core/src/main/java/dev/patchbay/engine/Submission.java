package dev.patchbay.engine;

import dev.patchbay.engine.Decision.Outcome;
import dev.patchbay.stream.Occasion;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A letter to the state thread, and its answer. <b>Cold:</b> each subscription sends one, whatever is requested, and also if
 * it is cancelled in that moment: what is staged, say, must be handed over.
 *
 * <p><b>Threads:</b> the answer arrives on the thread that replies; that the letter could not be sent, on the subscribing thread.
 * <b>Cancelling</b> only detaches the caller. <b>Failures:</b> what {@link Sending#send} or the making of the result throws, or
 * what the answer says; if nobody answers before the end, that the engine is closed.
 *
 * <p>One publisher instead of a chain of Reactor's, because every command goes through it.
 *
 * @param <T> what the caller is given
 */
final class Submission<T> extends Mono<T> {
    private final Ways ways;
    private final Sending sending;
    private final Function<Outcome.Done, @Nullable T> result;

    /**
     * What all answers have in common.
     *
     * @param replies where callers hear of them
     * @param ended after which there are none
     */
    record Ways(Scheduler replies, Occasion ended) {}

    /** Puts a letter where it is read. */
    @FunctionalInterface
    interface Sending {
        /**
         * Does so, on the subscribing thread, without waiting.
         *
         * @param requestId of the subscriber; empty if it has none
         * @param reply for the letter
         * @throws RuntimeException what the caller hears instead: nothing was sent then
         */
        void send(String requestId, Reply reply);
    }

    private Submission(Ways ways, Sending sending, Function<Outcome.Done, @Nullable T> result) {
        this.ways = ways;
        this.sending = sending;
        this.result = result;
    }

    /**
     * Makes one.
     *
     * @param result makes what the caller is given of what was done; {@code null} for nothing
     */
    static <T> Mono<T> of(Ways ways, Sending sending, Function<Outcome.Done, @Nullable T> result) {
        return onAssembly(new Submission<>(ways, sending, result));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        var caller = new Caller<T>(ways, result, actual);
        actual.onSubscribe(caller);
        caller.send(sending, actual.currentContext());
    }
}
