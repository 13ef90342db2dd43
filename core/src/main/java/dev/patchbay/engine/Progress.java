package dev.patchbay.engine;

import dev.patchbay.EngineClosedException;
import dev.patchbay.stream.Drain;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;

/**
 * The steps of some work, the newest of each subject, then its result. Cold: each subscription does the work.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>at most one step per subject waits, so a subscriber that asks slowly costs a bounded amount of memory and never
 *       slows the work; it sees the newest step of each subject, subjects in the order in which they were first told;
 *   <li>the result is the last value, after every step; steps told later are dropped, so nothing follows the end, nor
 *       does anything turn in circles after it (D22);
 *   <li>an error comes after the steps told before it, in order as they are;
 *   <li>one thread at a time delivers, in a {@link Drain}; cancelling cancels the work.
 * </ol>
 */
final class Progress<T> extends Flux<T> {
    /** Hears of steps, from any thread; returns at once. */
    @FunctionalInterface
    interface Teller<T> {
        /** Tells the newest step of a subject. */
        void tell(Object subject, T step);
    }

    private final Function<Teller<T>, Mono<T>> work;

    private Progress(Function<Teller<T>, Mono<T>> work) {
        this.work = work;
    }

    /** The steps of some work, on a scheduler of the subscriber's. */
    static <T> Flux<T> of(Scheduler scheduler, Function<Teller<T>, Mono<T>> work) {
        // Not more than one step ahead: what waits for the scheduler cannot be replaced by a newer one.
        return new Progress<>(work).publishOn(scheduler, true, 1);
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        var view = new View<T>(actual);
        actual.onSubscribe(view);
        Mono.defer(() -> work.apply(view)).subscribe(view.result);
    }

    /** One subscription. */
    private static final class View<T> implements Subscription, Teller<T> {
        private static final Object RESULT = new Object();

        private final CoreSubscriber<? super T> actual;
        private final Result result = new Result();
        private final Map<Object, T> newest = new LinkedHashMap<>(); // guarded by itself
        private boolean ended; // guarded by newest
        private @Nullable Throwable failure; // guarded by newest
        private final AtomicLong requested = new AtomicLong();
        private final Drain drain = new Drain(Runnable::run, this::deliver);
        private volatile boolean silent;

        View(CoreSubscriber<? super T> actual) {
            this.actual = actual;
        }

        @Override
        public void tell(Object subject, T step) {
            synchronized (newest) {
                if (ended) {
                    return;
                }
                newest.put(subject, step); // one that waits already keeps its place
            }
            drain.wake();
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                requested.accumulateAndGet(n, Operators::addCap);
                drain.wake();
            }
        }

        @Override
        public void cancel() {
            silent = true;
            result.cancel();
        }

        private void end(@Nullable Throwable error) {
            synchronized (newest) {
                ended = true;
                failure = error;
            }
            drain.wake();
        }

        private void deliver() {
            while (!silent && !endIsDue() && requested.get() > 0) {
                Optional<T> step = take();
                if (step.isEmpty()) {
                    return;
                }
                actual.onNext(step.get());
                if (requested.get() != Long.MAX_VALUE) {
                    requested.decrementAndGet();
                }
            }
        }

        private Optional<T> take() {
            synchronized (newest) {
                Iterator<T> steps = newest.values().iterator();
                if (!steps.hasNext()) {
                    return Optional.empty();
                }
                T step = steps.next();
                steps.remove();
                return Optional.of(step);
            }
        }

        /** The end needs no demand. */
        private boolean endIsDue() {
            Throwable error;
            synchronized (newest) {
                if (!ended || !newest.isEmpty()) {
                    return false;
                }
                error = failure;
            }
            silent = true;
            if (error == null) {
                actual.onComplete();
            } else {
                actual.onError(error);
            }
            return true;
        }

        /** Takes the result of the work. */
        private final class Result implements CoreSubscriber<T> {
            private final Operators.DeferredSubscription upstream = new Operators.DeferredSubscription();

            @Override
            public Context currentContext() {
                return actual.currentContext();
            }

            @Override
            public void onSubscribe(Subscription subscription) {
                upstream.set(subscription);
                upstream.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(T value) {
                synchronized (newest) {
                    ended = true; // before the value: no step may come behind it
                    newest.put(RESULT, value);
                }
                drain.wake();
            }

            @Override
            public void onComplete() {
                end(null);
            }

            @Override
            public void onError(Throwable error) {
                // A server that closes with the engine takes its callers away while the engine tells them: no fault.
                if (silent && !(error instanceof EngineClosedException)) {
                    Operators.onErrorDropped(error, currentContext());
                }
                end(error);
            }

            void cancel() {
                upstream.cancel();
            }
        }
    }
}
