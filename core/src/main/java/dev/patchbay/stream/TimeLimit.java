package dev.patchbay.stream;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Gives up what takes too long. Reactor's {@code timeout} is not for this: a result, or a failure, that comes while its
 * subscriber is cancelling goes to the hooks for what is dropped (Reactor 3.8), as if something had been lost, though nobody
 * waits for it any more. Here it goes nowhere.
 *
 * <p>All are <b>cold</b>: the time begins with the subscription. <b>Cancelling</b> cancels the work, and the timer. A timer
 * that cannot be set, because its scheduler has ended, counts as one that has expired, and the work is not begun: nothing
 * waits without a limit.
 */
public final class TimeLimit {
    private TimeLimit() {}

    /** It is too late. Never leaves this class. */
    private static final class Late extends Exception {
        private static final long serialVersionUID = 1L;

        Late() {
            super("too late", null, false, false);
        }
    }

    /** The work; fails with {@link TimeoutException}, on the timer's thread, if it has brought nothing after so long. */
    public static <T> Mono<T> on(Mono<T> work, Duration limit, Scheduler timers) {
        return on(work, limit, timers,
                Mono.error(() -> new TimeoutException("no answer within " + limit.toMillis() + " ms")));
    }

    /** The work, or what is to be done instead, from the timer's thread on, if it has brought nothing after so long. */
    public static <T> Mono<T> on(Mono<T> work, Duration limit, Scheduler timers, Mono<T> instead) {
        return on(work, Mono.delay(limit, timers), instead);
    }

    /** The work, or what is to be done instead if something else emits or ends, in whatever way, before that brings anything. */
    public static <T> Mono<T> on(Mono<T> work, Publisher<?> late, Mono<T> instead) {
        return Mono.defer(() -> {
            var gone = new AtomicBoolean(); // nobody waits any more, whoever wins that late
            return Mono.firstWithSignal(TimeLimit.<T>late(late), work)
                    .onErrorResume(Late.class, _ -> gone.get() ? Mono.never() : instead)
                    .onErrorResume(_ -> gone.get(), _ -> Mono.never())
                    .filter(_ -> !gone.get())
                    .doOnCancel(() -> gone.set(true));
        });
    }

    /** The stream, or another instead if it is not begun, nor ended, after so long. Once it is begun, it has all time. */
    public static <T> Flux<T> onFirst(Flux<T> stream, Duration limit, Scheduler timers, Flux<T> instead) {
        return Flux.defer(() -> {
            var gone = new AtomicBoolean();
            return Flux.firstWithSignal(TimeLimit.<T>late(Mono.delay(limit, timers)), stream)
                    .onErrorResume(Late.class, _ -> gone.get() ? Flux.never() : instead)
                    .onErrorResume(_ -> gone.get(), _ -> Flux.never())
                    .filter(_ -> !gone.get())
                    .doOnCancel(() -> gone.set(true));
        });
    }

    private static <T> Mono<T> late(Publisher<?> late) {
        return Mono.from(late).then(Mono.<T>error(Late::new)).onErrorMap(_ -> new Late());
    }
}
