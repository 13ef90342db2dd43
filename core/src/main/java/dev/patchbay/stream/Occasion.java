package dev.patchbay.stream;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * Something that happens once and that many wait for, most of whom leave before. Completes when it happens; at once for who
 * comes later. <b>Hot.</b> <b>Threads:</b> signals arrive where it happens, or where a late one subscribes.
 *
 * <p>Coming and leaving takes the same time however many wait; {@code Sinks.empty()} copies the list of all (Reactor 3.8).
 */
public final class Occasion extends Mono<Void> {
    private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();
    private volatile boolean over;

    /** Tells all who wait, and whoever comes later. More than once is once. */
    public void happen() {
        over = true;
        waiters.forEach(Waiter::tell);
    }

    /** How many wait. */
    public int waiting() {
        return waiters.size();
    }

    @Override
    public void subscribe(CoreSubscriber<? super Void> actual) {
        var waiter = new Waiter(actual);
        actual.onSubscribe(waiter);
        waiters.add(waiter);
        // In this order: who is not seen by the one who tells all sees that it is over.
        if (over) {
            waiter.tell();
        } else if (waiter.left.get()) {
            waiters.remove(waiter); // it left before it was put in
        }
    }

    private final class Waiter implements Subscription {
        private final CoreSubscriber<? super Void> actual;
        private final AtomicBoolean left = new AtomicBoolean();

        Waiter(CoreSubscriber<? super Void> actual) {
            this.actual = actual;
        }

        void tell() {
            if (leave()) {
                actual.onComplete();
            }
        }

        private boolean leave() {
            boolean first = left.compareAndSet(false, true);
            waiters.remove(this);
            return first;
        }

        @Override
        public void request(long n) {} // there is nothing to ask for

        @Override
        public void cancel() {
            boolean _ = leave(); // a second time means nothing
        }
    }
}
