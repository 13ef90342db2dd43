package dev.patchbay.engine;

import dev.patchbay.metrics.Timing;
import dev.patchbay.stream.Drain;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.concurrent.Queues;

/**
 * The way into the state thread: many producers, one subscriber, delivered on one worker.
 *
 * <p>Two lanes. What users <b>ask</b> is bounded: {@link #offer} refuses when {@code capacity} letters wait. What takes such
 * a letter back {@link #follow follows} it in the same lane and is not refused: beside {@code capacity} letters there are
 * never more of these than uses that were asked for and are not over. What is
 * <b>reported</b> is never refused, or the engine would lose an exit; its number is bounded by the effects in flight and
 * the timers set, of which each plugin has a few. Reports go first: they free plugins that others wait for.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>one thread at a time delivers, in a {@link Drain}, so that no letter that was put in is left behind;
 *   <li>the subscriber is called from the worker only, and never with more than it requested;
 *   <li>{@code waiting} counts the letters in the bounded lane; it is raised before the letter is put in, so it is never
 *       below the lane's size.
 * </ol>
 */
final class Mailbox extends Flux<Letter> implements Subscription {
    private final int capacity;
    private final Scheduler.Worker worker;
    private final Queue<Posted> asked = Queues.<Posted>unboundedMultiproducer().get();
    private final Queue<Letter> reported = Queues.<Letter>unboundedMultiproducer().get();
    private final Timing waits = new Timing();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Drain drain;
    private final AtomicLong requested = new AtomicLong();
    private final AtomicReference<@Nullable CoreSubscriber<? super Letter>> subscriber = new AtomicReference<>();
    private volatile boolean cancelled;

    /** What was asked, and when. */
    private record Posted(Letter letter, long nanos) {
        Posted(Letter letter) {
            this(letter, System.nanoTime());
        }
    }

    Mailbox(int capacity, Scheduler stateThread) {
        this.capacity = capacity;
        this.worker = stateThread.createWorker();
        this.drain = new Drain(worker::schedule, this::deliver);
    }

    /** Puts in what a user asks. False, and nothing happened, if as many as fit are waiting already. */
    boolean offer(Letter letter) {
        if (!isLetIn()) {
            return false;
        }
        asked.add(new Posted(letter));
        wake();
        return true;
    }

    /** Never raises above the capacity, not even for a moment, in which another would be refused though there is room again. */
    private boolean isLetIn() {
        int now = waiting.get();
        while (now < capacity) {
            int found = waiting.compareAndExchange(now, now + 1);
            if (found == now) {
                return true;
            }
            now = found;
        }
        return false;
    }

    /** Puts in news, which is never refused. */
    void report(Letter letter) {
        reported.add(letter);
        wake();
    }

    /**
     * Puts in what takes something back that was let in before: behind that, so that it cannot come too early, and never
     * refused, or it would never be taken back. Once at most for each letter that was let in; for one that is answered with a
     * refusal only if it was taken back before that was heard.
     */
    void follow(Letter letter) {
        waiting.incrementAndGet();
        asked.add(new Posted(letter));
        wake();
    }

    /** How many letters wait in the bounded lane. */
    int depth() {
        return Math.min(waiting.get(), capacity);
    }

    /** How long letters have waited in the bounded lane. */
    Timing waits() {
        return waits;
    }

    int capacity() {
        return capacity;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Letter> actual) {
        if (!subscriber.compareAndSet(null, actual)) {
            Operators.error(actual, new IllegalStateException("a mailbox has one subscriber"));
            return;
        }
        actual.onSubscribe(this);
        wake();
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            requested.accumulateAndGet(n, Operators::addCap);
            wake();
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        worker.dispose();
    }

    private void wake() {
        if (cancelled) {
            return;
        }
        try {
            drain.wake();
        } catch (RejectedExecutionException e) {
            if (!cancelled) { // which is said before the worker goes: what was just put in is nobody's any more
                throw e;
            }
        }
    }

    private void deliver() {
        var actual = subscriber.get();
        if (actual == null) {
            return;
        }
        long demand = requested.get();
        long delivered = 0;
        while (delivered < demand && !cancelled) {
            Letter letter = take();
            if (letter == null) {
                break;
            }
            actual.onNext(letter);
            delivered++;
        }
        if (delivered != 0 && demand != Long.MAX_VALUE) {
            requested.addAndGet(-delivered);
        }
    }

    private @Nullable Letter take() {
        Letter news = reported.poll();
        if (news != null) {
            return news;
        }
        Posted ask = asked.poll();
        if (ask == null) {
            return null;
        }
        waiting.decrementAndGet();
        waits.add(System.nanoTime() - ask.nanos());
        return ask.letter();
    }
}
