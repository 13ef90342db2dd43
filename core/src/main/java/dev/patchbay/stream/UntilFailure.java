package dev.patchbay.stream;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;

/**
 * Gives work up, with an error, when somebody else says so. {@code takeUntilOther} is not for this: it passes an error of
 * the other publisher on, but does not cancel its source then (Reactor 3.8), which reads on for nobody.
 */
public final class UntilFailure {
    private UntilFailure() {}

    /** The stream, until the other fails: then it is cancelled, and fails alike. That the other completes means nothing. */
    public static <T> Flux<T> of(Flux<T> stream, Publisher<?> other) {
        return Flux.defer(() -> {
            var failure = new AtomicReference<Throwable>();
            Mono<Void> failed = UntilFailure.<Void>failing(other).onErrorResume(e -> {
                failure.set(e);
                return Mono.empty();
            });
            // As signals: an end of the stream's own can be told from one that the other brought about.
            return stream.materialize()
                    .takeUntilOther(failed)
                    .concatWith(Mono.defer(() -> Optional.ofNullable(failure.get())
                            .map(Mono::<Signal<T>>error)
                            .orElseGet(Mono::empty)))
                    .<T>dematerialize();
        });
    }

    /** The work, until the other fails: then it is cancelled, and fails alike. That the other completes means nothing. */
    public static <T> Mono<T> of(Mono<T> work, Publisher<?> other) {
        // In this order: what has failed already keeps the work from beginning.
        return Mono.firstWithSignal(failing(other), work);
    }

    private static <T> Mono<T> failing(Publisher<?> other) {
        return Flux.from(other).ignoreElements().then(Mono.never());
    }
}
