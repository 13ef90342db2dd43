package dev.patchbay.stream;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * Something that happens once and that many wait for, most of whom leave before. Completes when it happens; at once for who
 * comes later. <b>Hot.</b> <b>Threads:</b> signals arrive where it happens, or where a late one comes.
 *
 * <p>Coming and leaving takes the same time however many wait; {@code Sinks.empty()} copies the list of all (Reactor 3.8).
 */
public final class Occasion extends Mono<Void> {
    private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();
    private volatile boolean over;

    /** Who waits for it. One is the same as another only if it is equal to it. */
    @FunctionalInterface
    public interface Waiter {
        /** Hears that it has happened. Must be quick, and not throw. */
        void happened();
    }

    /** Tells all who wait, and whoever comes later. More than once is once. */
    public void happen() {
        over = true;
        waiters.forEach(this::tell);
    }

    /** Has somebody wait, who is told once, at once if it has happened, unless {@link #leave} comes before. */
    public void await(Waiter waiter) {
        waiters.add(waiter);
        // In this order: who is not seen by the one who tells all sees that it is over.
        if (over) {
            tell(waiter);
        }
    }

    /** Has somebody wait no more. */
    public void leave(Waiter waiter) {
        waiters.remove(waiter);
    }

    private void tell(Waiter waiter) {
        if (waiters.remove(waiter)) {
            waiter.happened();
        }
    }

    /** How many wait. */
    public int waiting() {
        return waiters.size();
    }

    @Override
    public void subscribe(CoreSubscriber<? super Void> actual) {
        var listener = new Listener(actual);
        actual.onSubscribe(listener);
        await(listener);
        if (listener.left) {
            leave(listener); // it left before it was put in
        }
    }

    private final class Listener implements Subscription, Waiter {
        private final CoreSubscriber<? super Void> actual;
        private volatile boolean left;

        Listener(CoreSubscriber<? super Void> actual) {
            this.actual = actual;
        }

        @Override
        public void happened() {
            if (!left) {
                actual.onComplete();
            }
        }

        @Override
        public void request(long n) {} // there is nothing to ask for

        @Override
        public void cancel() {
            left = true;
            leave(this);
        }
    }
}
