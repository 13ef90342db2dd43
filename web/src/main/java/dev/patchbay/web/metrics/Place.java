package dev.patchbay.web.metrics;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * One of the places for readers, taken before there is an answer. If there is one that is never sent, because the client went
 * away or something else was answered, the place is given back all the same, after a while. All methods from any thread.
 */
final class Place {
    private enum State {
        TAKEN, READING, LEFT
    }

    private final AtomicInteger readers;
    private final AtomicReference<State> state = new AtomicReference<>(State.TAKEN);
    private final Disposable.Swap expiry = Disposables.swap();

    private Place(AtomicInteger readers) {
        this.readers = readers;
    }

    /** Takes one, unless as many as {@code most} are taken. */
    static Optional<Place> take(AtomicInteger readers, int most) {
        if (readers.incrementAndGet() > most) {
            readers.decrementAndGet();
            return Optional.empty();
        }
        return Optional.of(new Place(readers));
    }

    /** There is an answer: if nobody has begun to read it by then, nobody will. */
    void expireAfter(Duration limit, Scheduler timers) {
        expiry.update(timers.schedule(this::expire, limit.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Begins to read. @return whether the place is still there */
    boolean begin() {
        expiry.dispose();
        return state.compareAndSet(State.TAKEN, State.READING);
    }

    private void expire() {
        if (state.compareAndSet(State.TAKEN, State.LEFT)) {
            readers.decrementAndGet();
        }
    }

    /** Gives it back, once. */
    void leave() {
        expiry.dispose();
        if (state.getAndSet(State.LEFT) != State.LEFT) {
            readers.decrementAndGet();
        }
    }
}
